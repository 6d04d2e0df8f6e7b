/** Two directors on one segment must not both hold an address that neighbours ask for by ARP or NDP. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import { type Cidr, parseCidr } from "../../net/address.ts";
import { whyChosen } from "../chosen-mark.ts";
import type { Draft } from "../draft.ts";
import { rivals } from "../rivals.ts";
import type { Service } from "../topology.ts";

/** An address that every director of a service gets, and what it is. */
type Shared = readonly [address: Cidr, what: string];

/**
 * LVS-CONFIG-063 for each pair of directors. Tried with Linux 6.18 in network namespaces: the neighbour's ARP entry turned with each
 * announcement, and a connection that was open then was reset.
 */
export function* sharedAddresses(draft: Draft): Iterable<LvsctlError> {
  for (const service of draft.services) {
    if (service.directors.length < 2) continue;
    for (const shared of addressesOf(draft, service)) yield* checkOwners(draft, service, shared);
  }
}

function addressesOf(draft: Draft, { name, vip, localAddresses, match }: Service): readonly Shared[] {
  const entry = `"${entryOf(name)}"`;
  const matched = whyChosen(draft, name) === undefined ? `which ${entry} matches` : `a virtual address of ${entry}`;
  const shared = (text: string, what: string): Shared[] => {
    const address = parseCidr(text);
    return address === undefined ? [] : [[address, what]];
  };
  return [
    ...(vip === undefined ? [] : [[vip, `the virtual address of ${entry}`] as const]),
    ...localAddresses.flatMap((text) => shared(text, `a local address of ${entry}`)),
    ...match.flatMap(({ address }) => shared(address, matched)),
  ];
}

function* checkOwners(draft: Draft, service: Service, [address, what]: Shared): Iterable<LvsctlError> {
  for (const [other, owner] of rivals(draft, service, address)) {
    const message = `The directors "${other.host}" and "${owner.host}" are both on the segment ${owner.segment}, and both would hold and announce ${address.address}, ${what}. Neighbours then send packets to whichever announced it last, and connections break whenever that changes: a director knows only those that it has begun itself.`;
    const apart =
      draft.services.length > 1
        ? " If each is meant for services of its own, write a second file; the same real servers can stand in both."
        : "";
    const hint = `Keep one of the two as director: lvsctl cannot let one take over from the other yet.${apart} Two directors can share an address where routes decide who gets its packets: on separate segments, or if it is outside of the segment's subnets and each router has a route to it by one director.`;
    yield draft.problem("LVS-CONFIG-063", ["hosts", owner.host], { message, hint }, "key");
  }
}
