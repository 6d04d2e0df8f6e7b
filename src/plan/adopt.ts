/** Takes over what somebody else made: it no longer blocks the plan, and the ledger records it. Pure. */

import { identity, type ResourceKind } from "../resources/resource.ts";
import type { HostState } from "./host-state.ts";
import type { Plan, PlannedChange, PlanProblem } from "./plan.ts";

/** Which resources of others are taken over. */
export type Adopting = "all" | "of-lab";

/**
 * The plan that takes over every foreign resource that the topology asks for; or only those that a lab has made for its hosts, and
 * that have to change. A destroy restores what was there before, and
 * removes whatever bears our own name, since that can only be ours.
 */
export function adopt(
  plan: Plan,
  states: ReadonlyMap<string, HostState>,
  kinds: ReadonlyMap<string, ResourceKind>,
  which: Adopting = "all",
): Plan {
  const isMeant = ({ kind, before, action }: PlannedChange) =>
    which === "all" || (action !== "none" && before !== undefined && kinds.get(kind)?.isOfLab?.(before) === true);
  const hosts = [...plan.hosts].map(([host, changes]) => {
    const state = states.get(host);
    const ours = state === undefined ? new Set() : ownedOn(state);
    const isForeign = ({ kind, key, before, phase }: PlannedChange) =>
      phase === "build" && before !== undefined && !ours.has(identity({ kind, key }));
    const isTaken = (change: PlannedChange) => isForeign(change) && isMeant(change);
    return [host, changes.map((change) => (isTaken(change) ? adopted(change, kinds) : change))] as const;
  });
  const taken = hosts.flatMap(([, changes]) => changes.filter(({ adopts }) => adopts));
  const count = taken.length;
  const isSolved = ({ host, description }: PlanProblem) =>
    which === "all" || taken.some((change) => change.host === host && change.description === description);
  const problems = plan.problems.filter((problem) => !problem.adoptable || !isSolved(problem));
  return { ...plan, hosts: new Map(hosts), problems, ...(count > 0 ? { adopted: count } : {}) };
}

function adopted(change: PlannedChange, kinds: ReadonlyMap<string, ResourceKind>): PlannedChange {
  const state = change.after ?? change.before;
  const isOursByName = state !== undefined && (kinds.get(change.kind)?.bearsOurName?.(state) ?? false);
  return {
    ...change,
    adopts: true,
    reason: change.action === "none" ? "taken over as it is" : `${change.reason}; taken over`,
    ...(isOursByName ? { original: undefined } : {}),
  };
}

/** Everything on a host that lvsctl owns, for this topology and for others, by identity. */
export function ownedOn({ ledger, others = [] }: HostState): ReadonlySet<string> {
  return new Set([ledger, ...others].flatMap((one) => (one?.entries ?? []).map(identity)));
}
