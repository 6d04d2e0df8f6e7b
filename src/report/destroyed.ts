/** What a destroy says in the end. */
import { count } from "../errors/count.ts";
import type { Plan } from "../plan/plan.ts";

/** `web-lab has been removed from 4 hosts.`: from those that had something of it. */
export function formatDestroyed({ topology, hosts }: Pick<Plan, "topology" | "hosts">): string {
  const cleared = [...hosts.values()].filter((changes) => changes.some(({ action }) => action !== "none")).length;
  return `${topology} has been removed from ${count(cleared, "host")}.\n`;
}
