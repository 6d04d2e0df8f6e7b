/** `lvsctl plan`: what would change on the hosts. Touches nothing. */
import { judgedPlan, type PlanChoices } from "../plan/judged-plan.ts";
import type { Plan } from "../plan/plan.ts";
import { kinds } from "../resources/kinds.ts";
import { loadAndCompile } from "./load.ts";
import { type HostOptions, openSessions, targetsOf, withLab } from "./sessions.ts";

export { hasChanges } from "../plan/plan.ts";

export interface PlanOptions extends HostOptions, PlanChoices {}

export interface PlanResult {
  readonly plan: Plan;
  readonly execs: number;
}

/** Reads the hosts of a topology file and compares; the hosts' transports refuse to change anything. */
export async function planTopology(file: string, options: PlanOptions): Promise<PlanResult> {
  const { topology, desired } = await loadAndCompile(file);
  const targets = await targetsOf(topology, options);
  const sessions = await openSessions(targets, await withLab(topology.name, options), {
    readOnly: true,
    topology: topology.name,
    desired,
  });
  try {
    return { plan: judgedPlan(desired, sessions.states, kinds, options), execs: sessions.execs };
  } finally {
    await sessions.close();
  }
}
