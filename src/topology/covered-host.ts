import { addressLength, type Cidr, contains, wholeAddress } from "../net/address.ts";
import type { HostAddress } from "../network/host-addresses.ts";
import type { Draft } from "./draft.ts";

/** The first host other than a director with an address in a network that a service matches; LVS-CONFIG-052 names it. */
export function coveredHost(draft: Draft, network: Cidr): HostAddress | undefined {
  if (network.prefix === addressLength(network.family)) return undefined;
  const directors = new Set(draft.withRole("director").map(({ name }) => name));
  const isInside = (own: HostAddress) => own.family === network.family && contains(network, wholeAddress(own));
  const others = [...draft.addresses].flatMap(([host, own]) => (directors.has(host) ? [] : own));
  return others.find(isInside);
}
