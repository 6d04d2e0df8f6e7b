/** The steps that restore a host's confirmed state at boot. What is on disk needs none. Pure. */
import type { Ledger } from "../ledger/ledger.ts";
import type { PlannedChange } from "../plan/plan.ts";
import { bootPlaces } from "../resources/boot-order.ts";
import { type BootStep, type HostContext, identity, type Observed, type ResourceKind } from "../resources/resource.ts";

/**
 * The steps for one host; none if we have no boot unit there. `changes`: the host's part of the plan, including what stays
 * unchanged. `ledger`: as it will be after the run. `observed`: what was found before it.
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
  const wanted = changes.filter((change) => change.phase === "build" && isRestored(change, owned));
  return restoringSteps(wanted, observed, kinds, { topology, host });
}

/** The steps that bring back what these changes make, in the boot order. They change nothing where it is there already. */
export function restoringSteps(
  changes: readonly PlannedChange[],
  observed: ReadonlyMap<string, Observed>,
  kinds: ReadonlyMap<string, ResourceKind>,
  context: HostContext,
): readonly BootStep[] {
  const lost = bootPlaces.flatMap((place) => [...kinds.values()].filter(({ comesBack }) => comesBack === place));
  return lost.flatMap((kind) => {
    const theirs = changes.filter((change) => change.kind === kind.kind);
    if (theirs.length === 0) return [];
    const steps = stepsFor(kind, theirs, observed.get(kind.kind) ?? kind.bare(), context);
    return steps.map((step) => ({ ...(kind.comesBack ? { place: kind.comesBack } : {}), ...step }));
  });
}

/** The distribution restores the network that the host had before us; we restore everything else, even what we did not make. */
function isRestored(change: PlannedChange, owned: ReadonlySet<string>): boolean {
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
