import { parseCidr } from "../net/address.ts";
import type { HostAddress } from "../network/host-addresses.ts";
import type { Draft } from "./draft.ts";
import type { Service } from "./topology.ts";

/** The first public address of a service; undefined if it has none, or an impossible one. */
export function publishedAddress(draft: Draft, { publish, family }: Service): HostAddress | undefined {
  if (publish === undefined || draft.hosts.get(publish.on)?.roles.includes("firewall") !== true) return undefined;
  if (publish.addresses.some((address) => parseCidr(address)?.family !== family)) return undefined;
  return draft.addresses.get(publish.on)?.find(({ address }) => address === publish.address);
}
