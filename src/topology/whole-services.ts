/** A service whose real servers are reached by several modes stands in a topology once for each; to IPVS it is one. Pure. */
import type { Service } from "./topology.ts";

/** Each service once, with the real servers of all its modes; everything else is as in its first mode. */
export function wholeServices(services: readonly Service[]): readonly Service[] {
  const whole = new Map<string, Service>();
  for (const service of services) {
    const first = whole.get(service.name);
    const realServers = [...(first?.realServers ?? []), ...service.realServers];
    whole.set(service.name, first === undefined ? service : { ...first, realServers });
  }
  return [...whole.values()];
}
