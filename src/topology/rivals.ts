import { addressLength, type Cidr, parseCidr } from "../net/address.ts";
import type { HostAddress } from "../network/host-addresses.ts";
import type { Draft } from "./draft.ts";
import type { Service } from "./topology.ts";

/** Two directors on one segment, of which each would answer there for an address: LVS-CONFIG-063. The later one comes last. */
type Rivals = readonly [other: HostAddress, owner: HostAddress];

/** Each director of a service that is not the first on its segment to hold an address, with the one that is. */
export function rivals(draft: Draft, service: Service, address: Cidr): readonly Rivals[] {
  const directors = new Set(service.directors.map(({ host }) => host));
  const asked = draft.segmentHolding(address);
  const owners = draft.network
    .ownersOf(address.address)
    .filter((owner) => directors.has(owner.host) && (owner.segment === asked || isSubnetOfItsOwn(owner)));
  return owners.flatMap((owner, index) => {
    const other = owners.slice(0, index).find(({ segment }) => segment === owner.segment);
    return other === undefined ? [] : [[other, owner] as const];
  });
}

/** Whether LVS-CONFIG-063 leaves a service with one of its directors: all others hold an address of it beside that one. */
export function leavesOneDirector(draft: Draft, service: Service): boolean {
  const { vip, localAddresses, match, directors } = service;
  const held = [vip?.address ?? "", ...localAddresses, ...match.map(({ address }) => address)];
  return held
    .flatMap((text) => parseCidr(text) ?? [])
    .some((address) => {
      const all = rivals(draft, service, address);
      return all.length === directors.length - 1 && new Set(all.map(([{ host }]) => host)).size === 1;
    });
}

/** A VIP with a shorter prefix makes its whole network a neighbour of the director, whatever else is known of it. */
function isSubnetOfItsOwn({ prefix, family }: HostAddress): boolean {
  return prefix < addressLength(family);
}
