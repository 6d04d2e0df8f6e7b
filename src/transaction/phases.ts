/** The order of a run: which changes of a plan are made together. Pure. */
import { type Stage, stages } from "../lvs/stage.ts";
import type { Plan, PlannedChange } from "../plan/plan.ts";
import type { HostContext, Observed, ResourceKind, Step } from "../resources/resource.ts";

/** Changes that are made side by side on several hosts; the next phase begins when all of them have succeeded. */
export interface Phase {
  readonly stage: Stage;
  readonly direction: "build" | "clear";
  readonly hosts: ReadonlyMap<string, readonly PlannedChange[]>;
}

/** A plan's phases: building, stage by stage; then clearing, backwards, so that what replaces a thing is there first. */
export function phasesOf(plan: Plan): readonly Phase[] {
  const changes = [...plan.hosts.values()].flat().filter(({ action }) => action !== "none");
  const pick = (stage: Stage, direction: "build" | "clear"): Phase => ({
    stage,
    direction,
    hosts: groupBy(
      changes.filter((change) => change.stage === stage && change.phase === direction),
      ({ host }) => host,
    ),
  });
  return [
    ...stages.map((stage) => pick(stage, "build")),
    ...[...stages].reverse().map((stage) => pick(stage, "clear")),
  ].filter(({ hosts }) => hosts.size > 0);
}

/** The steps that make changes on one host: changes of one kind together, kinds in the order of their first change. */
export function stepsOf(
  changes: readonly PlannedChange[],
  observed: ReadonlyMap<string, Observed>,
  kinds: ReadonlyMap<string, ResourceKind>,
  context: HostContext,
): readonly Step[] {
  return [...groupBy(changes, ({ kind }) => kind)].flatMap(([name, ofKind]) => {
    const found = observed.get(name) ?? { states: new Map(), detail: undefined };
    return kinds.get(name)?.commands(ofKind, found, context) ?? [];
  });
}

function groupBy<T>(values: readonly T[], key: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const group = groups.get(key(value));
    if (group) group.push(value);
    else groups.set(key(value), [value]);
  }
  return groups;
}
