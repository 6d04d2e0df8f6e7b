/** What brings a host's confirmed state back when it starts; what is on disk anyway is not among it. Pure. */
import type { Ledger } from "../ledger/ledger.ts";
import type { PlannedChange } from "../plan/plan.ts";
import { bootPlaces } from "../resources/boot-order.ts";
import { type BootStep, type HostContext, identity, type Observed, type ResourceKind } from "../resources/resource.ts";

/**
 * The steps for one host; none where no unit of ours starts anything there. `changes`: the host's part of the plan, what
 * stays as it is included. `ledger`: as it will be after the run. `observed`: what was found before it.
 */
export function bootStepsOf(
  changes: readonly PlannedChange[],
  ledger: Ledger,
  observed: ReadonlyMap<string, Observed>,
  kinds: ReadonlyMap<string, ResourceKind>,
): readonly BootStep[] {
  const { topology, host } = ledger;
  if (!ledger.entries.some(({ kind }) => kinds.get(kind)?.startsRestore)) return [];
  const owned = new Set(ledger.entries.map(identity));
  const wanted = changes.filter((change) => change.phase === "build" && isToComeBack(change, owned));
  const lost = bootPlaces.flatMap((place) => [...kinds.values()].filter(({ comesBack }) => comesBack === place));
  return lost.flatMap((kind) => {
    const theirs = wanted.filter((change) => change.kind === kind.kind);
    if (theirs.length === 0) return [];
    return stepsFor(kind, theirs, observed.get(kind.kind) ?? kind.bare(), { topology, host });
  });
}

/** What the host had of its own network before us, its distribution brings back; all else comes back whoever made it. */
function isToComeBack(change: PlannedChange, owned: ReadonlySet<string>): boolean {
  return change.isAction || change.stage !== "base-network" || owned.has(identity(change));
}

function stepsFor(
  kind: ResourceKind,
  changes: readonly PlannedChange[],
  observed: Observed,
  context: HostContext,
): readonly BootStep[] {
  const states = changes.flatMap(({ after }) => (after === undefined ? [] : [after]));
  if (kind.atBoot) return kind.atBoot(states, observed, context);
  return kind
    .commands(
      changes.map(({ key, after }) => ({ kind: kind.kind, key, before: undefined, after })),
      observed,
      context,
    )
    .map(({ makes, script }) => ({
      what: makes.flatMap(({ after }) => (after ? kind.describe(after) : [])).join("; "),
      script,
    }));
}
