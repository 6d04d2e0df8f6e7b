/**
 * Faults, as groups of tests that a test file chooses from: the same on hosts without an init, with systemd and with OpenRC. Each
 * ends in a check of every host.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { HOSTS } from "./fault-lab.ts";
import {
  cutManagement,
  diskOf,
  emptyRun,
  fillRun,
  jumpClocks,
  killSessions,
  killSshd,
  smallRun,
  stopLogins,
  UNTIL_ROLLED_BACK,
  wholeRun,
} from "./faults.ts";
import { isLongRun } from "./long-run.ts";
import type { Init } from "./reboot.ts";
import { FOREVER, ON_ADDRESS, ON_REMOVAL, ON_SERVICE, TwoVersions } from "./two-versions.ts";

/** How long lvsctl waits for a silent host before it logs in again, and rolls back: three times ServerAliveInterval. */
const GIVES_UP_SECONDS = 30;

/**
 * How much longer than the confirm timeout it takes until lvsctl gives a host up: it notices after half a minute, tries for
 * 45 seconds more than the timeout (src/transaction/run.ts), and may then be in an attempt that takes a minute.
 */
const GIVEN_UP_SECONDS = GIVES_UP_SECONDS + 45 + 60;
const HOST_AND_LVSCTL = "the host's timer, and lvsctl elsewhere";

/** The lab, once it is up. */
type Versions = () => TwoVersions;

/** Tests these groups of faults in a lab of this name. `init`: PID 1 of its hosts, if it is not sshd. */
export function describeFaults(
  { name, init }: { readonly name: string; readonly init?: Init },
  ...groups: readonly ((versions: Versions) => void)[]
): void {
  let versions: TwoVersions;

  beforeAll(async () => {
    versions = await TwoVersions.up(name, init);
  });
  afterAll(() => versions?.faults.down());
  beforeEach(() => versions.ensureFirst());
  afterEach(() => versions.expectOthersServed());

  for (const group of groups) group(() => versions);
}

/** A command of a host misbehaves. */
export function commandFaults(versions: Versions): void {
  describe("a command on a host", () => {
    it("fails: everything is rolled back everywhere", async () => {
      await versions().strike(ON_SERVICE, "fail");
      const end = await versions().toSecond();
      expect(end.output).toContain("out of order");
      await versions().expectEnd(end, 5, "before", { fault: "a command fails", by: "lvsctl" });
    });

    it("hangs: its time runs out, and everything is rolled back everywhere", async () => {
      await versions().strike(ON_SERVICE, "hang");
      const end = await versions().toSecond({ flags: ["--step-timeout", String(versions().faults.stepSeconds)] });
      await versions().expectEnd(end, 5, "before", { fault: "a command hangs", by: "lvsctl" });
    });

    it("prints garbage and does nothing: --atomic notices, and everything is rolled back", async () => {
      await versions().strike(ON_ADDRESS, "garbage");
      const end = await versions().toSecond({ flags: ["--atomic"] });
      expect(end.output).toMatch(/10\.9\.0\.101.*missing/);
      const fault = "a command prints garbage and does nothing (--atomic)";
      await versions().expectEnd(end, 5, "before", { fault, by: "lvsctl" });
    });
  });
}

/** A host's disk is full or read-only. */
export function diskFaults(versions: Versions): void {
  describe("a host's disk", () => {
    it.each([
      ["is full", "fill", "empty"],
      ["is read-only", "freeze", "thaw"],
    ] as const)("%s: nothing is begun", async (what, spoil, mend) => {
      const { faults } = versions();
      const disk = diskOf(faults.init);
      await faults.lab.on("rs1", `${disk.small}\n${disk[spoil]}`);
      const end = await versions().toSecond();
      await faults.lab.on("rs1", `${disk[mend]}\n${disk.whole}`);
      expect(end.output).toContain("LVS-LOCK-004");
      await versions().expectEnd(end, 5, "before", { fault: `${disk.name} ${what}`, by: "lvsctl: nothing was begun" });
    });

    it("gets full in the middle: everything is rolled back without free space", async () => {
      const { faults } = versions();
      const disk = diskOf(faults.init);
      await faults.lab.on("rs1", disk.small);
      await versions().strike(ON_ADDRESS, { before: disk.fill });
      const end = await versions().toSecond();
      await faults.lab.on("rs1", `${disk.empty}\n${disk.whole}`);
      const fault = `${disk.name} gets full in the middle of a stage`;
      await versions().expectEnd(end, 5, "before", { fault, by: "lvsctl" });
    });
  });
}

/** A host's /run is full. */
export function runFaults(versions: Versions): void {
  describe("a host's /run", () => {
    it("is full: nothing is begun", async () => {
      const { lab } = versions().faults;
      await lab.on("rs1", `${smallRun}\n${fillRun}`);
      const end = await versions().toSecond();
      await lab.on("rs1", `${emptyRun}\n${wholeRun}`);
      expect(end.output).toContain("LVS-LOCK-004");
      await versions().expectEnd(end, 5, "before", { fault: "/run is full", by: "lvsctl: nothing was begun" });
    });

    it("gets full in the middle, and a command fails: everything is rolled back without free space", async () => {
      const { lab } = versions().faults;
      await lab.on("rs1", smallRun);
      await versions().strike(ON_ADDRESS, { before: `${fillRun}\necho out of order >&2\nexit 1` });
      const end = await versions().toSecond();
      await lab.on("rs1", `${emptyRun}\n${wholeRun}`);
      expect(end.output).toContain("out of order");
      const fault = "/run gets full in the middle of a stage, and a command fails";
      await versions().expectEnd(end, 5, "before", { fault, by: "lvsctl" });
    });

    it("gets full in the middle: only a unit of systemd's would need more space there", async () => {
      const { lab, init } = versions().faults;
      const [status, ended] = init === "systemd" ? ([5, "before"] as const) : ([0, "after"] as const);
      await lab.on("rs1", smallRun);
      await versions().strike(ON_ADDRESS, { before: fillRun });
      const end = await versions().toSecond();
      await lab.on("rs1", `${emptyRun}\n${wholeRun}`);
      await versions().expectEnd(end, status, ended, {
        fault: "/run gets full in the middle of a stage",
        by: "lvsctl",
      });
    });
  });
}

/** The hosts' clock jumps. */
export function clockFaults(versions: Versions): void {
  describe.each(isLongRun ? [86_400, -86_400] : [-86_400])("a clock that jumps by %i s", (seconds) => {
    const jump = `the hosts' clock jumps by ${seconds / 86_400} day`;

    it("does not make the timers fire", async () => {
      const run = versions().toSecond();
      await versions().faults.begun("dr");
      await jumpClocks(versions().faults.lab, seconds);
      await versions().expectEnd(await run, 0, "after", { fault: jump, by: "lvsctl" });
    });

    it("does not keep them from firing", async () => {
      const killed = versions().toSecond({ signal: "SIGKILL", atLine: 6 });
      await versions().faults.begun("dr");
      await jumpClocks(versions().faults.lab, seconds);
      const fault = `${jump}, and lvsctl is killed`;
      await versions().expectEnd(await killed, undefined, "before", { fault, by: "the hosts' timers" });
    });
  });
}

/** Nobody is left who could roll a run back. */
export function timerFaults(versions: Versions): void {
  describe("lvsctl", () => {
    it("is killed, and so are the hosts' timers: the next run takes it over", async () => {
      const end = await versions().toSecond({ signal: "SIGKILL", atLine: 6 });
      for (const host of HOSTS) await versions().faults.lab.on(host, "pkill -9 -f 'transaction.s[h] watch' || :");
      await versions().faults.lab.on("dr", `sleep ${versions().faults.confirmSeconds + 1}`);
      expect((await versions().faults.lab.do("plan")).stderr).toMatch(/LVS-LOCK-003/);
      await versions().made(versions().first);
      const fault = "lvsctl and the hosts' timers are killed";
      await versions().expectEnd(end, undefined, "before", { fault, by: "the next apply" });
    });
  });
}

/** What comes between lvsctl and a host. */
export function wayFaults(versions: Versions): void {
  describe("the way to a host", () => {
    it("breaks because the session's sshd is killed: lvsctl logs in again and rolls everything back", async () => {
      await versions().strike(ON_ADDRESS, { before: killSessions });
      const end = await versions().toSecond();
      await versions().expectEnd(end, 5, "before", { fault: "the session's sshd is killed", by: "lvsctl" });
    });

    it("breaks for a while, and is healed in time: the run goes on", async () => {
      const cut = Math.min(Math.floor(versions().faults.confirmSeconds * 0.4), GIVES_UP_SECONDS - 10);
      await versions().strike(ON_ADDRESS, { before: cutManagement(cut, "iptables") });
      const fault = "the management link is cut by iptables, healed before the timeout";
      await versions().expectEnd(await versions().toSecond(), 0, "after", { fault, by: "lvsctl" });
    });

    it.each(isLongRun ? (["iptables", "netem"] as const) : (["iptables"] as const))(
      "breaks for longer than the timeout (%s): the host has rolled everything back by itself",
      async (tool) => {
        await versions().strike(ON_ADDRESS, { before: cutManagement(UNTIL_ROLLED_BACK, tool) });
        const fault = `the management link is cut by ${tool}, healed after the timeout`;
        await versions().expectEnd(await versions().toSecond(), 5, "before", { fault, by: HOST_AND_LVSCTL });
      },
    );

    if (isLongRun) {
      it("breaks because sshd is gone for longer than the timeout: the host has rolled everything back by itself", async () => {
        await versions().strike(ON_ADDRESS, { before: stopLogins(UNTIL_ROLLED_BACK, versions().faults.init) });
        const fault = "the host's sshd is gone for longer than the timeout";
        await versions().expectEnd(await versions().toSecond(), 5, "before", { fault, by: HOST_AND_LVSCTL });
      });

      it("breaks for good: lvsctl says what it is left to", async () => {
        const cut = versions().faults.confirmSeconds + GIVEN_UP_SECONDS + versions().faults.lab.seconds(20);
        await versions().strike(ON_ADDRESS, { before: cutManagement(cut, "iptables") });
        const end = await versions().toSecond();
        expect(end.output).toMatch(/LVS-LOCK-006[\s\S]*rs1\s+has\s+not\s+answered/);
        await versions().faults.reachable("rs1");
        const fault = "the management link is cut by iptables, healed when lvsctl has given up";
        await versions().expectEnd(end, 1, "before", { fault, by: HOST_AND_LVSCTL });
      });
    }
  });
}

/** The sshd of a host is killed. */
export function sshdFaults(versions: Versions): void {
  describe("sshd", () => {
    it("is killed, and systemd starts it again: lvsctl logs in again and rolls everything back", async () => {
      await versions().strike(ON_ADDRESS, { before: killSshd });
      const end = await versions().toSecond();
      await versions().expectEnd(end, 5, "before", {
        fault: "sshd is killed, and systemd starts it again",
        by: "lvsctl",
      });
    });
  });
}

/** What the person at the terminal does. */
export function personFaults(versions: Versions): void {
  describe("a person", () => {
    it("interrupts once: everything is rolled back in order", async () => {
      const end = await versions().toSecond({ signal: "SIGINT", atLine: 4 });
      expect(end.output).toContain("Interrupted");
      await versions().expectEnd(end, 130, "before", { fault: "one interrupt", by: "lvsctl" });
    });

    it("interrupts twice: it is left to the timers, and said so", async () => {
      await versions().strike(ON_SERVICE, { before: `sleep ${versions().faults.lab.seconds(5)}` });
      const end = await versions().toSecond({
        signal: "SIGINT",
        atText: /^❯ .*virtual services/m,
        again: /^Interrupted: /m,
      });
      expect(end.output).toMatch(/Leaving it to the hosts/);
      await versions().expectEnd(end, 130, "before", { fault: "two interrupts", by: "the hosts' timers" });
    });

    /** Nobody waits for this limit. */
    const pending = ["--no-confirm", "--confirm-timeout", "36000"];

    it.each([
      ["confirms", "confirm", "after"],
      ["rolls back", "rollback", "before"],
    ] as const)("leaves the run pending, and %s it", async (_what, command, ended) => {
      const end = await versions().toSecond({ flags: pending });
      expect(end.output).toMatch(/lvsctl\s+confirm\s[^;,]*\skeeps\s+it/);
      const name = versions().faults.lab.name;
      const asked = await versions().faults.lab.lvsctl("plan", "--lab", versions().second);
      expect(asked.stderr).toMatch(new RegExp(`LVS-LOCK-001[\\s\\S]*apply\\s+of\\s+${name}\\s+by\\s`));
      const { status, output } = await versions().faults.run(command, { file: versions().second });
      expect(status, output).toBe(0);
      const fault = `apply --no-confirm, then ${command}`;
      await versions().expectEnd(end, 0, ended, { fault, by: `lvsctl ${command}` });
    });

    if (isLongRun) {
      it("leaves the run pending, and forgets it", async () => {
        const end = await versions().toSecond({ flags: ["--no-confirm"] });
        await versions().expectEnd(end, 0, "before", {
          fault: "apply --no-confirm, then nothing",
          by: "the hosts' timers",
        });
        const late = await versions().faults.run("confirm", { file: versions().second });
        expect(late.output).toContain("LVS-LOCK-007");
      });
    }
  });
}

/** Another run begins. */
export function secondRunFaults(versions: Versions): void {
  describe("two runs at once", () => {
    it("the second one exits with 6 and says whose the first is; or waits", async () => {
      const name = versions().faults.lab.name;
      await versions().hold(ON_SERVICE);
      const first = versions().toSecond({ flags: FOREVER });
      await versions().held(ON_SERVICE);
      const again = { file: versions().second, flags: ["--no-verify"] };
      const refused = await versions().faults.run("apply", again);
      expect(refused.status).toBe(6);
      expect(refused.output).toMatch(
        new RegExp(`apply\\s+of\\s+${name}\\s+by\\s+\\S+@\\S+\\s+\\(process\\s+\\d+\\),\\s+since`),
      );
      const waiting = versions().faults.run("apply", { ...again, flags: [...again.flags, "--lock-timeout", "3600"] });
      await versions().release(ON_SERVICE);
      const waited = await waiting;
      expect(waited.status, waited.output).toBe(0);
      const by = "lvsctl; the second exits with 6, or waits";
      await versions().expectEnd(await first, 0, "after", { fault: "a second apply", by });
    });

    if (isLongRun) {
      it("an apply does not get between a destroy", async () => {
        await versions().hold(ON_REMOVAL);
        const first = versions().begin("destroy", FOREVER);
        await versions().held(ON_REMOVAL);
        const refused = await versions().faults.run("apply", { file: versions().second, flags: ["--no-verify"] });
        expect(refused.status).toBe(6);
        expect(refused.output).toMatch(new RegExp(`destroy\\s+of\\s+${versions().faults.lab.name}\\s+by\\s`));
        await versions().release(ON_REMOVAL);
        expect((await first).status).toBe(0);
        await versions().made(versions().first);
      });
    }
  });
}
