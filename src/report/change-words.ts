/** A planned change in words, for every format that people read. Pure. */
import { excerpt } from "../errors/excerpt.ts";
import type { PlannedChange } from "../plan/plan.ts";
import type { Action } from "../resources/resource.ts";

/** All of what is made. What goes was described by the host's own ledger. */
export function descriptionOf({ action, description }: PlannedChange): string {
  return action === "create" || action === "update" ? description : excerpt(description);
}

/** The fields that differ, or else the reason; undefined if the sign says it all: what is created was missing. */
export function reasonOf({
  action,
  fields,
  reason,
  phase,
  text,
  adopts,
}: { action: Action } & Pick<PlannedChange, "fields" | "reason" | "phase" | "text" | "adopts">): string | undefined {
  if (action === "create" && reason === "missing") return undefined;
  if (action !== "update" || fields.length === 0 || text !== undefined) return reason === "" ? undefined : reason;
  const values = fields
    .map(({ name, before, after }) => `${name === "value" ? "" : `${name} `}${excerpt(show(before))} → ${show(after)}`)
    .join(", ");
  return phase === "clear" && reason !== "" ? `${values}, ${reason}` : adopts ? `${values}; taken over` : values;
}

function show(value: unknown): string {
  if (value === undefined || value === null) return "none";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(show).join(" ");
  if (typeof value !== "object") return String(value);
  return Object.entries(value)
    .map(([name, one]) => `${name} ${show(one)}`)
    .join(", ");
}
