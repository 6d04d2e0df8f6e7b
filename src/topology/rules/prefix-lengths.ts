/** All hosts of a subnet agree on its prefix length. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { formatCidr, networkOf } from "../../net/address.ts";
import { indexNetworks } from "../../net/network-index.ts";
import type { Draft } from "../draft.ts";
import type { HostAddress } from "../host-addresses.ts";
import { interfaceAddressPath } from "../interface-address-path.ts";

/** LVS-CONFIG-029 where one subnet lies inside of another; single addresses (/32, /128) are left alone. */
export function* prefixLengths(draft: Draft): Iterable<LvsctlError> {
  const all = [...draft.addresses.values()].flat().filter(({ family, prefix }) => prefix < (family === 4 ? 32 : 128));
  const index = indexNetworks(all);
  const first = new Map<string, HostAddress>();
  for (const address of all) {
    if (!first.has(address.network)) first.set(address.network, address);
  }
  for (const [network, address] of first) {
    const wider = index.holding(networkOf(address)).find((other) => other !== network);
    const other = wider === undefined ? undefined : first.get(wider);
    if (wider === undefined || other === undefined) continue;
    const message = `"${address.host}" has ${network} on ${address.interface}, and "${other.host}" has ${wider} on ${other.interface}, which holds it. Where hosts disagree on the size of a subnet, some of them look for others by ARP where a router would be needed.`;
    const hint = `Use one prefix length: ${formatCidr({ ...address, prefix: other.prefix })} here, if ${wider} is right.`;
    yield draft.problem("LVS-CONFIG-029", interfaceAddressPath(draft, address), { message, hint });
  }
}
