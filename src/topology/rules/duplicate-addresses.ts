/** No two interfaces may have the same address. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { type HostAddress, linkLocalAddresses } from "../../network/host-addresses.ts";
import type { Draft } from "../draft.ts";
import { interfaceAddressPath } from "../interface-address-path.ts";

/** LVS-CONFIG-025. */
export function* duplicateAddresses(draft: Draft): Iterable<LvsctlError> {
  for (const addresses of draft.addresses.values()) {
    for (const address of addresses) {
      const owner = draft.ownerOf(address.address);
      if (owner !== undefined && owner !== address) yield problem(draft, address, owner);
    }
  }
  const seen = new Map<string, HostAddress>();
  for (const address of [...draft.hosts.values()].flatMap(linkLocalAddresses)) {
    const key = `${address.segment} ${address.address}`; // On another segment it is another address.
    const owner = seen.get(key);
    if (owner === undefined) seen.set(key, address);
    else yield problem(draft, address, owner);
  }
}

function problem(draft: Draft, address: HostAddress, owner: HostAddress): LvsctlError {
  const place = owner.host === address.host ? `interface ${owner.interface}` : `"${owner.host}"`;
  const message = `${address.address} is already the address of ${place}. Packets for it would reach whichever was last to answer who has it.`;
  const hint = "Give each interface an address of its own.";
  return draft.problem("LVS-CONFIG-025", interfaceAddressPath(draft, address), { message, hint });
}
