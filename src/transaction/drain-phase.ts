/** The phase that drains real servers which the run removes. It comes before anything is removed. Pure. */
import type { Plan, PlannedChange } from "../plan/plan.ts";
import { ipvsDestination } from "../resources/ipvs-destination.ts";
import { isOf } from "../resources/typed.ts";
import { type Phase, phasesOf } from "./phases.ts";

/**
 * A plan's phases, with draining after everything is built, so that other real servers can take over. Marks go first, so
 * that another service gets the new connections.
 */
export function phasesWithDrain(plan: Plan): readonly Phase[] {
  const phases = phasesOf(plan);
  const hosts = drainsOf(plan);
  if (hosts.size === 0) return phases;
  const at = phases.findIndex(({ direction, stages }) => direction === "clear" && !stages.includes("marks"));
  return [...phases.slice(0, at), { stages: ["real-servers"], direction: "drain", hosts }, ...phases.slice(at)];
}

/** Weight 0 for every real server that a plan takes out of a director's table, by director. */
export function drainsOf(plan: Plan): ReadonlyMap<string, readonly PlannedChange[]> {
  const drains = [...plan.hosts].map(([host, changes]) => [host, changes.flatMap(drainBefore)] as const);
  return new Map(drains.filter(([, changes]) => changes.length > 0));
}

/** A real server gets weight 0 before it is removed; it may have it already. */
function drainBefore(change: PlannedChange): readonly PlannedChange[] {
  if (!isOf(ipvsDestination, change) || change.phase !== "clear" || change.action !== "delete") return [];
  const { before } = change;
  if (!before) return [];
  const after = { ...before, weight: 0 };
  const fields = [{ name: "weight", before: before.weight, after: 0 }];
  const description = ipvsDestination.describe(after);
  return [{ ...change, action: "update", after, fields, description, reason: "drained first" }];
}
