/** What becomes of a run that is interrupted, interrupted, hindered by another, or in which a host goes away. */
import { beforeAll, describe, expect, it } from "vitest";
import { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import { formatLedger, parseLedger } from "../../src/ledger/ledger.ts";
import type { HostState } from "../../src/plan/host-state.ts";
import { splitRun } from "../../src/plan/split-run.ts";
import type { Call, Fault } from "../helpers/memory-host.ts";
import { helpOut, judged, type TwoVersions, twoVersions } from "../helpers/memory-versions.ts";
import { file, HOSTS } from "../helpers/small-topology.ts";
import { ended, whichOf } from "../helpers/verdict.ts";
import { type CommandOptions, type Running, TOPOLOGY, type World } from "../helpers/world.ts";

let all: TwoVersions;
/** The calls of a run in which nothing goes wrong, in order. */
let calls: readonly Call[];

beforeAll(async () => {
  all = await twoVersions();
  const world = all.world();
  const running = world.start("apply", all.new);
  await world.wait(running);
  calls = running.calls;
});

const isSame = (one: Call, other: Call) =>
  one.host === other.host && one.name === other.name && one.count === other.count;
const at = (call: Call, fault: Fault) => ({ faultIn: (one: Call) => (isSame(one, call) ? fault : undefined) });
const stateOf = (world: World) => ended(whichOf(world, all.versions));

/** Ends lvsctl in a call, and says where: the call's name and what of it still took effect. */
function* deaths(): Generator<readonly [string, World, CommandOptions]> {
  for (const call of calls) {
    for (const fault of ["dies before", "dies after"] as const) {
      yield [`${call.host} ${call.name} ${call.count} ${fault}`, all.world(), at(call, fault)];
    }
  }
}

describe("lvsctl dies in any call, and then", () => {
  it("rollback rolls back what is pending, or finishes what was confirmed", async () => {
    for (const [where, world, options] of deaths()) {
      await world.do("apply", all.new, options);
      const isPending = HOSTS.some((host) => world.machine(host).pending);
      const { exit, text } = await world.do("rollback", all.new);
      expect(exit, `${where}: ${text}`).toBe(isPending ? 0 : 1);
      const state = stateOf(world);
      expect(HOSTS.filter((host) => world.machine(host).isBusy)).toEqual([]);
      expect(/confirm/.test(where) ? ["before", "after", "each"] : ["before"], where).toContain(state);
    }
  });

  it("a step that ends while somebody else rolls the run back is rolled back, too", async () => {
    const page = file("page", "new", "real-server-web");
    const two = await twoVersions(["rs1", "rs2"], { rs1: [], rs2: [] }, { rs1: [page], rs2: [page] });
    for (let seconds = 70; seconds <= 80; seconds += 1) {
      const world = two.world();
      world.machine("rs1").judge = () => ({ seconds });
      await world.do("apply", two.new, at({ host: "rs2", name: "stage", count: 1 }, "dies before"));
      await world.clock.pass(10_000);
      world.mend();
      const { exit } = await world.do("apply", two.new, { lockTimeoutSeconds: 400 });
      expect([exit, ended(whichOf(world, two.versions))], `${seconds} s`).toEqual([0, "after"]);
    }
  });

  it("the next plan names the hosts that kept the run and those that rolled it back", async () => {
    for (const [where, world, options] of deaths()) {
      await world.do("apply", all.new, options);
      await world.settle();
      await helpOut(world, all.new);
      const which = whichOf(world, all.versions);
      const of = (version: string) => HOSTS.filter((_, index) => which[index] === version);
      const isSplit = stateOf(world) === "each";
      expect(splitRun(ledgersOf(world)), where).toEqual(
        isSplit ? { since: expect.any(String), confirmed: of("new"), rolledBack: of("old") } : undefined,
      );
    }
  });

  it("the next plan names a host, too, that has rolled back a run which was to leave nothing of lvsctl on it", async () => {
    const [page, next] = [file("page", "one", "real-server-web"), file("page", "two", "real-server-web")];
    const two = await twoVersions(["rs1", "rs2"], { rs1: [page], rs2: [page] }, { rs1: [next], rs2: [] });
    const world = two.world();
    await world.do("apply", two.new, at({ host: "rs2", name: "confirm", count: 1 }, "dies before"));
    await world.settle();
    expect(whichOf(world, two.versions)).toEqual(["new", "old"]);
    expect(splitRun(ledgersOf(world))).toMatchObject({ confirmed: ["rs1"], rolledBack: ["rs2"] });
    expect((await world.do("apply", two.new)).exit).toBe(0);
    expect(splitRun(ledgersOf(world))).toBeUndefined();
  });

  it("confirm keeps all of it or refuses", async () => {
    for (const [where, world, options] of deaths()) {
      await world.do("apply", all.new, options);
      const { exit, text } = await world.do("confirm", all.new);
      if (exit === 0) expect(stateOf(world), where).toBe("after");
      else expect(text, where).toMatch(/LVS-LOCK-007/);
      await world.settle();
      expect(exit === 0 || /confirm/.test(where) ? ["before", "after", "each"] : ["before"], where).toContain(
        stateOf(world),
      );
    }
  });

  it("the next apply refuses, or waits for the timers and makes it", async () => {
    for (const [where, world, options] of deaths()) {
      await world.do("apply", all.new, options);
      const isPending = HOSTS.some((host) => world.machine(host).pending);
      const { exit } = await world.do("apply", all.new);
      expect(exit, where).toBe(isPending ? 6 : 0);
      const { verdict, wrong } = await judged(all, world, "apply", { lockTimeoutSeconds: 300 });
      expect(verdict, where).toBe("after 0");
      expect(wrong, where).toEqual([]);
    }
  });

  it("the next apply rolls back what no timer has, and makes it", async () => {
    for (const [where, world, options] of deaths()) {
      await world.do("apply", all.new, options);
      for (const machine of world.machines.values()) machine.killTimer();
      await world.settle();
      const { verdict, wrong } = await judged(all, world, "apply");
      expect(verdict, where).toBe("after 0");
      expect(wrong, where).toEqual([]);
    }
  });

  it("a host restarts: nothing of the run is left on it, and rollback sees to the rest", async () => {
    for (const [where, world, options] of deaths()) {
      await world.do("apply", all.new, options);
      const wasPending = world.machine("rs2").pending?.state === "live";
      world.machine("rs2").restart((name) => name.startsWith("file "));
      if (wasPending) expect(world.machine("rs2").pending, where).toMatchObject({ state: "restarted" });
      await world.do("rollback", all.new);
      expect(HOSTS.filter((host) => world.machine(host).isBusy)).toEqual([]);
      // What the restart took, a plan shows; what is on disk is as it was before or after the run.
      const { exit } = await world.do("apply", all.new);
      expect(exit, where).toBe(0);
      expect(stateOf(world), where).toBe("after");
    }
  });
});

describe("a person interrupts", () => {
  it("once, in any call: everything is rolled back in order, or it is too late for that and lvsctl says so", async () => {
    for (const call of calls) {
      const world = all.world();
      let said = "";
      const running = world.start("apply", all.new, {
        faultIn: (one) => {
          if (isSame(one, call)) said = running.interrupt();
          return undefined;
        },
      });
      const { verdict, wrong, end } = await judged(all, world, world.wait(running));
      expect(wrong, `${call.host} ${call.name} ${call.count}`).toEqual([]);
      expect(verdict, `${call.name}`).toBe(call.name === "confirm" ? "after 0" : "before 130");
      expect(end.text).toMatch(
        call.name === "confirm" ? /too late: the changes were already applied/ : /Interrupted; all changes/,
      );
      expect(said, call.name).toMatch(SAID[call.name] ?? "no such call in a run");
    }
  });

  const SAID: Partial<Record<Call["name"], RegExp>> = {
    arm: /^finishing the stage, then rolling back/,
    stage: /^finishing the stage, then rolling back/,
    traffic: /^finishing the stage, then rolling back/,
    reconnect: /^nothing is confirmed yet, so what was done is rolled back/,
    renew: /^nothing is confirmed yet, so what was done is rolled back/,
    confirm: /^too late to roll back.*the changes stay/,
  };

  it("in the middle of a stage: that stage ends, and no other one begins", async () => {
    for (const moment of [500, 1_500, 2_500, 3_500]) {
      const world = all.world();
      for (const machine of world.machines.values()) machine.judge = () => ({ seconds: 1 });
      const running = world.start("apply", all.new);
      const stagesBegun = () => running.calls.filter(({ name }) => name === "stage").length;
      await world.clock.pass(moment);
      const begun = stagesBegun();
      running.interrupt();
      const { verdict, wrong } = await judged(all, world, world.wait(running));
      expect({ verdict, wrong, begun: stagesBegun() }, `${moment} ms`).toEqual({
        verdict: "before 130",
        wrong: [],
        begun,
      });
    }
  });

  it("while the hosts are verified: that stops at once, and the changes stay", async () => {
    for (const options of [{}, { noConfirm: true }]) {
      const world = all.world();
      let said = "";
      const verify = () => {
        said = running.interrupt();
        return new Promise<never>(() => undefined);
      };
      const running: Running = world.start("apply", all.new, { ...options, verify });
      const end = await world.wait(running);
      expect(end.exit).toBe(130);
      expect(end.text).toMatch(/The changes are not verified, because of the interrupt/);
      const kept = options.noConfirm ? "the run stays pending" : "the run is confirmed, and the changes stay";
      expect(said).toBe(`verification stops; ${kept}.`);
      if (options.noConfirm) expect((await world.do("confirm", all.new)).exit).toBe(0);
      expect(stateOf(world)).toBe("after");
    }
  });

  it("while --atomic verifies: that stops at once, and everything is rolled back", async () => {
    const world = all.world();
    let said = "";
    const isGood = async () => {
      said = running.interrupt();
      throw new Error("stopped");
    };
    const running: Running = world.start("apply", all.new, { isGood });
    const { verdict, wrong, end } = await judged(all, world, world.wait(running));
    expect({ verdict, wrong }, end.text).toEqual({ verdict: "before 130", wrong: [] });
    expect(end.text).not.toContain("stopped");
    expect(said).toMatch(/^verification stops, and what was done is rolled back/);
  });

  it("a verification that nobody interrupts is reported", async () => {
    const world = all.world();
    const verification = {
      topology: "demo",
      ok: false,
      hosts: 3,
      checks: [],
      services: new Map(),
      causes: [],
      notes: [],
      slow: [],
    };
    const end = await world.do("apply", all.new, { verify: async () => verification });
    expect(end.exit).toBe(3);
    expect(end.text).toContain("All changes are confirmed and stay.");
    const good = await all.world().do("apply", all.new, { verify: async () => ({ ...verification, ok: true }) });
    expect({ exit: good.exit, text: good.text }).toEqual({ exit: 0, text: expect.not.stringContaining("stays") });
    const again = await world.do("apply", all.new, { verify: async () => verification });
    expect({ exit: again.exit, text: again.text }).toEqual({
      exit: 0,
      text: "Nothing was changed, so nothing was verified; lvsctl verify demo.yaml does that.",
    });
  });

  it("when a step has failed: rolling back has begun already, and goes on", async () => {
    const world = all.world();
    world.machine("dr").judge = (_change, isUndo) => (isUndo ? {} : { fails: "out of order" });
    let said = "";
    const running: Running = world.start("apply", all.new, {
      faultIn: ({ name }) => {
        if (name === "roll back") said = running.interrupt();
        return undefined;
      },
    });
    const { verdict, wrong } = await judged(all, world, world.wait(running));
    expect({ verdict, wrong }).toEqual({ verdict: "before 5", wrong: [] });
    expect(said).toMatch(/^already rolling back/);
  });

  it("before the run has begun: nothing is changed, and that is said", async () => {
    const world = all.world();
    const running = world.start("apply", all.new);
    expect(running.interrupt()).toBe("nothing has been changed.");
    const { verdict, wrong, end } = await judged(all, world, world.wait(running));
    expect({ verdict, wrong }).toEqual({ verdict: "before 130", wrong: [] });
    expect(end.text).toContain("nothing has been changed");
  });

  it("twice in the confirmation: lvsctl does not leave", async () => {
    const world = all.world();
    let again: ReturnType<Running["interruptAgain"]> | undefined;
    const running: Running = world.start("apply", all.new, {
      faultIn: ({ name }) => {
        if (name !== "confirm" || again) return undefined;
        running.interrupt();
        again = running.interruptAgain();
        return undefined;
      },
    });
    expect(await judged(all, world, world.wait(running))).toMatchObject({ verdict: "after 0", wrong: [] });
    expect(again).toMatchObject({ leaves: false, text: expect.stringContaining("Still confirming") });
  });

  it("and kills lvsctl right after: all hosts are the same, unless it strikes between the confirmations", async () => {
    for (const call of calls) {
      const world = all.world();
      const running: Running = world.start("apply", all.new, {
        faultIn: (one) => {
          if (!isSame(one, call)) return undefined;
          running.interrupt();
          return "dies after";
        },
      });
      const { verdict, wrong } = await judged(all, world, world.wait(running));
      const states = call.name === "confirm" ? ["before †", "after †", "each †"] : ["before †"];
      expect(states, `${call.host} ${call.name} ${call.count}`).toContain(verdict);
      expect(wrong).toEqual([]);
    }
  });

  describe.each([
    ["confirm", "after 0", /^too late to roll back/],
    ["rollback", "before 0", /^already rolling back/],
  ] as const)("%s of a run that is pending", (command, verdict, words) => {
    const pending = async () => {
      const world = all.world();
      await world.do("apply", all.new, { noConfirm: true });
      return world;
    };

    it("before it has begun: nothing is changed, and the hosts' timers still run", async () => {
      const world = await pending();
      const running = world.start(command, all.new);
      expect(running.interrupt()).toBe("nothing has been changed.");
      expect(await world.wait(running)).toMatchObject({ exit: 130, text: expect.stringContaining("LVS-CONNECT-022") });
      expect(HOSTS.map((host) => world.machine(host).pending?.state)).toEqual(["live", "live", "live"]);
      await world.settle();
      expect(HOSTS.filter((host) => world.machine(host).isBusy)).toEqual([]);
      expect(stateOf(world)).toBe("before");
    });

    it("once it has begun: it goes on to the end, so that the hosts agree", async () => {
      const world = await pending();
      let said: string | undefined;
      const running: Running = world.start(command, all.new, {
        faultIn: ({ name }) => {
          if (name !== "done steps") said ??= running.interrupt();
          return undefined;
        },
      });
      expect((await judged(all, world, world.wait(running))).verdict).toBe(verdict);
      expect(said).toMatch(words);
    });
  });

  it("twice: it is left to the timers", async () => {
    const world = all.world();
    const running = world.start("apply", all.new, {
      faultIn: ({ name }) => {
        if (name === "stage") running.interrupt();
        if (name === "roll back") {
          expect(running.interruptAgain()).toMatchObject({
            leaves: true,
            text: expect.stringContaining("Leaving it to"),
          });
          running.kill();
        }
        return undefined;
      },
    });
    expect(await judged(all, world, world.wait(running))).toMatchObject({ verdict: "before †", wrong: [] });
  });
});

describe("a step", () => {
  it.each(["fails", "is made and fails all the same"])("%s: everything is rolled back everywhere", async (how) => {
    for (const host of HOSTS) {
      const world = all.world();
      const broken = { fails: "out of order", isMade: how !== "fails" };
      world.machine(host).judge = (_change, isUndo) => (isUndo ? {} : broken);
      const { verdict, wrong, end } = await judged(all, world, "apply");
      expect({ verdict, wrong }).toEqual({ verdict: "before 5", wrong: [] });
      expect(end.text).toMatch(new RegExp(`${host}: LVS-STEP-001 .*out of order`));
    }
  });

  it("is made, fails all the same, and cannot be undone: the host stays pending until it can", async () => {
    for (const host of HOSTS) {
      const world = all.world();
      world.machine(host).judge = (_change, isUndo) => ({ fails: "out of order", isMade: !isUndo });
      const end = await world.do("apply", all.new);
      expect(end).toMatchObject({ exit: 1, text: expect.stringContaining(`${host}: LVS-STEP-001`) });
      await world.settle();
      expect([...world.machines.values()].map(({ isBusy }) => isBusy)).toEqual(HOSTS.map((one) => one === host));
      world.mend();
      expect(await world.do("rollback", all.new)).toMatchObject({ exit: 0 });
      expect(ended(whichOf(world, all.versions))).toBe("before");
    }
  });

  it("fails: what was made last is rolled back first", async () => {
    const world = all.world();
    const changed: string[] = [];
    world.machine("rs1").onMade = ({ key }) => changed.push(key);
    world.machine("dr").judge = ({ after }, isUndo) => (after || isUndo ? {} : { fails: "out of order" });
    expect(await judged(all, world, "apply")).toMatchObject({ verdict: "before 5", wrong: [] });
    const made = changed.slice(0, changed.length / 2);
    expect(made).toHaveLength(2);
    expect(changed).toEqual([...made, ...made.toReversed()]);
  });

  it("takes longer than --step-timeout: everything is rolled back everywhere", async () => {
    const world = all.world();
    world.machine("rs1").judge = (_change, isUndo) => (isUndo ? {} : { seconds: 20 });
    const { verdict, wrong, end } = await judged(all, world, "apply", { stepTimeoutSeconds: 6 });
    expect({ verdict, wrong }).toEqual({ verdict: "before 5", wrong: [] });
    expect(end.text).toContain("LVS-CONNECT-019");
  });

  it("takes longer than --step-timeout on the way back, too: the host is left to its own rollback", async () => {
    const world = all.world();
    world.machine("rs1").judge = (_change, isUndo) => (isUndo ? { seconds: 33 } : {});
    world.machine("dr").judge = (_change, isUndo) => (isUndo ? {} : { fails: "out of order" });
    const { verdict, wrong, end } = await judged(all, world, "apply", {
      stepTimeoutSeconds: 6,
      confirmTimeoutSeconds: 60,
    });
    expect({ verdict, wrong }).toEqual({ verdict: "before 1", wrong: [] });
    expect(end.text).toMatch(/out of order.*rs1: LVS-LOCK-006/);
  });

  it("takes longer than --step-timeout on the way back, and the host's own rollback is in time: everything is rolled back", async () => {
    const world = all.world();
    world.machine("rs1").judge = (_change, isUndo) => (isUndo ? { seconds: 10 } : {});
    world.machine("dr").judge = (_change, isUndo) => (isUndo ? {} : { fails: "out of order" });
    const { verdict, wrong, end } = await judged(all, world, "apply", { stepTimeoutSeconds: 6 });
    expect({ verdict, wrong }, end.text).toEqual({ verdict: "before 5", wrong: [] });
    expect(end.text).not.toContain("rs1: ");
  });

  it("takes hours, and within --step-timeout: the hosts wait", async () => {
    const world = all.world();
    world.machine("rs1").judge = () => ({ seconds: 3_600 });
    expect(await judged(all, world, "apply", { stepTimeoutSeconds: 20_000 })).toMatchObject({
      verdict: "after 0",
      wrong: [],
    });
    expect(world.clock.now()).toBeGreaterThan(2 * 3_600_000);
  });

  it("cannot be rolled back: the host is named, and everything else is restored", async () => {
    const world = all.world();
    world.machine("rs1").judge = ({ kind }, isUndo) => (isUndo && kind === "file" ? { fails: "Read-only" } : {});
    world.machine("dr").judge = (_change, isUndo) => (isUndo ? {} : { fails: "out of order" });
    const { exit, text } = await world.do("apply", all.new);
    expect(exit).toBe(1);
    expect(text).toMatch(/rs1: LVS-STEP-001 .*Read-only.*neither rolled back nor confirmed/);
    expect(whichOf(world, all.versions)).toEqual(["old", "neither", "old"]);
    expect(world.machine("rs1").pending).toBeDefined();
    world.machine("rs1").judge = () => ({});
    expect(await judged(all, world, "rollback")).toMatchObject({ verdict: "before 0" });
  });
});

describe("a host", () => {
  it("goes away for a while in a call, shorter than its time: everything is rolled back by lvsctl", async () => {
    for (const call of calls.filter(({ name }) => name === "stage")) {
      const world = all.world();
      const options = goesAway(world, call, 40);
      const { verdict, wrong, end } = await judged(all, world, "apply", { ...options, stepTimeoutSeconds: 15 });
      expect({ verdict, wrong }, `${call.host} ${call.count}: ${end.text}`).toEqual({ verdict: "before 5", wrong: [] });
    }
  });

  it("goes away for long in a call, and its time is longer still: lvsctl does not leave it to its timer", async () => {
    for (const call of calls.filter(({ name }) => name === "stage")) {
      const world = all.world();
      const begin = world.clock.now();
      const options = { ...goesAway(world, call, 200), stepTimeoutSeconds: 15, confirmTimeoutSeconds: 600 };
      const { exit, text } = await world.do("apply", all.new, options);
      expect([exit, stateOf(world)], text).toEqual([5, "before"]);
      expect(world.clock.now() - begin, `${call.host} ${call.count}`).toBeLessThan(300_000);
    }
  });

  it("goes away for a while between two calls: the run goes on", async () => {
    const world = all.world();
    const first = calls.find(({ host, name }) => host === "dr" && name === "stage");
    if (!first) throw new RangeError("no stage");
    world.machine("dr").judge = () => ({ seconds: 120 });
    const options = goesAway(world, first, 30, "rs2");
    const { verdict, wrong, end } = await judged(all, world, "apply", options);
    expect({ verdict, wrong }, end.text).toEqual({ verdict: "after 0", wrong: [] });
  });

  it("goes away for longer than its time: it has rolled it back by itself, and lvsctl waits to see that", async () => {
    for (const call of calls.filter(({ name }) => name === "stage")) {
      const world = all.world();
      const options = goesAway(world, call, 90);
      const { verdict, wrong, end } = await judged(all, world, "apply", { ...options, stepTimeoutSeconds: 15 });
      expect({ verdict, wrong }, `${call.host} ${call.count}: ${end.text}`).toEqual({ verdict: "before 5", wrong: [] });
    }
  });

  it("goes away for good: lvsctl says what it is left to", async () => {
    for (const call of calls.filter(({ name }) => name === "stage" || name === "reconnect")) {
      const world = all.world();
      const options = goesAway(world, call, 10_000);
      const end = world.do("apply", all.new, { ...options, stepTimeoutSeconds: 15 });
      const { exit, text } = await end;
      expect(exit, text).toBe(1);
      expect(text).toMatch(new RegExp(`${call.host}: LVS-LOCK-006 .*has not answered`));
      await world.settle();
      expect(stateOf(world)).toBe("before");
    }
  });

  it("goes away for good before it is armed: nothing is changed anywhere", async () => {
    const world = all.world();
    const [arm] = calls;
    if (!arm) throw new RangeError("no call");
    const { verdict, wrong } = await judged(all, world, "apply", goesAway(world, arm, 10_000));
    expect({ verdict, wrong }).toEqual({ verdict: "before 5", wrong: [] });
  });

  it("goes away when the first has been confirmed: it is confirmed once it is back in time, and named if not", async () => {
    for (const [seconds, exit, state] of [
      [30, 0, "after"],
      [90, 1, "each"],
    ] as const) {
      const world = all.world();
      const confirm = calls.find(({ host, name }) => host === "rs1" && name === "confirm");
      if (!confirm) throw new RangeError("no confirm");
      const { end, wrong } = await judged(all, world, "apply", goesAway(world, confirm, seconds));
      expect(end.exit, end.text).toBe(exit);
      expect(stateOf(world)).toBe(state);
      expect(wrong).toEqual([]);
      if (exit === 1) expect(end.text).toMatch(/rs1: LVS-LOCK-005/);
    }
  });

  it("goes away while what somebody has deleted is confirmed: its ledger, which stays the same, does not say that it was", async () => {
    const page = file("page", "one", "real-server-web");
    const both = { rs1: [page], rs2: [page] };
    const two = await twoVersions(["rs1", "rs2"], both, both);
    for (const [seconds, exit] of [
      [30, 0],
      [90, 1],
    ] as const) {
      const world = two.world();
      for (const { resources } of world.machines.values()) resources.clear();
      const last: Call = { host: "rs2", name: "confirm", count: 1 };
      const { exit: found, text } = await world.do("apply", two.new, goesAway(world, last, seconds));
      await world.settle();
      expect(found, text).toBe(exit);
      expect(/rs2: LVS-LOCK-005/.test(text)).toBe(exit === 1);
      expect(world.machine("rs2").resources.size).toBe(exit === 1 ? 0 : 1);
    }
  });

  it("restarts in any call: nothing is confirmed anywhere, and what is left is rolled back", async () => {
    for (const call of calls.filter(({ name }) => !["arm", "confirm"].includes(name))) {
      const world = all.world();
      const machine = world.machine("rs1");
      const { end } = await judged(all, world, "apply", {
        faultIn: (one) => {
          if (isSame(one, call)) machine.restart((name) => name.startsWith("file "));
          return undefined;
        },
      });
      expect(end.exit, `${call.host} ${call.name} ${call.count}: ${end.text}`).toBe(5);
      expect(end.text).toMatch(
        ["reconnect", "renew"].includes(call.name) ? /rs1: LVS-LOCK-003 .*restarted/ : /restarted/,
      );
      expect(machine.isBusy).toBe(false);
      for (const host of ["dr", "rs2"]) expect(world.stateOf(host)).toBe(all.versions.old[HOSTS.indexOf(host)]);
      expect((await world.do("apply", all.new)).exit).toBe(0);
      expect(stateOf(world)).toBe("after");
    }
  });

  it("has more hosts beside it than its ledger holds: what it writes can be read again", async () => {
    const world = all.world();
    const names = Array.from({ length: 300 }, (_, index) => `rs${index}`);
    const knownHosts = names.map((name) => ({ name, roles: ["real-server"], ssh: { destination: name } }));
    expect((await world.do("apply", all.new, { knownHosts })).exit).toBe(0);
    for (const [host, { ledgers }] of world.machines) {
      const ledger = ledgers.get(TOPOLOGY);
      expect(ledger && parseLedger(formatLedger(ledger), TOPOLOGY, host)).toEqual(ledger);
    }
    expect((await world.do("apply", all.new, { knownHosts })).run?.result).toBe("nothing-to-do");
  });

  it("is busy with something else: nothing is changed anywhere, or lvsctl waits until it is not", async () => {
    for (const [lockTimeoutSeconds, verdict] of [
      [0, "before 6"],
      [600, "after 0"],
    ] as const) {
      const world = all.world();
      world.machine("rs2").refusal = "busy";
      const running = world.start("apply", all.new, { lockTimeoutSeconds });
      await world.clock.pass(60_000);
      world.machine("rs2").refusal = undefined;
      const { end, ...found } = await judged(all, world, world.wait(running));
      expect(found).toEqual({ verdict, wrong: [] });
      expect(end.text.startsWith("rs2: LVS-LOCK-010")).toBe(lockTimeoutSeconds === 0);
    }
  });

  it("is one host, and is not called hosts", async () => {
    const one = await twoVersions(["rs1"], { rs1: [] }, { rs1: [file("page", "one", "real-server-web")] });
    const world = one.world();
    const said: string[] = [];
    const onStatus = (step: string | undefined) => void said.push(step ?? "");
    expect((await world.do("apply", one.new, { onStatus, noConfirm: true })).exit).toBe(0);
    expect((await world.do("confirm", one.new, { onStatus })).exit).toBe(0);
    expect((await world.do("apply", one.old, { onStatus, noConfirm: true })).exit).toBe(0);
    expect((await world.do("rollback", one.old, { onStatus })).exit).toBe(0);
    expect(said).toContain("locking 1 host, and starting rollback timers");
    expect(said).toContain("confirming on 1 host");
    expect(said.join("\n")).not.toContain("hosts");
  });

  it("has nothing of the topology left but its ledger: the run takes that away", async () => {
    const page = file("page", "one", "real-server-web");
    const two = await twoVersions(["rs1", "rs2"], { rs1: [page], rs2: [page] }, { rs1: [page], rs2: [] });
    const world = two.world();
    world.machine("rs2").resources.clear(); // Somebody has deleted the page, so the run has nothing to delete.
    const running = world.start("apply", two.new);
    expect(await judged(two, world, world.wait(running))).toMatchObject({ verdict: "after 0", wrong: [] });
    expect(running.calls).toContainEqual({ host: "rs2", name: "arm", count: 1 });
    expect((await world.do("apply", two.new)).run?.result).toBe("nothing-to-do");
  });

  it.each([
    ["no-room", 5, "LVS-LOCK-004"],
    ["no-lock", 5, "LVS-LOCK-004"],
    ["no-timer", 5, "LVS-LOCK-004"],
    ["exposed", 5, "LVS-LOCK-004"],
  ] as const)("cannot guard a run (%s): nothing is changed anywhere", async (refusal, exit, code) => {
    const world = all.world();
    world.machine("rs2").refusal = refusal;
    const { end, verdict, wrong } = await judged(all, world, "apply");
    expect({ verdict, wrong }).toEqual({ verdict: `before ${exit}`, wrong: [] });
    expect(end.text).toContain(`rs2: ${code}`);
  });
});

describe("a host that moves", () => {
  const confirmAt = { rs1: "new" };

  it("is found at its new place, and confirmed there", async () => {
    const world = all.world();
    moveOnce(world);
    expect(await judged(all, world, "apply", { confirmAt })).toMatchObject({ verdict: "after 0", wrong: [] });
  });

  it("is rolled back, at its new place and its old one, when something fails after that", async () => {
    const world = all.world();
    moveOnce(world);
    world.machine("dr").judge = (_change, isUndo) => (isUndo ? {} : { fails: "out of order" });
    expect(await judged(all, world, "apply", { confirmAt })).toMatchObject({ verdict: "before 5", wrong: [] });
    expect(world.machine("rs1").address).toBe("old");
  });

  it("has not done what was asked of it: the run does not go on", async () => {
    for (const call of calls.filter(({ host, name }) => host === "rs1" && name === "stage")) {
      const world = all.world();
      moveOnce(world);
      const options = { ...at(call, "lost before"), confirmAt };
      expect(await judged(all, world, "apply", options)).toMatchObject({ verdict: "before 5", wrong: [] });
    }
  });

  it("moves, and --confirm-at is missing: it rolls itself back", async () => {
    const world = all.world();
    moveOnce(world);
    const { verdict, end } = await judged(all, world, "apply", { stepTimeoutSeconds: 15 });
    expect(verdict, end.text).toBe("before 5");
  });

  /** With the parameter that is set on rs1 its address changes, and changes back with it. */
  function moveOnce(world: World): void {
    const machine = world.machine("rs1");
    machine.onMade = ({ key, after }) => {
      if (key.endsWith("log_martians")) machine.address = after ? "new" : "old";
    };
  }
});

describe("two runs", () => {
  it("the second completes what the first has confirmed, or finds that the first has done so", async () => {
    for (const isFirstFaster of [false, true]) {
      const world = all.world();
      await world.do("apply", all.new, { noConfirm: true });
      for (const machine of world.machines.values()) machine.cutOffConfirmation();
      const faultIn = ({ name, host }: Call): undefined => {
        const machine = world.machine(host);
        if (name === "finish" && isFirstFaster) void machine.end(machine.pending?.id ?? "", "finish");
      };
      const end = await world.do("apply", all.new, { faultIn });
      expect(end.exit, end.text).toBe(0);
      expect(ended(whichOf(world, all.versions))).toBe("after");
    }
  });

  it.each(["confirm", "rollback"] as const)(
    "%s completes what is confirmed on one host, and no longer pending elsewhere",
    async (command) => {
      const world = all.world();
      await world.do("apply", all.new, { noConfirm: true });
      const [last, ...others] = [...world.machines.values()];
      for (const machine of others) await machine.end(machine.pending?.id ?? "", "confirm");
      last?.cutOffConfirmation();
      const end = await world.do(command, all.new);
      expect(end.exit, end.text).toBe(0);
      expect(stateOf(world)).toBe("after");
      expect(HOSTS.filter((host) => world.machine(host).isBusy)).toEqual([]);
    },
  );

  it("do not get between each other: the second one exits with 6, or waits", async () => {
    for (const [lockTimeoutSeconds, exit] of [
      [0, 6],
      [600, 0],
    ] as const) {
      const world = all.world();
      world.machine("dr").judge = () => ({ seconds: 10 });
      const first = world.start("apply", all.new);
      await world.clock.pass(15_000);
      const second = world.start("apply", all.new, { lockTimeoutSeconds });
      const ends = [await world.wait(first), await world.wait(second)];
      expect(ends.map((end) => end.exit)).toEqual([0, exit]);
      if (exit === 6) expect(ends[1]?.text).toMatch(/LVS-LOCK-001 .*apply of demo by /);
      expect(stateOf(world)).toBe("after");
    }
  });

  it("that begin at once: one of them makes it", async () => {
    const world = all.world();
    const [first, second] = [world.start("apply", all.new), world.start("apply", all.new)];
    const exits = [(await world.wait(first)).exit, (await world.wait(second)).exit];
    expect(exits).toEqual([0, 6]);
    expect(stateOf(world)).toBe("after");
  });

  it("somebody rolls back a run that is under way: it ends in the old state, and says why", async () => {
    const world = all.world();
    world.machine("dr").judge = () => ({ seconds: 5 });
    const first = world.start("apply", all.new);
    await world.clock.pass(5_000);
    const rollback = world.start("rollback", all.new);
    expect(await world.wait(rollback)).toEqual({ exit: 0, text: "" });
    const { verdict, wrong, end } = await judged(all, world, world.wait(first));
    expect({ verdict, wrong }).toEqual({ verdict: "before 5", wrong: [] });
    expect(end.text).toContain("LVS-LOCK-005");
  });

  it("somebody confirms a run just before lvsctl does: it is made, and no host is said to have rolled it back", async () => {
    const world = all.world();
    const faultIn = ({ name, host }: Call): undefined => {
      const machine = world.machine(host);
      if (name === "confirm") void machine.end(machine.pending?.id ?? "", "confirm");
    };
    expect(await judged(all, world, "apply", { faultIn })).toMatchObject({ verdict: "after 0", wrong: [] });
  });

  it("somebody confirms a run that is about to be rolled back: it is not said to be", async () => {
    for (const fails of ["reconnect", "renew", "--atomic"]) {
      for (const confirmed of [HOSTS, ["rs2"]]) {
        const world = all.world();
        let isOver = false;
        const confirm = () => {
          for (const machine of isOver ? [] : confirmed.map((host) => world.machine(host)))
            void machine.end(machine.pending?.id ?? "", "confirm");
          isOver = true;
        };
        const isGood = async () => {
          if (fails === "--atomic") confirm();
          return fails !== "--atomic";
        };
        const faultIn = ({ name }: Call): undefined => {
          if (name === fails) confirm();
        };
        const running = world.start("apply", all.new, { isGood, faultIn });
        const begin = world.clock.now();
        await world.wait(running);
        expect(world.clock.now() - begin, "nobody is asked again").toBeLessThan(1_000);
        const { verdict, wrong, end } = await judged(all, world, world.wait(running));
        const how = confirmed === HOSTS ? "after 1" : "each 1";
        expect({ verdict, wrong }, `${fails}: ${end.text}`).toEqual({ verdict: how, wrong: [] });
        for (const host of confirmed) expect(end.text.split(`${host}: LVS-LOCK-011`)).toHaveLength(2);
        expect(end.text).not.toContain("LVS-LOCK-005");
        const takenBack = running.calls.filter(({ host, name }) => name === "roll back" && confirmed.includes(host));
        expect(takenBack).toHaveLength(fails === "--atomic" ? confirmed.length : 0);
      }
    }
  });

  it("somebody rolls back a run on a host on which it changes nothing: it is not taken for confirmed", async () => {
    const [page, next] = [file("page", "one", "real-server-web"), file("page", "two", "real-server-web")];
    const two = await twoVersions(["rs1", "rs2"], { rs1: [page], rs2: [page] }, { rs1: [next], rs2: [page] });
    const world = two.world();
    const faultIn = ({ name, host }: Call): undefined => {
      const machine = world.machine(host);
      if (name === "reconnect" && host === "rs2") void machine.end(machine.pending?.id ?? "", "undo");
    };
    const { verdict, wrong, end } = await judged(two, world, "apply", { faultIn });
    expect({ verdict, wrong }, end.text).toEqual({ verdict: "before 5", wrong: [] });
    expect(end.text).toContain("rs2: LVS-LOCK-005");
  });

  it("somebody rolls back a run just before a host is to confirm it: it is asked once, and named", async () => {
    const world = all.world();
    const running = world.start("apply", all.new, {
      faultIn: ({ name, host }) => {
        const machine = world.machine(host);
        if (name === "confirm" && host === "rs2") void machine.end(machine.pending?.id ?? "", "undo");
        return undefined;
      },
    });
    const { verdict, wrong, end } = await judged(all, world, world.wait(running));
    expect({ verdict, wrong }).toEqual({ verdict: "each 1", wrong: [] });
    expect(end.text).toContain("rs2: LVS-LOCK-005");
    expect(running.calls.filter(({ host, name }) => host === "rs2" && name === "confirm")).toHaveLength(1);
  });

  it("of which the first was away too long: its way back does nothing to the second", async () => {
    const world = all.world();
    const stage = calls.find(({ host, name }) => host === "dr" && name === "stage");
    if (!stage) throw new RangeError("no stage");
    // For lvsctl alone: the host can be reached by others.
    const first = world.start("apply", all.new, { ...at(stage, "hangs before"), stepTimeoutSeconds: 500 });
    for (const machine of world.machines.values()) machine.renew = () => "failed";
    await world.clock.pass(120_000);
    for (const machine of world.machines.values()) machine.renew = Object.getPrototypeOf(machine).renew;
    expect(HOSTS.filter((host) => world.machine(host).isBusy)).toEqual([]);
    const second = await world.do("apply", all.new, { noConfirm: true, confirmTimeoutSeconds: 3_000 });
    expect(second.exit).toBe(0);
    expect((await world.wait(first)).exit).toBe(5);
    expect((await world.do("confirm", all.new)).exit).toBe(0);
    expect(stateOf(world)).toBe("after");
  });
});

describe("flags", () => {
  it("--no-confirm leaves it pending, for confirm, for rollback or for the timers", async () => {
    for (const [command, verdict] of [
      ["confirm", "after 0"],
      ["rollback", "before 0"],
    ] as const) {
      const world = all.world();
      const { exit, text } = await world.do("apply", all.new, { noConfirm: true });
      expect(exit).toBe(0);
      expect(text).toMatch(/Applied but not confirmed/);
      expect(HOSTS.map((host) => world.machine(host).pending?.state)).toEqual(["live", "live", "live"]);
      expect((await judged(all, world, world.do(command, all.new))).verdict).toBe(verdict);
    }
    const world = all.world();
    expect(await judged(all, world, "apply", { noConfirm: true })).toMatchObject({ verdict: "before 0" });
    expect(await world.do("confirm", all.new)).toMatchObject({ exit: 1, text: expect.stringMatching(/LVS-LOCK-007/) });
  });

  it("--no-confirm does not say that it is pending where a host has rolled it back meanwhile", async () => {
    const world = all.world();
    const stage = calls.find(({ host, name }) => host === "dr" && name === "stage");
    if (!stage) throw new RangeError("no stage");
    world.machine("dr").judge = () => ({ seconds: 100 });
    const options = { ...goesAway(world, stage, 80, "rs2"), noConfirm: true };
    const { verdict, end } = await judged(all, world, "apply", options);
    expect(verdict).toBe("before 5");
    expect(end.text).toMatch(/rs2: LVS-LOCK-005/);
  });

  it("--no-confirm leaves it pending on a host, too, that cannot be asked whether it is", async () => {
    for (const fault of ["lost before", "lost after", "odd before"] as const) {
      const world = all.world();
      const options = { ...at({ host: "rs2", name: "renew", count: 1 }, fault), noConfirm: true };
      expect(await world.do("apply", all.new, options)).toMatchObject({
        exit: 0,
        text: expect.stringContaining("Applied but not confirmed"),
      });
      expect((await judged(all, world, "confirm")).verdict).toBe("after 0");
    }
  });

  it("--atomic keeps what is good, and rolls back what is not or what nobody could look at", async () => {
    for (const [isGood, verdict] of [
      [async () => true, "after 0"],
      [async () => false, "before 5"],
      [() => Promise.reject(new Error("no curl")), "before 5"],
      [() => Promise.reject(undefined), "before 5"],
    ] as const) {
      expect(await judged(all, all.world(), "apply", { isGood })).toMatchObject({ verdict, wrong: [] });
    }
  });

  it("--atomic says what has kept it from looking, when it rolls back", async () => {
    const error = new LvsctlError("LVS-VERIFY-001", "This host has no curl.", { host: "client" });
    const { verdict, end } = await judged(all, all.world(), "apply", { isGood: () => Promise.reject(error) });
    expect(verdict).toBe("before 5");
    expect(end.text).toMatch(/client: LVS-VERIFY-001 .*no curl.* rolled back on every host/);
  });

  it("what nobody could verify is refused before anything is changed, if there is something to change", async () => {
    const refuse = () => Promise.reject(new LvsctlError("LVS-VERIFY-001", "This host has no curl."));
    const world = all.world();
    const refused = await world.do("apply", all.new, { canCheck: refuse });
    expect(refused).toMatchObject({ exit: 3, text: expect.stringContaining("no curl") });
    expect(world.states()).toEqual(all.world().states());
    expect((await world.do("apply", all.new, { canCheck: async () => {} })).exit).toBe(0);
    expect((await world.do("apply", all.new, { canCheck: refuse })).exit).toBe(0);
  });

  it("--no-rollback leaves things as they are, accounted for: destroy rolls them back", async () => {
    for (const call of calls.filter(({ name }) => name === "stage")) {
      for (const again of ["late", "lost before", "lost after", "odd after"] as const) {
        const world = all.world();
        const faultIn = (one: Call): Fault | undefined => {
          if (isSame(one, call)) return "fails";
          return one.name === "keep" && one.count === 1 ? again : undefined;
        };
        const end = await world.do("apply", all.new, { faultIn, noRollback: true });
        expect(end.exit).toBe(1);
        expect(end.text).toMatch(/the changes stay, because of --no-rollback/);
        expect(HOSTS.filter((host) => world.machine(host).isBusy)).toEqual([]);
        expect((await world.do("destroy", all.new)).exit).toBe(0);
        expect(HOSTS.map((host) => [...world.machine(host).resources.keys()])).toEqual([[], [], []]);
      }
    }
  });
});

describe("a host that is still at work when its connection has broken", () => {
  it("is rolled back only when it has ended, however long that takes", async () => {
    for (const seconds of [20, 28, 40, 70]) {
      for (const call of calls.filter(({ name }) => name === "stage")) {
        const world = all.world();
        const faultIn = (one: Call): Fault | undefined => {
          if (!isSame(one, call)) return undefined;
          world.machine(call.host).judge = (_change, isUndo) => ({ seconds: isUndo ? 0 : seconds });
          return "lost during";
        };
        const options = { faultIn, confirmTimeoutSeconds: 5, stepTimeoutSeconds: 600 };
        const { verdict, wrong } = await judged(all, world, "apply", options);
        expect({ seconds, call, verdict: verdict.split(" ")[0], wrong }).toEqual({
          seconds,
          call,
          verdict: "before",
          wrong: [],
        });
      }
    }
  });

  it("has all that it makes accounted for, with --no-rollback", async () => {
    for (const call of calls.filter(({ name }) => name === "stage")) {
      const world = all.world();
      const faultIn = (one: Call): Fault | undefined => (isSame(one, call) ? "lost during" : undefined);
      expect((await world.do("apply", all.new, { faultIn, noRollback: true })).exit).toBe(1);
      await world.settle();
      expect((await world.do("destroy", all.new)).exit).toBe(0);
      expect(HOSTS.map((host) => [...world.machine(host).resources.keys()])).toEqual([[], [], []]);
    }
  });
});

describe("draining", () => {
  const KEY = "tcp 172.16.10.10:80 -> 172.16.10.21:80";

  it("waits until connections have ended, and cuts off and names what has not by then", async () => {
    for (const [seconds, isCut] of [
      [20, false],
      [100, true],
    ] as const) {
      const world = all.world();
      open(world, seconds);
      const { verdict, wrong, end } = await judged(all, world, "apply", { drainTimeoutSeconds: 30 });
      expect({ verdict, wrong }).toEqual({ verdict: "after 0", wrong: [] });
      expect(/These connections were still open .*172\.16\.10\.21:80: 1 active/.test(end.text)).toBe(isCut);
    }
  });

  it("goes on for longer than the hosts' time, and they wait", async () => {
    const world = all.world();
    open(world, 4_000);
    const { verdict, wrong, end } = await judged(all, world, "apply", { drainTimeoutSeconds: 5_000 });
    expect({ verdict, wrong }).toEqual({ verdict: "after 0", wrong: [] });
    expect(end.text).toBe("");
  });

  it("happens before anything at all is removed", async () => {
    const world = all.world();
    open(world, 20);
    const running = world.start("apply", all.new);
    await world.clock.pass(10_000);
    expect(world.machine("dr").resources.get(`ipvs-destination ${KEY}`)).toMatchObject({ weight: 0 });
    expect(world.machine("rs1").resources.has("sysctl net.ipv4.conf.all.arp_ignore")).toBe(true);
    expect((await world.wait(running)).exit).toBe(0);
  });

  it("ends with an interrupt or lvsctl's death, and the weight is what it was", async () => {
    for (const how of ["interrupt", "kill"] as const) {
      const world = all.world();
      open(world, 1_000);
      const running = world.start("apply", all.new, { drainTimeoutSeconds: 5_000 });
      await world.clock.pass(100_000);
      running[how]();
      const verdict = how === "kill" ? "before †" : "before 130";
      expect(await judged(all, world, world.wait(running))).toMatchObject({ verdict, wrong: [] });
    }
  });

  it("and the removal after it are undone as one, when the director was away at first", async () => {
    const world = all.world();
    world.machine("rs1").judge = ({ after }, isUndo) => (after || isUndo ? {} : { fails: "out of order" });
    open(world, 5);
    const running = world.start("apply", all.new, {
      faultIn: ({ host, name, count }) => {
        if (host === "dr" && name === "roll back" && count === 1)
          world.machine("dr").deafUntil = world.clock.now() + 20_000;
        return undefined;
      },
    });
    expect(await judged(all, world, world.wait(running))).toMatchObject({ verdict: "before 5", wrong: [] });
    expect(running.calls.filter(({ host, name }) => host === "dr" && name === "observe").length).toBe(2);
  });

  it("is left out with --no-drain", async () => {
    const world = all.world();
    open(world, 1_000);
    const running = world.start("apply", all.new, { drainTimeoutSeconds: 0 });
    expect((await world.wait(running)).exit).toBe(0);
    expect(running.calls.some(({ name }) => name === "traffic")).toBe(false);
  });

  /** The real server that goes has a connection open for so long. */
  function open(world: World, seconds: number): void {
    const end = world.clock.now() + seconds * 1_000;
    world.machine("dr").open = (keys) =>
      keys.map((key) => ({ key, active: world.clock.now() < end ? 1 : 0, inactive: 0, packets: 1 }));
  }
});

/** What a plan learns of the hosts from their ledgers alone. */
function ledgersOf(world: World): ReadonlyMap<string, HostState> {
  const states = [...world.machines].map(
    ([host, { ledgers }]) => [host, { host, observed: new Map(), ledger: ledgers.get(TOPOLOGY) }] as const,
  );
  return new Map(states);
}

/** A host hears nobody for so long from the moment that a call is made. */
function goesAway(world: World, call: Call, seconds: number, host = call.host): CommandOptions {
  return {
    faultIn: (one) => {
      if (isSame(one, call)) world.machine(host).deafUntil = world.clock.now() + seconds * 1_000;
      return undefined;
    },
  };
}
