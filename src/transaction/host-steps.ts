/** All steps of a run on one host, numbered, each with its undo. Pure. */
import type { RecordedChange } from "../ledger/pending.ts";
import {
  type Change,
  type HostContext,
  inverse,
  type Observed,
  observedAfter,
  type ResourceKind,
  type Step,
} from "../resources/resource.ts";
import { type Phase, stepsOf } from "./phases.ts";

/** A step of a run on one host, with the steps that undo it. */
export interface NumberedStep {
  /** Counts from 0 through the whole run on this host. */
  readonly number: number;
  readonly step: Step;
  /** Undoes the step; assumes that all earlier steps are done and no later ones. */
  readonly undo: readonly Step[];
  /** The step's effect survives a restart of the host. */
  readonly outlivesRestart: boolean;
}

type AllObserved = ReadonlyMap<string, Observed>;

/** The steps of every phase that involves the host. `observed`: what was found before the run. */
export function hostSteps(
  phases: readonly Phase[],
  observed: AllObserved,
  kinds: ReadonlyMap<string, ResourceKind>,
  context: HostContext,
): ReadonlyMap<Phase, readonly NumberedStep[]> {
  const foreseen = new Map(observed);
  const steps = new Map<Phase, readonly NumberedStep[]>();
  let number = 0;
  for (const phase of phases) {
    const changes = phase.hosts.get(context.host);
    if (!changes) continue;
    const numbered = stepsOf(changes, observed, kinds, context).map((step): NumberedStep => {
      const kind = kindOf(step, changes, kinds);
      if (!kind || kind.action) return { number: number++, step, undo: [], outlivesRestart: false };
      const after = observedAfter(kind, step.makes, foreseen.get(kind.kind) ?? kind.bare());
      foreseen.set(kind.kind, after);
      const undo = kind.commands(backwards(kind, step.makes), after, context);
      return { number: number++, step, undo, outlivesRestart: kind.outlivesRestart ?? false };
    });
    steps.set(phase, numbered);
  }
  return steps;
}

function backwards(kind: ResourceKind, changes: readonly Change[]): readonly Change[] {
  return [...changes].reverse().map((change) => inverse(kind, change));
}

function kindOf(
  { makes }: Step,
  changes: readonly RecordedChange[],
  kinds: ReadonlyMap<string, ResourceKind>,
): ResourceKind | undefined {
  const name = makes[0]?.kind ?? changes[0]?.kind;
  return name === undefined ? undefined : kinds.get(name);
}
