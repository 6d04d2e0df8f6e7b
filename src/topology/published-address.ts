import { contains, parseCidr } from "../net/address.ts";
import type { HostAddress } from "../network/host-addresses.ts";
import type { Draft } from "./draft.ts";
import type { Service } from "./topology.ts";

/** The first public address of a service; undefined if it has none, or an impossible one. */
export function publishedAddress(draft: Draft, { publish, family }: Service): HostAddress | undefined {
  if (publish === undefined || draft.hosts.get(publish.on)?.roles.includes("firewall") !== true) return undefined;
  if (publish.addresses.some((address) => parseCidr(address)?.family !== family)) return undefined;
  const own = draft.addresses.get(publish.on)?.find(({ address }) => address === publish.address);
  return own ?? routedTo(draft, publish.on, publish.address);
}

/**
 * An address that nobody has, and that a route of another host leads to this one; with the interface at which its packets come
 * in. A firewall can translate it, because DNAT comes before the routing decision.
 */
export function routedTo(draft: Draft, host: string, text: string): HostAddress | undefined {
  const address = parseCidr(text);
  if (address === undefined || draft.ownerOf(text) !== undefined) return undefined;
  for (const other of draft.hosts.values()) {
    for (const route of other.routes) {
      const network = parseCidr(route.to);
      const router = draft.network.routerAt(other.name, route);
      if (network === undefined || router === undefined || !contains(network, address)) continue;
      if (router.host === host && other.name !== host) return { ...router, ...address, network: route.to };
    }
  }
  return undefined;
}
