/** `lvsctl plan`: what would change on the hosts. Changes nothing. */
import { judgedPlan, type PlanChoices } from "../plan/judged-plan.ts";
import type { Plan } from "../plan/plan.ts";
import { kinds } from "../resources/kinds.ts";
import type { HostOptions } from "./host-options.ts";
import { loadAndCompile } from "./load.ts";
import { scopeOf } from "./scope.ts";
import { withSessions } from "./with-sessions.ts";

export { hasChanges } from "../plan/plan.ts";

/** The options of `plan`. */
export interface PlanOptions extends HostOptions, PlanChoices {}

/** A plan, and how many execs it took to read the hosts. */
export interface PlanResult {
  readonly plan: Plan;
  readonly execs: number;
}

/** Reads the hosts of a topology file and compares; the connections refuse to change anything. */
export async function planTopology(file: string, options: PlanOptions): Promise<PlanResult> {
  const { topology, desired } = await loadAndCompile(file);
  return withSessions(await scopeOf(topology, desired, options), options, "read", async ({ states, execs }) => ({
    plan: judgedPlan(desired, states, kinds, options),
    execs,
  }));
}
