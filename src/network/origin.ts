/** Where requests to a service come from, and where they go. Pure. */
import { type Cidr, contains, type Family, firstHost, parseCidr, wholeAddress } from "../net/address.ts";
import type { Host, Service } from "../topology/topology.ts";
import type { Network } from "./network.ts";
import { leavingInterface, type Way } from "./routing.ts";

/** A host whose requests are judged, with the address that they come from. */
export interface Origin {
  readonly host: string;
  readonly address: Cidr;
}

/**
 * The address from which a host asks a service: the one that it asks if it has that itself, else that of its packets for it.
 * Undefined if it has none of the service's family. Tried with Linux 6.1: a director asks its own virtual address from that
 * address. Source: fib_select_path in the kernel's fib_semantics.c.
 */
export function originOf(network: Network, host: Host, service: Service): Origin | undefined {
  const target = targetAddress(asAskedBy(network, host.name, service));
  const address = sourceTowards(network, host.name, service.family, target);
  const isOwn = target !== undefined && network.takes(host.name, target.address);
  return address && { host: host.name, address: isOwn ? target : address };
}

/**
 * The address that a host gives to its own packets for a destination elsewhere: one on the interface by which they leave, in
 * the subnet of their next hop if there is one. The kernel chooses the same for MASQUERADE and for the outer header of a tunnel.
 * An IPv6 address that lvsctl adds is deprecated, so that the kernel prefers any other.
 * Source: inet_select_addr in net/ipv4/devinet.c, which nf_nat_masquerade_ipv4 asks, and ipv6_dev_get_saddr.
 */
export function sourceTowards(
  network: Network,
  host: string,
  family: Family,
  target: Cidr | undefined,
): Cidr | undefined {
  const all = network.addressesOf(host).filter((address) => address.family === family);
  const preferred = all.filter(({ isAdded }) => family === 4 || isAdded !== true);
  const possible = preferred.length > 0 ? preferred : all;
  const device = target && leavingInterface(network, host, target);
  const near = possible.filter((address) => address.interface === device);
  const next = target && network.nextHop(host, target);
  const neighbour = next?.kind === "via" ? parseCidr(next.address) : target;
  const chosen = near.find((address) => neighbour && contains(address, neighbour)) ?? near[0] ?? possible[0];
  return chosen && { address: chosen.address, prefix: chosen.prefix, family };
}

/** Where clients send requests: the published address, the VIP, or the first host that the service's mark matches. */
export function targetAddress({ publish, vip, match }: Service): Cidr | undefined {
  const target = parseCidr(publish?.address ?? vip?.address ?? match[0]?.address ?? "");
  return target && wholeAddress({ ...target, address: firstHost(target) });
}

/**
 * The service with an address in front that this host reaches, where it has several: each of them may be on a network of its
 * own, for the clients there.
 */
export function asAskedBy(network: Network, host: string, service: Service): Service {
  for (const one of asReachedBy(network, host, service)) return one;
  return service;
}

/**
 * The service once for each address at which this host reaches it, with that one in front: those of its mark, or those at which
 * it is published. Nothing if it reaches none of several.
 */
export function* asReachedBy(network: Network, host: string, service: Service): Iterable<Service> {
  const all = [...onePerAddress(service)];
  for (const one of all) {
    const target = targetAddress(one);
    if (all.length < 2 || (target && wayToService(network, host, target, one).isReached)) yield one;
  }
}

function* onePerAddress(service: Service): Iterable<Service> {
  const { publish, vip, match } = service;
  if (publish !== undefined) {
    for (const address of publish.addresses) yield { ...service, publish: { ...publish, address } };
  } else if (vip !== undefined || match.length < 2) {
    yield service;
  } else {
    const seen = new Set<string>();
    for (const one of match) {
      if (seen.has(one.address)) continue;
      seen.add(one.address);
      yield one === match[0] ? service : { ...service, match: [one, ...match.filter((other) => other !== one)] };
    }
  }
}

/** Where packets for an address of a service go, and whether they may get to those who should have them, as far as is known. */
export interface WayToService {
  readonly way: Way;
  /** The hosts that should have them: directors, or the publishing firewall. */
  readonly goals: readonly string[];
  readonly isReached: boolean;
}

/** The way of packets for a service's address. */
export function wayToService(network: Network, from: string, target: Cidr, service: Service): WayToService {
  const owners = network.ownersOf(target.address);
  const isPublic = service.publish?.addresses.includes(target.address) === true;
  const others = isPublic ? [service.publish.on] : service.directors.map(({ host }) => host);
  const goals = owners.length === 0 ? others : owners.map(({ host }) => host);
  const way = network.way(from, target);
  return { way, goals, isReached: goals.some((host) => way.hosts.includes(host)) || way.end === "unknown" };
}
