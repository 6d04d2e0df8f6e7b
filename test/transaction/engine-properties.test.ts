/** Whatever a run is to make, and whatever goes wrong: what must be true of the hosts, and of what lvsctl says of them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { identity } from "../../src/resources/resource.ts";
import { isLongRun } from "../helpers/long-run.ts";
import type { Call } from "../helpers/memory-host.ts";
import { helpOut, judged, type TwoVersions, twoVersions } from "../helpers/memory-versions.ts";
import { type Mishap, type RandomVersions, randomMishaps, randomVersions } from "../helpers/random-run.ts";
import { ended, whichOf } from "../helpers/verdict.ts";
import type { Command, CommandOptions, Desired, Running, World } from "../helpers/world.ts";

/** The same runs every time; LVSCTL_SEED=random, or a number, for others. A failure prints its seed and path. */
const seed = process.env["LVSCTL_SEED"] ?? (isLongRun ? "random" : "20261125");
const RUNS = Number(process.env["LVSCTL_RUNS"] ?? (isLongRun ? 1_000 : 40));
const PARAMETERS = { numRuns: RUNS, ...(seed === "random" ? {} : { seed: Number(seed) }) };

describe("whatever goes wrong", () => {
  it("in a run, every host ends in its old or its new state, and exit code and text say which", async () => {
    await fc.assert(
      fc.asyncProperty(randomVersions, randomMishaps, options, async (random, mishaps, flags) => {
        const all = await versionsOf(random);
        const world = all.world();
        const running = started(world, "apply", all, mishaps, flags);
        const { verdict, wrong, end } = await judged(all, world, world.wait(running));
        const about = `${end.text}\n${running.calls.map(({ host, name }) => `${host} ${name}`).join(", ")}`;
        expect(wrong, about).toEqual([]);
        if (verdict.startsWith("each")) {
          // Only a confirmation can be cut off between two hosts; where lvsctl lives, it names the host that is not as the others.
          expect(running.calls.some(({ name }) => name === "confirm")).toBe(true);
          expect([undefined, 1], about).toContain(end.exit);
        }
        if (end.exit === 0) expect((await world.do("apply", all.new)).run?.result).toBe("nothing-to-do");
        world.mend();
        expect((await world.do("destroy", all.new, { lockTimeoutSeconds: 400 })).exit, about).toBe(0);
        expect(resourcesOn(world), about).toEqual(foundBy(random));
      }),
      PARAMETERS,
    );
  });

  it("and whoever comes next: rollback, confirm and the next apply leave every host in its old or its new state", async () => {
    const next = fc.constantFrom<Command>("rollback", "confirm", "apply");
    await fc.assert(
      fc.asyncProperty(randomVersions, randomMishaps, options, next, async (random, mishaps, flags, command) => {
        const all = await versionsOf(random);
        const world = all.world();
        const first = started(world, "apply", all, mishaps, flags);
        await world.wait(first);
        await world.clock.pass(10_000);
        world.mend();
        const { exit, text } = await world.do(command, all.new, { lockTimeoutSeconds: 400 });
        const which = whichOf(world, all.versions);
        if (exit === 0 && command === "apply")
          expect(ended(which), text).toBe(hasNothingNew(which) ? "before" : "after");
        await world.settle();
        await helpOut(world, all.new);
        expect(whichOf(world, all.versions), text).not.toContain("neither");
        if (command !== "apply") expect((await world.do("apply", all.new, { lockTimeoutSeconds: 400 })).exit).toBe(0);
        expect(ended(whichOf(world, all.versions))).not.toBe("each");
      }),
      PARAMETERS,
    );
  });

  it("with two at once, every host ends in its old or its new state, and both say so", async () => {
    await fc.assert(
      fc.asyncProperty(
        randomVersions,
        fc.array(fc.nat(60), { minLength: 1, maxLength: 3 }),
        fc.nat(1),
        async (random, delays, wait) => {
          const all = await versionsOf(random);
          const world = all.world();
          for (const machine of world.machines.values()) machine.judge = () => ({ seconds: 7 });
          const running: Running[] = [world.start("apply", all.new)];
          for (const delay of delays) {
            await world.clock.pass(delay * 1_000);
            running.push(world.start("apply", all.new, { lockTimeoutSeconds: wait * 3_000 }));
          }
          const exits = [];
          for (const one of running) exits.push((await world.wait(one)).exit);
          expect(exits[0]).toBe(0);
          for (const exit of exits.slice(1)) expect(wait === 1 ? [0] : [0, 6]).toContain(exit);
          expect(ended(whichOf(world, all.versions))).not.toMatch(/each|BETWEEN/);
        },
      ),
      PARAMETERS,
    );
  });
});

const options: fc.Arbitrary<CommandOptions> = fc.record({
  confirmTimeoutSeconds: fc.constantFrom(5, 60),
  stepTimeoutSeconds: fc.constantFrom(20, 600),
  drainTimeoutSeconds: fc.constantFrom(0, 30),
});

async function versionsOf(random: RandomVersions): Promise<TwoVersions> {
  return twoVersions(random.hosts, random.old, random.new, random.found);
}

/** Begins a command in which all of this goes wrong. */
function started(
  world: World,
  command: Command,
  all: TwoVersions,
  mishaps: readonly Mishap[],
  flags: CommandOptions,
): Running {
  const names = [...world.machines.keys()];
  const hostOf = ({ host }: { readonly host: number }) => names[host % names.length] ?? "";
  let calls = 0;
  const failing = new Set<string>();
  for (const mishap of mishaps) {
    // A host by itself cannot tell whether a step that failed was made; if its undo fails, too, it stays. See engine-cases.
    if (mishap.what === "step fails" && !failing.has(hostOf(mishap))) {
      failing.add(hostOf(mishap));
      failOnce(world, hostOf(mishap), mishap);
    }
    if (mishap.what === "slow") slowDown(world, hostOf(mishap), mishap.seconds);
  }
  const faultIn = (call: Call) => {
    calls += 1;
    for (const mishap of mishaps) {
      if (!("count" in mishap) || mishap.count !== calls) continue;
      if (mishap.what === "deaf") world.machine(hostOf(mishap)).deafUntil = world.clock.now() + mishap.seconds * 1_000;
      if (mishap.what === "timer dies") world.machine(hostOf(mishap)).killTimer();
      if (mishap.what === "interrupt") running.interrupt();
      if (mishap.what === "kill") running.kill();
    }
    const isMeant = (one: Mishap) =>
      one.what === "fault" && hostOf(one) === call.host && one.name === call.name && one.count === call.count;
    const found = mishaps.find(isMeant);
    return found?.what === "fault" ? found.fault : undefined;
  };
  const running = world.start(command, all.new, { ...flags, faultIn });
  return running;
}

function failOnce(
  world: World,
  host: string,
  { count, isMade }: { readonly count: number; readonly isMade: boolean },
): void {
  const machine = world.machine(host);
  const before = machine.judge;
  let changes = 0;
  machine.judge = (change, isUndo) => {
    changes += 1;
    return changes === count ? { fails: "out of order", isMade } : before(change, isUndo);
  };
}

function slowDown(world: World, host: string, seconds: number): void {
  const machine = world.machine(host);
  const before = machine.judge;
  machine.judge = (change, isUndo) => ({ seconds, ...before(change, isUndo) });
}

/** What is on each host, without what lvsctl keeps of it. */
function resourcesOn(world: World) {
  return Object.fromEntries([...world.machines].map(([host, { resources }]) => [host, Object.fromEntries(resources)]));
}

/** What was there before lvsctl came. */
function foundBy({ found }: RandomVersions) {
  const resources = (all: Desired[string]) => Object.fromEntries(all.map((one) => [identity(one), one.state]));
  return Object.fromEntries(Object.entries(found).map(([host, all]) => [host, resources(all)]));
}

function hasNothingNew(which: readonly string[]): boolean {
  return which.every((one) => one === "same");
}
