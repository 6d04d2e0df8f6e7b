import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Ledger } from "../../src/ledger/ledger.ts";
import type { Answer, Arming, RunHost } from "../../src/transaction/run-host.ts";
import { thing } from "./fake-kind.ts";
import { change, entryOf, making, stepFor } from "./things.ts";

/** A host that a contract is tested on, with controls that only its creator has. */
export interface HostOnTrial {
  readonly host: RunHost;
  /** Waits for a promise while time passes. */
  wait<T>(work: Promise<T>): Promise<T>;
  /** Waits until no run is pending. */
  settle(): Promise<void>;
  /** The names of the things that exist, sorted. */
  things(): Promise<readonly string[]>;
  /** Somebody else removes a thing. */
  remove(thing: string): Promise<void>;
  ledger(): Promise<Ledger | undefined>;
  /** What is restored when the host boots. */
  atBoot(): Promise<readonly string[]>;
  restart(): Promise<void>;
  killTimer(): Promise<void>;
  /** lvsctl dies between a confirmation's decision and its end. */
  cutOffConfirmation(): Promise<void>;
  /** What a run left on the host: files, processes. */
  traces(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export const TOPOLOGY = "demo";
/** More than a day: no test takes that long, so that no timer ends its run (vitest.config.ts). */
const LONG_SECONDS = 100_000;
const RUN = { id: "00c0ffee", confirmTimeoutSeconds: LONG_SECONDS };
const OTHER = { ...RUN, id: "deadbeef" };
/** Only the host in memory has this limit, by its virtual clock. */
const LIMIT_MS = 60_000;
const DONE: Answer = { result: "done" };
const GONE: Answer = { result: "gone" };
const steps = ["a", "lasting", "c"].map((name, number) => making(number, name));
const ledger = (...names: readonly string[]): Ledger => ({
  topology: TOPOLOGY,
  host: "rs1",
  entries: names.map(entryOf),
});

/** What every RunHost does. */
export function describeRunHost(name: string, create: () => Promise<HostOnTrial>): void {
  describe(`a run on ${name}`, () => {
    let trial: HostOnTrial;

    beforeEach(async () => {
      trial = await create();
    });
    afterEach(() => trial.close());

    const ask = <T>(question: (host: RunHost) => Promise<T>) => trial.wait(question(trial.host));
    const arm = (change: Partial<Arming> = {}, seconds = RUN.confirmTimeoutSeconds) =>
      ask((host) => host.arm(arming(change, seconds)));
    const make = (...numbers: readonly number[]) =>
      ask((host) => host.run(RUN, { steps: steps.filter(({ number }) => numbers.includes(number)) }, LIMIT_MS));
    const end = (how: Parameters<RunHost["end"]>[1], { id } = RUN) => ask((host) => host.end(id, how, TOPOLOGY));
    const pending = () => ask((host) => host.pending());

    it("is armed, made and confirmed, and leaves a ledger and nothing else", async () => {
      expect(await arm()).toEqual({ result: "armed" });
      expect(await pending()).toMatchObject({ id: RUN.id, state: "live", record: { runner: { user: "ann" } } });
      expect(await make(0, 1, 2)).toEqual(DONE);
      expect(await ask((host) => host.doneSteps())).toEqual(new Set([0, 1, 2]));
      expect(await end("confirm")).toEqual(DONE);
      expect(await trial.things()).toEqual(["a", "c", "lasting"]);
      expect(await trial.ledger()).toEqual(ledger("a", "lasting", "c"));
      expect(await pending()).toBeUndefined();
      expect(await trial.traces()).toEqual([]);
    });

    it("shows what is there", async () => {
      await arm();
      await make(0);
      const wanted = ["a", "c"].map((key) => ({ kind: "thing", key, state: thing(key, 9) }));
      const observed = await ask((host) => host.observe(wanted, TOPOLOGY));
      expect([...(observed.get("thing")?.states ?? [])]).toEqual([["a", thing("a", 1)]]);
    });

    it("is rolled back by the host as far as it came, and leaves nothing", async () => {
      await arm();
      await make(0, 1);
      expect(await end("undo")).toEqual(DONE);
      expect(await trial.things()).toEqual([]);
      expect(await trial.ledger()).toBeUndefined();
      expect(await trial.traces()).toEqual([]);
    });

    it("is rolled back by the host, the last step first", async () => {
      const larger = change("a", 1, 2);
      const undo = [stepFor(change("a", 2, 1))];
      const both = [making(0, "a"), { number: 1, step: stepFor(larger), undo, outlivesRestart: false }];
      await arm({ steps: both });
      expect(await ask((host) => host.run(RUN, { steps: both }, LIMIT_MS))).toEqual(DONE);
      expect(await end("undo")).toEqual(DONE);
      expect(await trial.things()).toEqual([]);
    });

    it("rolls itself back when nothing is heard of lvsctl", async () => {
      let answer: Answer = GONE;
      // On a slow machine the first deadlines pass before the steps are made.
      for (let seconds = 2; answer.result !== "done" && seconds < LONG_SECONDS; seconds *= 2) {
        await trial.settle();
        await arm({}, seconds);
        const run = { ...RUN, confirmTimeoutSeconds: seconds };
        answer = await ask((host) => host.run(run, { steps: steps.slice(0, 2) }, LIMIT_MS));
      }
      expect(answer).toEqual(DONE);
      await trial.settle();
      expect(await trial.things()).toEqual([]);
      expect(await trial.traces()).toEqual([]);
      expect(await make(2)).toEqual(GONE);
      expect(await ask((host) => host.renew(RUN))).toBe("gone");
      expect(await end("confirm")).toEqual(GONE);
      expect(await trial.things()).toEqual([]);
    });

    it("waits longer each time that it hears of lvsctl, in a stage as well", async () => {
      // So far apart that no test takes long enough to get from one to the next.
      const [first, second, third] = [LONG_SECONDS, 2 * LONG_SECONDS, 3 * LONG_SECONDS];
      await arm({}, first);
      const left = async () => (await pending())?.secondsLeft;
      expect(await left()).toBeLessThanOrEqual(first);
      await ask((host) => host.renew({ ...RUN, confirmTimeoutSeconds: second }));
      expect(await left()).toBeGreaterThan(first);
      await ask((host) => host.run({ ...RUN, confirmTimeoutSeconds: third }, { steps: steps.slice(0, 1) }, LIMIT_MS));
      expect(await left()).toBeGreaterThan(second);
    });

    it("says which step failed and with what words, and rolls back what was made before it", async () => {
      const broken = making(1, "broken");
      const [first, , last] = steps;
      const all = [first, broken, last].flatMap((step) => step ?? []);
      await arm({ steps: all });
      const answer = await ask((host) => host.run(RUN, { steps: all }, LIMIT_MS));
      expect(answer).toEqual({ result: "failed", step: 1, output: "out of order" });
      expect(await trial.things()).toEqual(["a"]);
      expect(await ask((host) => host.doneSteps())).toEqual(new Set([0]));
      expect(await end("undo")).toEqual(DONE);
      expect(await trial.things()).toEqual([]);
    });

    it("ends a stage that hangs before it rolls the run back", async () => {
      const hanging = making(0, "hanging");
      await arm({ steps: [hanging] }, 2);
      const stage = trial.host.run({ ...RUN, confirmTimeoutSeconds: 2 }, { steps: [hanging] }, LIMIT_MS);
      const over = stage.then(
        () => "over",
        () => "over",
      );
      await trial.settle();
      expect(await trial.things()).toEqual([]);
      expect(await trial.wait(over)).toBe("over");
      expect(await trial.traces()).toEqual([]);
    });

    it("is one at a time", async () => {
      await arm();
      const record = { ...arming().record, id: OTHER.id };
      expect(await arm({ record })).toMatchObject({ result: "refused", why: "held" });
      expect(await pending()).toMatchObject({ id: RUN.id });
    });

    it("is not begun where a ledger is not the one that was read", async () => {
      await arm();
      await end("confirm");
      expect(await arm()).toMatchObject({ result: "refused", why: "changed" });
      expect(await arm({ before: ledger("a") })).toMatchObject({ result: "refused", why: "changed" });
      expect(await arm({ before: ledger("a", "lasting", "c") })).toEqual({ result: "armed" });
    });

    it("is not ended by another run, nor does that change anything", async () => {
      await arm();
      await make(0);
      for (const how of ["confirm", "undo", "forget"] as const) expect(await end(how, OTHER)).toEqual(GONE);
      expect(await ask((host) => host.run(OTHER, { steps: [making(1, "c")] }, LIMIT_MS))).toEqual(GONE);
      expect(await ask((host) => host.renew(OTHER))).toBe("gone");
      expect(await ask((host) => host.keep(OTHER, ledger("c")))).toEqual(GONE);
      expect(await trial.things()).toEqual(["a"]);
      expect(await pending()).toMatchObject({ id: RUN.id, state: "live" });
    });

    it("leaves alone what lvsctl has rolled back, whatever has come there since", async () => {
      await arm();
      await make(0, 1);
      const undo = [change("a", 1, undefined), change("a", undefined, 7)].map((one) => ({ step: stepFor(one) }));
      expect(await ask((host) => host.run(RUN, { steps: undo, undoes: [0, 2] }, LIMIT_MS))).toEqual(DONE);
      expect(await trial.things()).toEqual(["a", "lasting"]);
      expect(await end("undo")).toEqual(DONE);
      expect(await trial.things()).toEqual(["a"]);
    });

    it("has to succeed in rolling back what lvsctl could not, unless lvsctl succeeds in the end", async () => {
      await arm();
      await make(0, 1);
      const undo = (key: string) => ({ step: stepFor(change(key, 1, undefined)) });
      const takeBack = (...steps: ReturnType<typeof undo>[]) =>
        ask((host) => host.run(RUN, { steps, undoes: [0, 1] }, LIMIT_MS));
      expect(await takeBack(undo("lasting"), undo("nothing"))).toMatchObject({ result: "failed", step: 1 });
      expect(await end("undo")).toMatchObject({ result: "failed" });
      expect(await pending()).toMatchObject({ id: RUN.id, state: "stuck" });
      expect(await trial.things()).toEqual([]);
      await end("forget");
      await arm();
      await make(0, 1);
      expect(await takeBack(undo("lasting"), undo("nothing"))).toMatchObject({ result: "failed", step: 1 });
      expect(await takeBack(undo("a"))).toEqual(DONE);
      expect(await end("undo")).toEqual(DONE);
      expect(await trial.traces()).toEqual([]);
    });

    it("can neither go on nor be confirmed once somebody has begun to roll it back", async () => {
      await arm();
      await make(0);
      expect(await ask((host) => host.run(RUN, { steps: [], undoes: [] }, LIMIT_MS))).toEqual(DONE);
      expect(await make(1)).toEqual(GONE);
      expect(await end("confirm")).toEqual(GONE);
      expect(await trial.things()).toEqual(["a"]);
      expect(await end("undo")).toEqual(DONE);
      expect(await trial.things()).toEqual([]);
      expect(await trial.traces()).toEqual([]);
    });

    it("has to succeed in rolling back what was done, and says where it did not", async () => {
      await arm();
      await make(0, 1);
      await trial.remove("lasting");
      expect(await end("undo")).toMatchObject({ result: "failed" });
      expect(await trial.things()).toEqual([]);
      expect(await pending()).toMatchObject({ id: RUN.id, state: "stuck" });
      for (const how of ["confirm", "finish"] as const) expect(await end(how)).toEqual(GONE);
      expect(await pending()).toMatchObject({ id: RUN.id, state: "stuck" });
      expect(await end("forget")).toEqual(DONE);
      expect(await trial.traces()).toEqual([]);
    });

    it("is forgotten, and all stays as it is", async () => {
      await arm();
      await make(0);
      expect(await end("forget")).toEqual(DONE);
      expect(await trial.things()).toEqual(["a"]);
      expect(await trial.ledger()).toBeUndefined();
      expect(await trial.traces()).toEqual([]);
    });

    it("is kept as far as it came, with a ledger that says so, and what came back at boot still does", async () => {
      const step = { what: "thing a", script: making(0, "a").step.script };
      await arm({ atBoot: [step] });
      await end("confirm");
      await arm({ before: ledger("a", "lasting", "c"), atBoot: [] });
      await make(0);
      expect(await ask((host) => host.keep(RUN, ledger("a")))).toEqual(DONE);
      expect(await trial.things()).toEqual(["a"]);
      expect(await trial.ledger()).toEqual(ledger("a"));
      expect(await trial.atBoot()).toEqual(["thing a"]);
      expect(await pending()).toBeUndefined();
    });

    it("brings back at boot what the last run that was confirmed has asked for", async () => {
      const step = (what: string) => ({ what, script: making(0, "a").step.script });
      await arm({ atBoot: [step("thing a"), step("thing c")] });
      expect(await trial.atBoot()).toEqual([]);
      await end("confirm");
      expect(await trial.atBoot()).toEqual(["thing a", "thing c"]);
      await arm({ before: ledger("a", "lasting", "c"), atBoot: [] });
      await end("confirm");
      expect(await trial.atBoot()).toEqual([]);
    });

    it("takes the ledger away where nothing is accounted for any more", async () => {
      await arm();
      await end("confirm");
      await arm({ before: ledger("a", "lasting", "c"), after: ledger() });
      expect(await trial.ledger()).toEqual(ledger("a", "lasting", "c"));
      await end("confirm");
      expect(await trial.ledger()).toBeUndefined();
      expect(await trial.traces()).toEqual([]);
    });

    it("cannot go on, nor be confirmed, after a restart; only what is on disk is rolled back then", async () => {
      await arm();
      await make(0, 1);
      await trial.restart();
      expect(await pending()).toMatchObject({ id: RUN.id, state: "restarted" });
      expect(await make(2)).toMatchObject({ result: "failed" });
      expect(await ask((host) => host.renew(RUN))).toBe("failed");
      expect(await end("confirm")).toMatchObject({ result: "failed" });
      expect(await pending()).toMatchObject({ id: RUN.id, state: "restarted" });
      expect(await trial.things()).toEqual(["lasting"]);
      expect(await end("undo")).toEqual(DONE);
      expect(await trial.things()).toEqual([]);
      expect(await trial.traces()).toEqual([]);
    });

    it("can be rolled back step by step, and forgotten, after a restart", async () => {
      await arm();
      await make(0, 1);
      await trial.restart();
      const undo = [{ step: stepFor(change("lasting", 1, undefined)) }];
      expect(await ask((host) => host.run(RUN, { steps: undo, undoes: [0, 1, 2] }, LIMIT_MS))).toEqual(DONE);
      expect(await end("forget")).toEqual(DONE);
      expect(await trial.things()).toEqual([]);
      expect(await trial.traces()).toEqual([]);
    });

    it("stays pending when its timer has died, and can still be confirmed", async () => {
      await arm();
      await make(0);
      await trial.killTimer();
      await ask((host) => host.renew({ ...RUN, confirmTimeoutSeconds: 0 }));
      expect(await pending()).toMatchObject({ id: RUN.id, state: "expired" });
      expect(await end("confirm")).toEqual(DONE);
      expect(await trial.things()).toEqual(["a"]);
    });

    it("is finished when its confirmation was interrupted, and by nothing else", async () => {
      await arm();
      await make(0, 1, 2);
      await trial.cutOffConfirmation();
      expect(await pending()).toMatchObject({ id: RUN.id, state: "committed" });
      expect(await make(0)).toEqual(GONE);
      expect(await end("undo")).toEqual(GONE);
      expect(await end("finish")).toEqual(DONE);
      expect(await trial.things()).toEqual(["a", "c", "lasting"]);
      expect(await trial.ledger()).toEqual(ledger("a", "lasting", "c"));
      expect(await trial.traces()).toEqual([]);
    });
  });
}

function arming(change: Partial<Arming> = {}, confirmTimeoutSeconds = RUN.confirmTimeoutSeconds): Arming {
  const record = {
    id: RUN.id,
    topology: TOPOLOGY,
    host: "rs1",
    runner: { user: "ann", machine: "laptop", process: 4711, command: "apply" },
    since: "2026-11-20T12:00:00.000Z",
    hosts: ["rs1"],
    confirmTimeoutSeconds,
    changes: [],
    steps: steps.length,
  };
  const after = ledger("a", "lasting", "c");
  return { record, steps, before: undefined, others: [], after, atBoot: [], ...change };
}
