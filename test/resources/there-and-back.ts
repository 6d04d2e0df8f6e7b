/** Takes resources there and back on a throw-away host: apply, read, equal; inverse, read, as before. */
import { expect } from "vitest";
import { type Change, inverse, type Observed, type ResourceKind, type State } from "../../src/resources/resource.ts";
import { context, type ThrowAwayHost } from "./throw-away-host.ts";

/** A host to try resources on. */
export type TrialHost = Pick<ThrowAwayHost, "observe"> & {
  run(
    script: string,
  ): Promise<{ readonly stdout: string; readonly stderr: string; readonly status: number | undefined }>;
};

/** The resources that steps ask for, each once, as compiling has it. */
export function statesOf<S extends State, D>(kind: ResourceKind<S, D>, written: readonly State[]): readonly S[] {
  const states = written.flatMap((one) => kind.resolve(one, context));
  return [...new Map(states.map((state) => [kind.key(state), state])).values()];
}

/** The changes that are still to be made. */
export function changesTo<S extends State, D>(
  kind: ResourceKind<S, D>,
  desired: readonly S[],
  observed: Observed<S, D>,
): readonly Change<S>[] {
  return desired.flatMap((after) => {
    const key = kind.key(after);
    const before = observed.states.get(key);
    return before && kind.diff(before, after).length === 0 ? [] : [{ kind: kind.kind, key, before, after }];
  });
}

/** Makes changes as a stage's script does. */
export async function make<S extends State, D>(
  host: TrialHost,
  kind: ResourceKind<S, D>,
  changes: readonly Change<S>[],
  observed: Observed<S, D>,
): Promise<void> {
  const steps = kind.commands(changes, observed, context);
  const blocks = steps.map(({ script }) => `(\nset -e\n${script}\n)\n[ $? = 0 ] || exit 1\n`);
  const { status, stderr } = await host.run(blocks.join(""));
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
}

/** The whole way; `dump` is a command that shows all that could be left behind. */
export async function thereAndBack<S extends State, D>(
  host: TrialHost,
  kind: ResourceKind<S, D>,
  written: readonly State[],
  dump: string,
): Promise<void> {
  const desired = statesOf(kind, written);
  const dumped = await host.run(dump);
  const before = await host.observe(kind, desired);
  const changes = changesTo(kind, desired, before);
  expect(changes.length).toBeGreaterThan(0);

  await make(host, kind, changes, before);
  expect(changesTo(kind, desired, await host.observe(kind, desired))).toEqual([]);

  await make(host, kind, changes.map((change) => inverse(kind, change)).reverse(), before);
  expect((await host.observe(kind, desired)).states).toEqual(before.states);
  expect((await host.run(dump)).stdout).toEqual(dumped.stdout);
}
