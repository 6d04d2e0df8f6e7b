/** All hosts of a subnet agree on its prefix length. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { addressLength, asking, formatCidr } from "../../net/address.ts";
import { NetworkTable } from "../../net/network-table.ts";
import type { Draft } from "../draft.ts";
import { interfaceAddressPath } from "../interface-address-path.ts";

/** LVS-CONFIG-029 if one subnet lies inside another; single addresses (/32, /128) are exempt. */
export function* prefixLengths(draft: Draft): Iterable<LvsctlError> {
  const all = [...draft.addresses.values()].flat().filter(({ family, prefix }) => prefix < addressLength(family));
  const subnets = new NetworkTable(all.map((address) => [address, address]));
  const seen = new Set<string>();
  for (const address of all) {
    const { network } = address;
    if (seen.has(network)) continue;
    seen.add(network);
    const other = subnets.smallest({ ...address, prefix: address.prefix - 1 });
    if (other === undefined) continue;
    const wider = other.network;
    const message = `"${address.host}" has ${network} on ${address.interface}, and "${other.host}" has ${wider} on ${other.interface}, which holds it. Where hosts disagree on the size of a subnet, some of them look for others ${asking(address.address)} where a router would be needed.`;
    const hint = `Use one prefix length: ${formatCidr({ ...address, prefix: other.prefix })} here, if ${wider} is right.`;
    yield draft.problem("LVS-CONFIG-029", interfaceAddressPath(draft, address), { message, hint });
  }
}
