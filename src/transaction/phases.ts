/** The order of a run: which changes of a plan are made together. Pure. */
import type { RecordedChange } from "../ledger/pending.ts";
import { type Stage, stages } from "../lvs/stage.ts";
import type { Plan, PlannedChange } from "../plan/plan.ts";
import type { HostContext, Observed, ResourceKind, Step } from "../resources/resource.ts";

/** Changes that are made side by side on several hosts; the next phase begins when all of them have succeeded. */
export interface Phase {
  /**
   * Usually one. Successive stages that involve the same single host are joined, because no other host waits for them.
   * Clearing marks is a phase of its own: draining comes after it.
   */
  readonly stages: readonly Stage[];
  /** `drain`: real servers about to be removed receive no new connections, and get time to finish those they have. */
  readonly direction: "build" | "drain" | "clear";
  readonly hosts: ReadonlyMap<string, readonly PlannedChange[]>;
}

/** A plan's phases: build stage by stage, then clear in reverse order. A replacement is built before the old one is removed. */
export function phasesOf(plan: Plan): readonly Phase[] {
  const changes = [...plan.hosts.values()].flat().filter(({ action }) => action !== "none");
  const pick = (stage: Stage, direction: "build" | "clear"): Phase => ({
    stages: [stage],
    direction,
    hosts: groupBy(
      changes.filter((change) => change.stage === stage && change.phase === direction),
      ({ host }) => host,
    ),
  });
  return [...stages.map((stage) => pick(stage, "build")), ...[...stages].reverse().map((stage) => pick(stage, "clear"))]
    .filter(({ hosts }) => hosts.size > 0)
    .reduce(joinSingleHost, []);
}

/**
 * The steps that make changes on one host, stage by stage. Within a stage, changes of one kind are made together; kinds
 * come in the order of their first change.
 */
export function stepsOf(
  changes: readonly RecordedChange[],
  observed: ReadonlyMap<string, Observed>,
  kinds: ReadonlyMap<string, ResourceKind>,
  context: HostContext,
): readonly Step[] {
  return [...groupBy(changes, ({ stage, kind }) => `${stage} ${kind}`).values()].flatMap((group) => {
    const name = group[0]?.kind ?? "";
    const kind = kinds.get(name);
    return kind?.commands(group, observed.get(name) ?? kind.bare(), context) ?? [];
  });
}

function joinSingleHost(phases: readonly Phase[], next: Phase): Phase[] {
  const last = phases.at(-1);
  const [host] = next.hosts.keys();
  const isAlone = last?.hosts.size === 1 && next.hosts.size === 1 && host !== undefined && last.hosts.has(host);
  const isBeforeDrain = last?.direction === "clear" && last.stages.includes("marks");
  if (!last || !isAlone || last.direction !== next.direction || isBeforeDrain) return [...phases, next];
  const changes = [...(last.hosts.get(host) ?? []), ...(next.hosts.get(host) ?? [])];
  const joined = { ...last, stages: [...last.stages, ...next.stages], hosts: new Map([[host, changes]]) };
  return [...phases.slice(0, -1), joined];
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
