/** Networks of one host that lie inside one another, of which the narrower one leads elsewhere. */
import { type Cidr, contains, formatCidr, wholeAddress } from "../net/address.ts";
import type { HostAddress } from "../network/host-addresses.ts";
import type { Draft } from "./draft.ts";

/**
 * The narrowest network of a host that has an address in it and is not wider than that one's own network: what leads there
 * has to be narrower still. Undefined if there is none, or only one of a virtual address.
 */
export function networkOver(draft: Draft, host: string, address: Cidr): HostAddress | undefined {
  const own = draft.network.addressesOf(host).filter((one) => contains(one, wholeAddress(address)));
  return own
    .filter(({ isAdded, prefix }) => isAdded !== true && prefix >= address.prefix)
    .toSorted((one, other) => other.prefix - one.prefix)[0];
}

/** What helps a host that looks for an address there. `device`: its interface that leads to it; undefined if none does. */
export function adviseOverlap(over: HostAddress, address: Cidr, device: string | undefined): string {
  const to = formatCidr(wholeAddress(address));
  const route = device === undefined ? `a route to ${to}` : `the route \`{ to: ${to}, device: ${device} }\``;
  return `Give "${over.host}" ${route}. Or let the networks not overlap: ${over.network} on ${over.interface} of "${over.host}" has ${address.address} in it.`;
}
