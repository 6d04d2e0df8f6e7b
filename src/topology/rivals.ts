import { addressLength, type Cidr, contains, parseCidr } from "../net/address.ts";
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
    .filter(
      (owner) =>
        directors.has(owner.host) &&
        (owner.segment === asked || isSubnetOfItsOwn(owner) || isLookedForOn(draft, owner.segment, address)),
    );
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

/** Whether a host of the file has a route by which it asks for an address on that segment, not a router. */
function isLookedForOn({ hosts }: Draft, segment: string, address: Cidr): boolean {
  return [...hosts.values()].some(({ interfaces, routes }) =>
    routes.some(({ to, via, device }) => {
      const network = via === undefined ? parseCidr(to) : undefined;
      const nic = interfaces.find(({ name }) => name === device);
      return network !== undefined && nic?.segment === segment && contains(network, address);
    }),
  );
}
