import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { FaultLab, HOSTS, type RunEnd, type RunOptions, topologyText } from "../helpers/fault-lab.ts";
import {
  cutManagement,
  emptyDisk,
  fillDisk,
  freezeDisk,
  jumpClocks,
  killSessions,
  smallDisk,
  stopLogins,
  thawDisk,
  unwrap,
  wholeDisk,
  wrap,
} from "../helpers/faults.ts";
import { isLongRun } from "../helpers/long-run.ts";

const NAME = "e2e-faults";
const STATES = { before: "first", after: "second" };

/** In the middle of a stage: when the second VIP is to be added to the real server. */
const ON_ADDRESS = { host: "rs1", program: "ip", words: "add 10.9.0.101" };
/** In a later stage: when the second service is made. */
const ON_SERVICE = { host: "dr", program: "ipvsadm", words: "-A -t 10.9.0.101" };

let faults: FaultLab;
let second: string;
/** Whether the hosts are known to be as the first version of the topology says. */
let isFirst = true;

beforeAll(async () => {
  faults = await FaultLab.up(NAME);
  second = faults.lab.variant("second.yaml", () => topologyText(NAME, { weight: 7, second: true }));
  await made(faults.lab.file);
  await faults.know("first");
  await made(second);
  await faults.know("second");
  await made(faults.lab.file);
  expect(await faults.statesOf(["first"])).toEqual(HOSTS.map(() => "first"));
}, 240_000);

afterAll(async () => {
  await faults?.down();
});

afterEach(async () => {
  const calm = `${unwrap("ip")}\n${unwrap("ipvsadm")}\nrm -f /root/struck`;
  await Promise.all(HOSTS.map((host) => faults.lab.on(host, calm)));
  if (!isFirst) await made(faults.lab.file);
  isFirst = true;
});

describe("a command on a host", () => {
  it("fails: everything is taken back everywhere", async () => {
    await strike(ON_SERVICE, "fail");
    const end = await toSecond();
    expect(end.output).toContain("out of order");
    await expectEnd(end, 5, "before", { fault: "a command fails", by: "lvsctl" });
  });

  if (isLongRun) {
    it("hangs: its time runs out, and everything is taken back everywhere", async () => {
      await strike(ON_SERVICE, "hang");
      const end = await toSecond({ flags: ["--step-timeout", "6"] });
      await expectEnd(end, 5, "before", { fault: "a command hangs", by: "lvsctl" });
    });
  }

  if (isLongRun) {
    it("prints garbage and does nothing: --atomic notices, and everything is taken back", async () => {
      await strike(ON_ADDRESS, "garbage");
      const end = await toSecond({ flags: ["--atomic"] });
      expect(end.output).toMatch(/10\.9\.0\.101.*missing/);
      await expectEnd(end, 5, "before", {
        fault: "a command prints garbage and does nothing (--atomic)",
        by: "lvsctl",
      });
    });
  }
});

describe("the way to a host", () => {
  it("breaks because the session's sshd is killed: lvsctl comes back and takes everything back", async () => {
    await strike(ON_ADDRESS, { before: `${killSessions}\nsleep 1` });
    await expectEnd(await toSecond(), 5, "before", { fault: "the session's sshd is killed", by: "lvsctl" });
  });

  it("breaks for a while, and is healed in time: the run goes on", async () => {
    await strike(ON_ADDRESS, { before: cutManagement(4, "iptables") });
    const fault = "the management link is cut by iptables, healed before the timeout";
    await expectEnd(await toSecond(), 0, "after", { fault, by: "lvsctl" });
  });

  it.each(isLongRun ? (["iptables", "netem"] as const) : (["iptables"] as const))(
    "breaks for longer than the timeout (%s): the host has taken everything back by itself",
    async (tool) => {
      await strike(ON_ADDRESS, { before: cutManagement(30, tool) });
      const fault = `the management link is cut by ${tool}, healed after the timeout`;
      await expectEnd(await toSecond(), 5, "before", { fault, by: "the host's timer, and lvsctl elsewhere" });
    },
  );

  if (isLongRun) {
    it("breaks because sshd is gone for longer than the timeout: the host has taken everything back by itself", async () => {
      await strike(ON_ADDRESS, { before: stopLogins(30) });
      const fault = "the host's sshd is gone for longer than the timeout";
      await expectEnd(await toSecond(), 5, "before", { fault, by: "the host's timer, and lvsctl elsewhere" });
    });
  }

  if (isLongRun) {
    it("breaks for good: lvsctl says what it is left to", async () => {
      await strike(ON_ADDRESS, { before: cutManagement(110, "iptables") });
      const end = await toSecond();
      expect(end.output).toMatch(/LVS-LOCK-006[\s\S]*rs1\s+could\s+not\s+be\s+reached\s+again/);
      await faults.reachable("rs1", 60);
      const fault = "the management link is cut by iptables, healed when lvsctl has given up";
      await expectEnd(end, 1, "before", { fault, by: "the host's timer, and lvsctl elsewhere" });
    });
  }
});

describe("a host's disk and clock", () => {
  it.each([
    ["is full", fillDisk, emptyDisk],
    ["is read-only", freezeDisk, thawDisk],
  ])("a disk that %s: nothing is begun", async (what, spoil, mend) => {
    await faults.lab.on("rs1", `${smallDisk}\n${spoil}`);
    const end = await toSecond();
    await faults.lab.on("rs1", `${mend}\n${wholeDisk}`);
    expect(end.output).toContain("LVS-LOCK-004");
    await expectEnd(end, 5, "before", { fault: `/var/lib ${what}`, by: "lvsctl: nothing was begun" });
  });

  it("a disk that gets full in the middle: everything is taken back without room", async () => {
    await faults.lab.on("rs1", smallDisk);
    await strike(ON_ADDRESS, { before: fillDisk });
    const end = await toSecond();
    await faults.lab.on("rs1", `${emptyDisk}\n${wholeDisk}`);
    await expectEnd(end, 5, "before", { fault: "/var/lib gets full in the middle of a stage", by: "lvsctl" });
  });

  it.each(isLongRun ? [86_400, -86_400] : [-86_400])(
    "a clock that jumps by %i s: the timer neither fires nor stalls",
    async (seconds) => {
      const jump = `the hosts' clock jumps by ${seconds / 86_400} day`;
      const run = toSecond();
      await faults.begun("dr");
      await jumpClocks(faults.lab, seconds);
      await expectEnd(await run, 0, "after", { fault: jump, by: "lvsctl" });
      await made(faults.lab.file);
      const killed = toSecond({ signal: "SIGKILL", atLine: 6 });
      await faults.begun("dr");
      await jumpClocks(faults.lab, seconds);
      await expectEnd(await killed, undefined, "before", {
        fault: `${jump}, and lvsctl is killed`,
        by: "the hosts' timers",
      });
    },
  );
});

describe("a person", () => {
  it("interrupts once: everything is taken back in order", async () => {
    const end = await toSecond({ signal: "SIGINT", atLine: 4 });
    expect(end.output).toContain("Interrupted");
    await expectEnd(end, 130, "before", { fault: "one interrupt", by: "lvsctl" });
  });

  it("interrupts twice: it is left to the timers, and said so", async () => {
    await strike(ON_SERVICE, { before: "sleep 5" });
    const end = await toSecond({ signal: "SIGINT", atLine: 8, again: 1_000 });
    expect(end.output).toMatch(/Leaving it to the hosts/);
    await expectEnd(end, 130, "before", { fault: "two interrupts", by: "the hosts' timers" });
  });

  it("leaves the run pending, and confirms it, takes it back, or forgets it", async () => {
    const pending = { flags: ["--no-confirm", "--no-verify", "--confirm-timeout", "40"] };
    for (const [command, ended] of [
      ["confirm", "after"],
      ["rollback", "before"],
    ] as const) {
      isFirst = false;
      const end = await faults.run("apply", { file: second, ...pending });
      expect(end.output).toMatch(/lvsctl\s+confirm\s+keeps\s+it/);
      expect((await faults.lab.do("plan")).stderr).toMatch(/LVS-LOCK-001[\s\S]*apply\s+of\s+e2e-faults\s+by\s/);
      const { status, output } = await faults.run(command, { file: second });
      expect(status, output).toBe(0);
      await expectEnd(end, 0, ended, { fault: `apply --no-confirm, then ${command}`, by: `lvsctl ${command}` });
      await made(faults.lab.file);
    }
    const flags = ["--no-confirm", "--no-verify"];
    const end = await faults.run("apply", { file: second, flags });
    await expectEnd(end, 0, "before", { fault: "apply --no-confirm, then nothing", by: "the hosts' timers" });
    expect((await faults.run("confirm", { file: second })).output).toContain("LVS-LOCK-007");
  });
});

describe("two runs at once", () => {
  it("the second one exits with 6 and says whose the first is; or waits", async () => {
    const first = toSecond();
    await faults.begun("dr");
    const refused = await faults.run("apply", { file: second, flags: ["--no-verify"] });
    expect(refused.status).toBe(6);
    expect(refused.output).toMatch(/apply\s+of\s+e2e-faults\s+by\s+\S+@\S+\s+\(process\s+\d+\),\s+since/);
    const waited = await faults.run("apply", { file: second, flags: ["--no-verify", "--lock-timeout", "100"] });
    expect(waited.status, waited.output).toBe(0);
    await expectEnd(await first, 0, "after", {
      fault: "a second apply",
      by: "lvsctl; the second exits with 6, or waits",
    });
  });

  it("an apply does not get between a destroy", async () => {
    isFirst = false;
    const first = faults.run("destroy");
    await faults.begun("dr");
    const refused = await faults.run("apply", { file: second, flags: ["--no-verify"] });
    expect(refused.status).toBe(6);
    expect(refused.output).toMatch(/destroy\s+of\s+e2e-faults\s+by\s/);
    expect((await first).status).toBe(0);
  });

  it("one whose timer has died, too, is taken over by the next", async () => {
    const end = await toSecond({ signal: "SIGKILL", atLine: 6 });
    for (const host of HOSTS) await faults.lab.on(host, "pkill -f 'transaction.s[h] watch' || :");
    await faults.lab.on("dr", "sleep 11");
    expect((await faults.lab.do("plan")).stderr).toMatch(/LVS-LOCK-003/);
    const { status, output } = await faults.run("apply", { file: faults.lab.file, flags: ["--no-verify"] });
    expect(status, output).toBe(0);
    await expectEnd(end, undefined, "before", {
      fault: "lvsctl and the hosts' timers are killed",
      by: "the next apply",
    });
  });
});

it("has cost somebody else's clients no request", async () => {
  const { asked, lost } = await faults.othersAsked();
  expect(asked).toBeGreaterThan(100);
  expect(lost).toBe(0);
});

function toSecond(options: RunOptions = {}): Promise<RunEnd> {
  isFirst = false;
  const flags = options.flags ?? [];
  return faults.run("apply", {
    file: second,
    ...options,
    flags: flags.includes("--atomic") ? flags : ["--no-verify", ...flags],
  });
}

/** A command of a host misbehaves, or something happens just before it; once. */
async function strike(
  at: typeof ON_ADDRESS,
  how: "fail" | "hang" | "garbage" | { readonly before: string },
): Promise<void> {
  const once =
    typeof how === "string" ? how : { before: `[ -e /root/struck ] || {\n: >/root/struck\n${how.before}\n}` };
  await faults.lab.on(at.host, wrap(at.program, at.words, once));
}

async function expectEnd(
  end: RunEnd,
  status: number | undefined,
  ended: "before" | "after",
  fault: { readonly fault: string; readonly by: string },
): Promise<void> {
  expect(end.status, end.output).toBe(status);
  await faults.settle();
  await Promise.all(HOSTS.map((host) => faults.lab.on(host, "rm -f /root/struck")));
  const states = await faults.statesOf(["first", "second"]);
  expect(states).toEqual(HOSTS.map(() => STATES[ended]));
  isFirst = ended === "before";
  faults.note({ ...fault, during: "apply" }, states, STATES, end);
}

async function made(file: string): Promise<void> {
  isFirst = false;
  const { status, output } = await faults.run("apply", { file, flags: ["--no-verify"] });
  expect(status, output).toBe(0);
}
