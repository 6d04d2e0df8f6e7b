import type { Family } from "../net/address.ts";
import type { Draft } from "./draft.ts";

/**
 * Whether what a host sends to clients passes one of these hosts: `yes` through its default gateway or a route of its own,
 * `unknown` if the path leaves the topology first.
 */
export function replyWay(
  draft: Draft,
  host: string,
  family: Family,
  goals: ReadonlySet<string>,
): "yes" | "no" | "unknown" {
  const way = draft.network.way(host, { everywhere: family });
  if (way.hosts.some((passed) => goals.has(passed))) return "yes";
  const routes = draft.hosts.get(host)?.routes ?? [];
  if (routes.some((route) => goals.has(draft.network.routerAt(host, route)?.host ?? ""))) return "yes";
  return way.end === "unknown" ? "unknown" : "no";
}
