import type { Draft } from "./draft.ts";

/** Schedulers that choose by the client's address. Sources: ip_vs_sh.c, ip_vs_mh.c in the kernel. */
const BY_SOURCE = ["sh", "mh"];

/**
 * Whether all that a client sends to any port of a service reaches one real server: by persistence, because there is only one,
 * or because its address decides.
 */
export function keepsClient(draft: Draft, name: string): boolean {
  const { persistence, scheduler = "wlc", schedulerFlags = [] } = draft.serviceFiles.get(name) ?? {};
  if (persistence !== undefined) return true;
  if (BY_SOURCE.includes(scheduler) && !schedulerFlags.some((flag) => flag.endsWith("-port"))) return true;
  const all = draft.services.filter((service) => service.name === name).flatMap(({ realServers }) => realServers);
  return new Set(all.map(({ host }) => host)).size < 2;
}
