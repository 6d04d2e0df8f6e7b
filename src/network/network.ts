/**
 * The network as it will be once the topology is applied: which host has which address, and where packets go. It includes
 * the addresses that services bring along, such as a VIP. Rules, `explain` and `verify` all ask it. Pure.
 */
import { addressLength, type Cidr, formatCidr, networkOf, parseCidr, wholeAddress } from "../net/address.ts";
import { NetworkTable } from "../net/network-table.ts";
import type { Director, Host, Route, Service } from "../topology/topology.ts";
import { type HostAddress, hostAddresses, linkLocalAddresses } from "./host-addresses.ts";
import { answererOn, answersForAll, arpIgnore } from "./neighbours.ts";
import { findRoutes, type Routing } from "./routing.ts";
import type { Treatment } from "./treatment.ts";

/** Who has which address, and where packets go. */
export interface Network extends Routing {
  /** The addresses of a host: those in the file, then those that services bring along. Without link-local ones. */
  addressesOf(host: string): readonly HostAddress[];
  /** Whether a host takes packets for an address as its own, on whatever interface it has it. */
  takes(host: string, address: string): boolean;
  /** The first interface that answers ARP or NDP for an address, in the order of the file; undefined if none does. */
  ownerOf(address: string): HostAddress | undefined;
  /** The interface that answers for an address on a segment: on IPv4, another one of a host that has the address elsewhere too. */
  answererOn(segment: string, address: string): HostAddress | undefined;
  /** Whether a host answers ARP at an interface for addresses of its other interfaces as well. */
  answersForOthers(host: string, device: string): boolean;
  /** The interface that a host reaches as a router: over a link-local address, one on the segment of the device to it. */
  routerAt(host: string, router: Pick<Route, "via" | "device">): HostAddress | undefined;
  /** Every interface that answers for an address: several if directors share a VIP. */
  ownersOf(address: string): readonly HostAddress[];
}

/** A service and its mode, which together say what addresses they put on which hosts. */
export type PlacedService = readonly [service: Service, mode: Treatment];

/** The network of these hosts with these services. */
export function findNetwork(hosts: ReadonlyMap<string, Host>, services: readonly PlacedService[]): Network {
  const addresses = new Map([...hosts.values()].map((host) => [host.name, [...hostAddresses(host)]]));
  const owners = new Map<string, HostAddress[]>();
  const own = (address: HostAddress): void => {
    const others = owners.get(address.address);
    if (others === undefined) owners.set(address.address, [address]);
    else if (!others.some(({ host }) => host === address.host)) others.push(address);
  };
  for (const address of [...addresses.values()].flat()) own(address);
  for (const address of onceEach(services.flatMap(([service]) => onDirectors(service, hosts)))) {
    own(address);
    addresses.get(address.host)?.push(address);
  }
  const marked = new NetworkTable(services.flatMap(([service]) => markedNetworks(service, hosts)));
  const ownersOf = (address: string): readonly HostAddress[] => {
    const known = owners.get(address);
    const cidr = known === undefined ? parseCidr(address) : undefined;
    return known ?? (cidr && marked.smallest(cidr)) ?? [];
  };
  const silent = silentAddresses(services, owners);
  const takes = (host: string, address: string) => {
    const cidr = silent.has(host) ? parseCidr(address) : undefined;
    if (cidr !== undefined && silent.get(host)?.smallest(cidr) === true) return true;
    return ownersOf(address).some((owner) => owner.host === host);
  };
  const linkLocal = [...hosts.values()].flatMap(linkLocalAddresses);
  const ignoring = new Set(
    services.filter(setsArpIgnore).flatMap(([{ realServers }]) => realServers.map(({ host }) => host)),
  );
  const leastArpIgnore = (host: string) => (ignoring.has(host) ? 1 : 0);
  const answering = (segment: string, address: string) => answererOn(hosts, ownersOf(address), segment, leastArpIgnore);
  const answersForOthers = (name: string, device: string) => {
    const host = hosts.get(name);
    return host !== undefined && answersForAll(arpIgnore(host, device, leastArpIgnore(name)));
  };
  const routerAt = (host: string, { via = "", device }: Pick<Route, "via" | "device">) => {
    const [owner] = ownersOf(via);
    if (owner !== undefined || device === undefined || linkLocal.length === 0) return owner;
    const segment = hosts.get(host)?.interfaces.find(({ name }) => name === device)?.segment;
    return linkLocal.find((one) => one.address === via && one.segment === segment);
  };
  return {
    addressesOf: (host) => addresses.get(host) ?? [],
    takes,
    ownersOf,
    ownerOf: (address) => ownersOf(address)[0],
    answererOn: answering,
    answersForOthers,
    routerAt,
    ...findRoutes(hosts, addresses, { answererOn: answering, routerAt }, takes),
  };
}

/** Whether real servers of the service get arp_ignore 1, so that they keep silent about the virtual address. */
function setsArpIgnore([{ family, arp }, mode]: PlacedService): boolean {
  return family === 4 && arp === "sysctl" && mode.rewrites("destination") === false;
}

/** The VIP and the local addresses, on the interfaces where the directors get them. */
function onDirectors({ vip, family, localAddresses, directors }: Service, hosts: ReadonlyMap<string, Host>) {
  return directors.flatMap((director): HostAddress[] => {
    const { host, device } = director;
    const whole = { family, prefix: addressLength(family) };
    return [
      ...(vip === undefined ? [] : [placed(hosts, host, device, vip)]),
      ...localAddresses
        .filter((address) => parseCidr(address)?.family === family)
        .map((address) => placed(hosts, host, deviceOf(director, address), { ...whole, address })),
    ];
  });
}

/** Services on several ports bring the same address along, and every search through a host's addresses passes all of them. */
function onceEach(addresses: readonly HostAddress[]): readonly HostAddress[] {
  const placeOf = (address: HostAddress) => `${address.host} ${address.interface} ${formatCidr(address)}`;
  return [...new Map(addresses.map((address) => [placeOf(address), address])).values()];
}

/** The interface on which a director gets an address of a service. */
export function deviceOf({ device, places = [] }: Director, address: string): string {
  return places.find((place) => place.address === address)?.device ?? device;
}

/** An interface that does not exist is reported by a rule of its own; until then, the first one's segment will do. */
function placed(hosts: ReadonlyMap<string, Host>, host: string, device: string, address: Cidr): HostAddress {
  const interfaces = hosts.get(host)?.interfaces ?? [];
  const { segment = "" } = interfaces.find(({ name }) => name === device) ?? interfaces[0] ?? {};
  return { host, interface: device, segment, ...address, network: formatCidr(networkOf(address)), isAdded: true };
}

/** What a firewall-mark service matches: its directors answer for all of it. */
function markedNetworks(service: Service, hosts: ReadonlyMap<string, Host>) {
  return service.match.flatMap(({ address }): [Cidr, HostAddress[]][] => {
    const network = parseCidr(address);
    if (network === undefined) return [];
    const first = wholeAddress(network);
    const own = service.directors.map((one) => placed(hosts, one.host, deviceOf(one, address), first));
    return [[network, own]];
  });
}

/**
 * Addresses that hosts take without answering for them: real servers the destinations of packets that arrive unchanged, and
 * publishing firewalls the public addresses that routers send them, because DNAT comes before the routing decision.
 */
function silentAddresses(
  services: readonly PlacedService[],
  owners: ReadonlyMap<string, readonly HostAddress[]>,
): ReadonlyMap<string, NetworkTable<true>> {
  const silent = new Map<string, (readonly [Cidr, true])[]>();
  for (const [{ publish, vip, match, realServers }, mode] of services) {
    const translated = (publish?.addresses ?? []).flatMap((address) =>
      owners.has(address) ? [] : (parseCidr(address) ?? []),
    );
    if (publish !== undefined && translated.length > 0) {
      const own = translated.map((address) => [address, true] as const);
      silent.set(publish.on, [...(silent.get(publish.on) ?? []), ...own]);
    }
    if (mode.rewrites("destination") !== false) continue;
    const matched = match.flatMap(({ address }) => parseCidr(address) ?? []);
    const taken = [...(vip === undefined ? [] : [wholeAddress(vip)]), ...matched];
    for (const { host } of realServers) {
      const known = silent.get(host) ?? [];
      silent.set(host, known);
      for (const network of taken) known.push([network, true]);
    }
  }
  return new Map([...silent].map(([host, networks]) => [host, new NetworkTable(networks)]));
}
