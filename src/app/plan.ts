/** `lvsctl plan`: what would change on the hosts. Changes nothing. */
import { judgedPlan, type PlanChoices } from "../plan/judged-plan.ts";
import type { Plan } from "../plan/plan.ts";
import { hostsToKnow, withRemoved } from "../plan/removed-hosts.ts";
import { kinds } from "../resources/kinds.ts";
import { loadAndCompile } from "./load.ts";
import { nextOn } from "./next-on.ts";
import { withOwners } from "./owners-lists.ts";
import { joinRemoved, type RemovalOptions, refuseForgetting } from "./removed-hosts.ts";
import { scopeOf } from "./scope.ts";
import { withSessions } from "./with-sessions.ts";

export { hasChanges } from "../plan/plan.ts";

/** The options of `plan`. */
export interface PlanOptions extends RemovalOptions, PlanChoices {}

/** A plan, and how many execs it took to read the hosts. */
export interface PlanResult {
  readonly plan: Plan;
  readonly execs: number;
}

/** Reads the hosts of a topology file and compares; the connections refuse to change anything. */
export async function planTopology(file: string, options: PlanOptions): Promise<PlanResult> {
  const { topology, desired, owners } = await loadAndCompile(file);
  refuseForgetting(topology, options.forget);
  const scope = await scopeOf(topology, desired, options);
  const next = nextOn(options, scope.targets);
  return withSessions(scope, options, "read", async (sessions) => {
    const removed = await joinRemoved(sessions, topology, options, "read");
    const plan = withOwners(judgedPlan(desired, sessions.states, kinds, options, next), owners);
    const whole = withRemoved(plan, hostsToKnow(topology.hosts, desired), removed);
    const isMidRun = [...sessions.states.values()].some(({ pending }) => pending !== undefined);
    return { plan: isMidRun ? { ...whole, isMidRun } : whole, execs: sessions.execs };
  });
}
