/** No two interfaces may have the same address. */
import { andList } from "../../errors/and-list.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { type HostAddress, linkLocalAddresses } from "../../network/host-addresses.ts";
import type { Draft } from "../draft.ts";
import { isInnerBridge } from "../inner-bridge.ts";
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

const OWN = "Give each interface an address of its own";

function problem(draft: Draft, address: HostAddress, owner: HostAddress): LvsctlError {
  const place = owner.host === address.host ? `interface ${owner.interface}` : `"${owner.host}"`;
  const taken = `${address.address} is already the address of ${place}.`;
  const names = [...new Set([owner.interface, address.interface])];
  const isElsewhere = owner.host !== address.host;
  const { message, hint } =
    isElsewhere && names.every(isInnerBridge)
      ? {
          message: `${taken} lvsctl takes two hosts with addresses in one subnet for neighbours.`,
          hint: `Leave out ${andList(names)}, by ${names.length > 1 ? "their names bridges" : "its name a bridge"} within each host: only interfaces that services use belong here. Otherwise give each an address of its own.`,
        }
      : {
          message: `${taken} Packets for it would reach whichever was last to answer who has it.`,
          hint: isElsewhere
            ? `${OWN}; or delete this interface, if another one stays and no service uses it.`
            : `${OWN}.`,
        };
  return draft.problem("LVS-CONFIG-025", interfaceAddressPath(draft, address), { message, hint });
}
