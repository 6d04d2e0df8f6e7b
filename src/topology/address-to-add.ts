import { contains, formatCidr, parseCidr } from "../net/address.ts";
import type { HostAddress } from "../network/host-addresses.ts";
import type { Draft } from "./draft.ts";
import { hopFlaw } from "./hop-flaw.ts";

/** An interface as the file would have to list it with one address more; `near`: an address that is there, in its subnet. */
export function withAddress({ addresses }: Draft, near: HostAddress, address: string): string {
  const beside = addresses.get(near.host)?.filter((one) => one.interface === near.interface) ?? [];
  const list = [...beside.map(formatCidr), formatCidr({ ...near, address })].join(", ");
  return `\`${near.interface}: [${list}]\``;
}

/**
 * The part of a hint for a next hop that nobody in the file has, in a subnet of the host that it should lead to: it may be meant
 * as a second address of that host, as where pairs of hosts share a floating one. Empty if it cannot be, or is a next hop of that host too.
 */
export function ifItsOwn(draft: Draft, host: string, hop: string): string {
  const cidr = parseCidr(hop);
  const near = draft.addresses.get(host)?.find((own) => cidr && contains(own, cidr));
  if (cidr === undefined || near === undefined || draft.network.ownerOf(hop) !== undefined) return "";
  if (hopFlaw(draft.network, host, cidr) !== undefined || isNextHopOf(draft, host, hop)) return "";
  return ` If ${hop} is to be an address of "${host}" itself, write ${withAddress(draft, near, hop)} under the \`interfaces\` of "${host}".`;
}

function isNextHopOf({ hosts }: Draft, name: string, hop: string): boolean {
  const { gateways = [], routes = [] } = hosts.get(name) ?? {};
  return [...gateways, ...routes].some(({ via }) => via === hop);
}
