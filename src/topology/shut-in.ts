/** Hosts without a way out of their own networks. */
import type { Family } from "../net/address.ts";
import type { Draft } from "./draft.ts";

/** Whether a host reaches nothing of this family but its own networks, as far as the file tells. */
export function isShutIn(draft: Draft, host: string, family: Family): boolean {
  const isRouted = draft.hosts.get(host)?.routes.some((route) => route.family === family);
  return isRouted === false && draft.network.nextHop(host, { everywhere: family }) === undefined;
}
