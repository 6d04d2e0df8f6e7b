/** A plan as JSON. */
import type { Plan } from "../plan/plan.ts";
import type { JsonResult } from "./json.ts";
import { ownersListToJson } from "./owners-list.ts";

/** `lvsctl.plan/1`. */
export function planToJson(plan: Plan) {
  const hosts = [...plan.hosts].map(([host, changes]) => {
    const json = changes.map(
      ({ action, kind, key, before, after, reason, why, commands, stage, phase, adopts = false }) => ({
        action,
        kind,
        id: key,
        before: before ?? null,
        after: after ?? null,
        reason,
        why,
        commands,
        stage,
        phase,
        adopts,
      }),
    );
    return [host, json] as const;
  });
  return {
    format: "lvsctl.plan/1",
    topology: plan.topology,
    hosts: Object.fromEntries(hosts),
    problems: plan.problems,
    warnings: plan.warnings ?? [],
    notes: plan.notes ?? [],
    adopted: plan.adopted ?? 0,
    drained: plan.drained ?? [],
    removed: (plan.removed ?? []).map(({ name, roles, ssh, state, renamedTo, reason }) => ({
      host: name,
      roles,
      destination: ssh.destination,
      state,
      renamedTo: renamedTo ?? null,
      reason: reason ?? null,
    })),
    unmanaged: (plan.unmanaged ?? []).map(ownersListToJson),
    split: plan.split ?? null,
    summary: plan.summary,
    following: plan.following ?? 0,
    midRun: plan.isMidRun ?? false,
  } satisfies JsonResult;
}
