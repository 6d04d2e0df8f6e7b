/** What goes wrong on a host in the middle of a run: commands, the disk, the clock; and lvsctl itself is killed. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { HOSTS } from "../helpers/fault-lab.ts";
import { emptyDisk, fillDisk, freezeDisk, jumpClocks, smallDisk, thawDisk, wholeDisk } from "../helpers/faults.ts";
import { isLongRun } from "../helpers/long-run.ts";
import { ON_ADDRESS, ON_SERVICE, TwoVersions } from "../helpers/two-versions.ts";

let versions: TwoVersions;

beforeAll(async () => {
  versions = await TwoVersions.up("e2e-faults-hosts");
});
afterAll(() => versions?.faults.down());
beforeEach(() => versions.ensureFirst());
afterEach(() => versions.expectOthersServed());

describe("a command on a host", () => {
  it("fails: everything is rolled back everywhere", async () => {
    await versions.strike(ON_SERVICE, "fail");
    const end = await versions.toSecond();
    expect(end.output).toContain("out of order");
    await versions.expectEnd(end, 5, "before", { fault: "a command fails", by: "lvsctl" });
  });

  it("hangs: its time runs out, and everything is rolled back everywhere", async () => {
    await versions.strike(ON_SERVICE, "hang");
    const end = await versions.toSecond({ flags: ["--step-timeout", String(versions.faults.stepSeconds)] });
    await versions.expectEnd(end, 5, "before", { fault: "a command hangs", by: "lvsctl" });
  });

  it("prints garbage and does nothing: --atomic notices, and everything is rolled back", async () => {
    await versions.strike(ON_ADDRESS, "garbage");
    const end = await versions.toSecond({ flags: ["--atomic"] });
    expect(end.output).toMatch(/10\.9\.0\.101.*missing/);
    const fault = "a command prints garbage and does nothing (--atomic)";
    await versions.expectEnd(end, 5, "before", { fault, by: "lvsctl" });
  });
});

describe("a host's disk", () => {
  it.each([
    ["is full", fillDisk, emptyDisk],
    ["is read-only", freezeDisk, thawDisk],
  ])("%s: nothing is begun", async (what, spoil, mend) => {
    await versions.faults.lab.on("rs1", `${smallDisk}\n${spoil}`);
    const end = await versions.toSecond();
    await versions.faults.lab.on("rs1", `${mend}\n${wholeDisk}`);
    expect(end.output).toContain("LVS-LOCK-004");
    await versions.expectEnd(end, 5, "before", { fault: `/var/lib ${what}`, by: "lvsctl: nothing was begun" });
  });

  it("gets full in the middle: everything is rolled back without free space", async () => {
    await versions.faults.lab.on("rs1", smallDisk);
    await versions.strike(ON_ADDRESS, { before: fillDisk });
    const end = await versions.toSecond();
    await versions.faults.lab.on("rs1", `${emptyDisk}\n${wholeDisk}`);
    const fault = "/var/lib gets full in the middle of a stage";
    await versions.expectEnd(end, 5, "before", { fault, by: "lvsctl" });
  });
});

describe.each(isLongRun ? [86_400, -86_400] : [-86_400])("a clock that jumps by %i s", (seconds) => {
  const jump = `the hosts' clock jumps by ${seconds / 86_400} day`;

  it("does not make the timers fire", async () => {
    const run = versions.toSecond();
    await versions.faults.begun("dr");
    await jumpClocks(versions.faults.lab, seconds);
    await versions.expectEnd(await run, 0, "after", { fault: jump, by: "lvsctl" });
  });

  it("does not keep them from firing", async () => {
    const killed = versions.toSecond({ signal: "SIGKILL", atLine: 6 });
    await versions.faults.begun("dr");
    await jumpClocks(versions.faults.lab, seconds);
    const fault = `${jump}, and lvsctl is killed`;
    await versions.expectEnd(await killed, undefined, "before", { fault, by: "the hosts' timers" });
  });
});

describe("lvsctl", () => {
  it("is killed, and so are the hosts' timers: the next run takes it over", async () => {
    const end = await versions.toSecond({ signal: "SIGKILL", atLine: 6 });
    for (const host of HOSTS) await versions.faults.lab.on(host, "pkill -f 'transaction.s[h] watch' || :");
    await versions.faults.lab.on("dr", `sleep ${versions.faults.confirmSeconds + 1}`);
    expect((await versions.faults.lab.do("plan")).stderr).toMatch(/LVS-LOCK-003/);
    await versions.made(versions.first);
    const fault = "lvsctl and the hosts' timers are killed";
    await versions.expectEnd(end, undefined, "before", { fault, by: "the next apply" });
  });
});
