import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FaultLab, topologyText } from "../helpers/fault-lab.ts";
import { randomFrom } from "../helpers/random-numbers.ts";

const NAME = "e2e-kill";
const ROUNDS = 52;

type State = "nothing" | "first" | "second";

/** What leads from one state to another. */
const WAYS: Readonly<Record<State, readonly (readonly [command: string, to: State])[]>> = {
  nothing: [
    ["apply", "first"],
    ["apply", "second"],
  ],
  first: [
    ["apply", "second"],
    ["destroy", "nothing"],
  ],
  second: [
    ["apply", "first"],
    ["destroy", "nothing"],
  ],
};

/** After how many lines that tell of something begun or done lvsctl is killed: at the beginning and end of every stage. */
const BOUNDARIES = [1, 3, 4, 5, 7, 8, 9, 11];

let faults: FaultLab;
let files: Readonly<Record<State, string>>;
let state: State = "nothing";
/** How long undisturbed runs take, so that a random moment is one in the middle of a run; milliseconds. */
const took: Partial<Record<string, number>> = {};

beforeAll(async () => {
  faults = await FaultLab.up(NAME);
  const second = faults.lab.variant("second.yaml", () => topologyText(NAME, { weight: 7, second: true }));
  files = { nothing: faults.lab.file, first: faults.lab.file, second };
  await faults.know("nothing");
  for (const [command, to] of [
    ["apply", "first"],
    ["apply", "second"],
    ["apply", "first"],
    ["destroy", "nothing"],
  ] as const) {
    await undisturbed(command, to);
    if (to === "nothing") expect(await faults.statesOf(["nothing"])).toEqual(["nothing", "nothing", "nothing"]);
    else await faults.know(to);
  }
});

afterAll(async () => {
  await faults?.down();
});

describe("lvsctl is killed (SIGKILL)", () => {
  const random = randomFrom(20261120);
  const rounds = Array.from({ length: ROUNDS }, (_, round) => ({
    round,
    way: random(),
    moment: random(),
    mended: random(),
  }));

  it.each(rounds)("round $round", async ({ round, way, moment, mended }) => {
    const [command, to] = pick(WAYS[state], way);
    const boundary = round % 4 === 0 ? BOUNDARIES[(round / 4) % BOUNDARIES.length] : undefined;
    const when = boundary ? { atLine: boundary } : { afterMs: moment * ((took[`${command} ${to}`] ?? 8_000) + 500) };
    const end = await faults.run(command, { file: files[to], signal: "SIGKILL", ...flagsFor(command), ...when });
    const byHand = mended < 0.5;
    if (byHand) await faults.run("rollback", { file: files[to] });
    else await faults.settle();
    const states = await faults.statesOf([state, to]);
    const by =
      end.signal === undefined
        ? "nobody: it came too late"
        : byHand
          ? "lvsctl rollback, or its end"
          : "the hosts' timers, or its end";
    const fault = boundary
      ? "kill -9 of lvsctl at the beginning or end of a stage"
      : "kill -9 of lvsctl at a random moment";
    if (state !== to) faults.note({ fault, during: command, by }, states, { before: state, after: to }, end);
    if (states.every((one) => one === to)) state = to;
    else if (!states.every((one) => one === state)) {
      await undisturbed(command, to);
      expect(await faults.statesOf([to])).toEqual(states.map(() => to));
    }
  });

  it("has cost somebody else's clients no request", async () => {
    const { asked, lost } = await faults.othersAsked();
    expect(asked).toBeGreaterThan(ROUNDS);
    expect(lost).toBe(0);
  });
});

async function undisturbed(command: string, to: State): Promise<void> {
  const start = performance.now();
  const { status, output } = await faults.run(command, { file: files[to], ...flagsFor(command) });
  expect(status, output).toBe(0);
  took[`${command} ${to}`] = performance.now() - start;
  state = to;
}

function flagsFor(command: string): { readonly flags?: readonly string[] } {
  return command === "apply" ? { flags: ["--no-verify"] } : {};
}

function pick<T>(values: readonly T[], at: number): T {
  const value = values[Math.floor(at * values.length)];
  if (value === undefined) throw new RangeError("nothing to pick from");
  return value;
}
