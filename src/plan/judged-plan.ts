/** The plan of a run, with every problem that should stop it. Pure. */
import type { DesiredState } from "../compile/desired-state.ts";
import type { FollowUp } from "../errors/follow-up.ts";
import type { ResourceKind } from "../resources/resource.ts";
import { adopt } from "./adopt.ts";
import { withCaveats } from "./caveats.ts";
import { withConflicts } from "./conflicts.ts";
import { withFilters } from "./filters.ts";
import type { HostState } from "./host-state.ts";
import { makePlan } from "./make-plan.ts";
import { guardManagement } from "./management.ts";
import type { Plan } from "./plan.ts";
import { withUnchecked } from "./unchecked.ts";

/** What the user allows. */
export interface PlanChoices {
  /** Allow changes that could break lvsctl's own sessions. */
  readonly allowManagementChange?: boolean;
  /** Take over what somebody else made. */
  readonly adopt?: boolean;
  /** The hosts are those of a lab: what it has made for them may change. */
  readonly lab?: boolean;
}

/** `makePlan`, plus conflicts and dangers as problems unless the choices allow them, what could not be checked, and filters in the way. */
export function judgedPlan(
  desired: DesiredState,
  states: ReadonlyMap<string, HostState>,
  kinds: ReadonlyMap<string, ResourceKind>,
  choices: PlanChoices,
  next?: FollowUp,
): Plan {
  const made = makePlan(desired, states, kinds, next);
  const adopting = choices.adopt ? "all" : choices.lab ? "of-lab" : undefined;
  const plan = withConflicts(adopting ? adopt(made, states, kinds, adopting) : made, states, kinds);
  const guarded = guardManagement(plan, states, kinds, choices.allowManagementChange ?? false);
  return withFilters(
    withUnchecked(withCaveats(guarded, states, kinds), states, kinds, desired.passing),
    states,
    kinds,
    desired.passing,
  );
}
