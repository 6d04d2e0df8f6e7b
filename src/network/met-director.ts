/** Which of a service's directors gets a client's requests. Pure. */
import { parseCidr } from "../net/address.ts";
import type { Director, Service } from "../topology/topology.ts";
import type { Network } from "./network.ts";
import { asAskedBy, targetAddress } from "./origin.ts";

/**
 * The first director on the way of a client's requests, from the publishing firewall on if there is one. Undefined where the
 * topology does not tell: for a client outside of it, or through routers that are not in it.
 */
export function metDirector(network: Network, service: Service, client: string): Director | undefined {
  const { publish, directors } = service;
  const [from, target] =
    publish === undefined
      ? [client, targetAddress(asAskedBy(network, client, service))]
      : [publish.on, parseCidr(publish.to)];
  if (target === undefined) return undefined;
  const on = network.way(from, target).hosts.map((host) => directors.find((director) => director.host === host));
  return on.find((director) => director !== undefined);
}

/** The service as a client meets it: with that director alone, where the topology tells which one it is. */
export function asMet(network: Network, service: Service, client: string): Service {
  if (service.directors.length < 2) return service;
  const met = metDirector(network, service, client);
  return met === undefined ? service : { ...service, directors: [met] };
}
