/** What comes between lvsctl and a host, the person at the terminal, and another run. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { cutManagement, killSessions, stopLogins, UNTIL_ROLLED_BACK } from "../helpers/faults.ts";
import { isLongRun } from "../helpers/long-run.ts";
import { FOREVER, ON_ADDRESS, ON_REMOVAL, ON_SERVICE, TwoVersions } from "../helpers/two-versions.ts";

/**
 * How much longer than the confirm timeout it takes until lvsctl gives a host up: it notices after half a minute, tries for
 * 45 seconds more than the timeout (src/transaction/run.ts), and may then be in an attempt that takes a minute.
 */
const GIVEN_UP_SECONDS = 30 + 45 + 60;
const HOST_AND_LVSCTL = "the host's timer, and lvsctl elsewhere";

let versions: TwoVersions;

beforeAll(async () => {
  versions = await TwoVersions.up("e2e-faults-ways");
});
afterAll(() => versions?.faults.down());
beforeEach(() => versions.ensureFirst());
afterEach(() => versions.expectOthersServed());

describe("the way to a host", () => {
  it("breaks because the session's sshd is killed: lvsctl logs in again and rolls everything back", async () => {
    await versions.strike(ON_ADDRESS, { before: killSessions });
    const end = await versions.toSecond();
    await versions.expectEnd(end, 5, "before", { fault: "the session's sshd is killed", by: "lvsctl" });
  });

  it("breaks for a while, and is healed in time: the run goes on", async () => {
    const cut = Math.floor(versions.faults.confirmSeconds * 0.4);
    await versions.strike(ON_ADDRESS, { before: cutManagement(cut, "iptables") });
    const fault = "the management link is cut by iptables, healed before the timeout";
    await versions.expectEnd(await versions.toSecond(), 0, "after", { fault, by: "lvsctl" });
  });

  it.each(isLongRun ? (["iptables", "netem"] as const) : (["iptables"] as const))(
    "breaks for longer than the timeout (%s): the host has rolled everything back by itself",
    async (tool) => {
      await versions.strike(ON_ADDRESS, { before: cutManagement(UNTIL_ROLLED_BACK, tool) });
      const fault = `the management link is cut by ${tool}, healed after the timeout`;
      await versions.expectEnd(await versions.toSecond(), 5, "before", { fault, by: HOST_AND_LVSCTL });
    },
  );

  if (isLongRun) {
    it("breaks because sshd is gone for longer than the timeout: the host has rolled everything back by itself", async () => {
      await versions.strike(ON_ADDRESS, { before: stopLogins(UNTIL_ROLLED_BACK) });
      const fault = "the host's sshd is gone for longer than the timeout";
      await versions.expectEnd(await versions.toSecond(), 5, "before", { fault, by: HOST_AND_LVSCTL });
    });

    it("breaks for good: lvsctl says what it is left to", async () => {
      const cut = versions.faults.confirmSeconds + GIVEN_UP_SECONDS + versions.faults.lab.seconds(20);
      await versions.strike(ON_ADDRESS, { before: cutManagement(cut, "iptables") });
      const end = await versions.toSecond();
      expect(end.output).toMatch(/LVS-LOCK-006[\s\S]*rs1\s+has\s+not\s+answered/);
      await versions.faults.reachable("rs1");
      const fault = "the management link is cut by iptables, healed when lvsctl has given up";
      await versions.expectEnd(end, 1, "before", { fault, by: HOST_AND_LVSCTL });
    });
  }
});

describe("a person", () => {
  it("interrupts once: everything is rolled back in order", async () => {
    const end = await versions.toSecond({ signal: "SIGINT", atLine: 4 });
    expect(end.output).toContain("Interrupted");
    await versions.expectEnd(end, 130, "before", { fault: "one interrupt", by: "lvsctl" });
  });

  it("interrupts twice: it is left to the timers, and said so", async () => {
    await versions.strike(ON_SERVICE, { before: `sleep ${versions.faults.lab.seconds(5)}` });
    const end = await versions.toSecond({
      signal: "SIGINT",
      atText: /^❯ .*virtual services/m,
      again: /^Interrupted: /m,
    });
    expect(end.output).toMatch(/Leaving it to the hosts/);
    await versions.expectEnd(end, 130, "before", { fault: "two interrupts", by: "the hosts' timers" });
  });

  /** Nobody waits for this limit. */
  const pending = ["--no-confirm", "--confirm-timeout", "36000"];

  it.each([
    ["confirms", "confirm", "after"],
    ["rolls back", "rollback", "before"],
  ] as const)("leaves the run pending, and %s it", async (_what, command, ended) => {
    const end = await versions.toSecond({ flags: pending });
    expect(end.output).toMatch(/lvsctl\s+confirm\s[^;,]*\skeeps\s+it/);
    const name = versions.faults.lab.name;
    const asked = await versions.faults.lab.lvsctl("plan", "--lab", versions.second);
    expect(asked.stderr).toMatch(new RegExp(`LVS-LOCK-001[\\s\\S]*apply\\s+of\\s+${name}\\s+by\\s`));
    const { status, output } = await versions.faults.run(command, { file: versions.second });
    expect(status, output).toBe(0);
    const fault = `apply --no-confirm, then ${command}`;
    await versions.expectEnd(end, 0, ended, { fault, by: `lvsctl ${command}` });
  });

  if (isLongRun) {
    it("leaves the run pending, and forgets it", async () => {
      const end = await versions.toSecond({ flags: ["--no-confirm"] });
      await versions.expectEnd(end, 0, "before", {
        fault: "apply --no-confirm, then nothing",
        by: "the hosts' timers",
      });
      const late = await versions.faults.run("confirm", { file: versions.second });
      expect(late.output).toContain("LVS-LOCK-007");
    });
  }
});

describe("two runs at once", () => {
  it("the second one exits with 6 and says whose the first is; or waits", async () => {
    const name = versions.faults.lab.name;
    await versions.hold(ON_SERVICE);
    const first = versions.toSecond({ flags: FOREVER });
    await versions.held(ON_SERVICE);
    const again = { file: versions.second, flags: ["--no-verify"] };
    const refused = await versions.faults.run("apply", again);
    expect(refused.status).toBe(6);
    expect(refused.output).toMatch(
      new RegExp(`apply\\s+of\\s+${name}\\s+by\\s+\\S+@\\S+\\s+\\(process\\s+\\d+\\),\\s+since`),
    );
    const waiting = versions.faults.run("apply", { ...again, flags: [...again.flags, "--lock-timeout", "3600"] });
    await versions.release(ON_SERVICE);
    const waited = await waiting;
    expect(waited.status, waited.output).toBe(0);
    const by = "lvsctl; the second exits with 6, or waits";
    await versions.expectEnd(await first, 0, "after", { fault: "a second apply", by });
  });

  if (isLongRun) {
    it("an apply does not get between a destroy", async () => {
      await versions.hold(ON_REMOVAL);
      const first = versions.begin("destroy", FOREVER);
      await versions.held(ON_REMOVAL);
      const refused = await versions.faults.run("apply", { file: versions.second, flags: ["--no-verify"] });
      expect(refused.status).toBe(6);
      expect(refused.output).toMatch(new RegExp(`destroy\\s+of\\s+${versions.faults.lab.name}\\s+by\\s`));
      await versions.release(ON_REMOVAL);
      expect((await first).status).toBe(0);
      await versions.made(versions.first);
    });
  }
});
