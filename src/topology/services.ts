/** Turns services as written in the file into services with defaults filled in and hosts resolved. */
import type { Path } from "../document/parse-document.ts";
import {
  addressLength,
  type Cidr,
  canonicalAddress,
  contains,
  type Family,
  formatCidr,
  networkOf,
  otherFamily,
  parseCidr,
  wholeAddress,
} from "../net/address.ts";
import type { HostAddress } from "../network/host-addresses.ts";
import type { RealServer as RealServerFile, Service as ServiceFile } from "./generated/topology-file.ts";
import { listOf } from "./hosts.ts";
import { modeKey } from "./service-mode.ts";
import { testFrom } from "./service-test.ts";
import type { Director, RealServer, Service } from "./topology.ts";

/** Everything a service can refer to. */
export interface Surroundings {
  /** The path of the topology file; a playbook's path is relative to it. */
  readonly file: string;
  /** Every address of every host, by host, in the order of the file. */
  readonly addresses: ReadonlyMap<string, readonly HostAddress[]>;
  /** Hosts by role, in the order of the file. */
  readonly directors: readonly string[];
  readonly realServers: readonly string[];
  /** Whether lvsctl logs in to a host. */
  readonly isManaged: (host: string) => boolean;
  /** The segment of the network that contains an address; undefined if no known network does. */
  readonly segmentHolding: (address: Cidr) => string | undefined;
  /** Whether a mode, as the file names it, can mix address families. */
  readonly mixesFamilies: (mode: string) => boolean;
  /** Whether a service's real servers, in a mode as the file names it, answer clients through the director. */
  readonly answersThroughDirector: (service: string, mode: string) => boolean;
  /** The addresses of directors that are routers of a host: its gateways first, then those of its routes. */
  readonly directorsBefore: (host: string) => readonly HostAddress[];
  /** The prefix lengths that the file gives virtual addresses; of several for one address, the first. */
  readonly prefixes: ReadonlyMap<string, number>;
}

/** A real server as a service names it. */
export interface RealServerEntry {
  readonly host: string;
  readonly settings: NonNullable<RealServerFile>;
  /** The mode by which the service reaches it: its own, or the service's. */
  readonly mode: string;
  /** Where the entry is, from the service on. */
  readonly path: Path;
  /** Where it names the host: at the path itself, or at the path's key. */
  readonly hostAt: readonly [path: Path, what: "key" | "value"];
}

/** A service's real servers: the ones it names, or else `all`. A host can be there several times. */
export function realServersOf(file: ServiceFile, all: readonly string[]): readonly RealServerEntry[] {
  return writtenEntries(file, all).map((entry) => ({ ...entry, mode: entry.settings.mode ?? file.mode }));
}

function writtenEntries(
  { realServers }: ServiceFile,
  all: readonly string[],
): readonly Omit<RealServerEntry, "mode">[] {
  if (realServers === undefined) return all.map((host) => ({ host, settings: {}, path: [], hostAt: [[], "key"] }));
  if (!Array.isArray(realServers)) {
    return Object.entries(realServers).map(([host, settings]) => {
      const path = ["realServers", host];
      return { host, settings: settings ?? {}, path, hostAt: [path, "key"] };
    });
  }
  return realServers.map((entry, index) => {
    const path = ["realServers", index];
    if (typeof entry === "string") return { host: entry, settings: {}, path, hostAt: [path, "value"] };
    const { host, ...settings } = entry;
    return { host, settings, path, hostAt: [[...path, "host"], "value"] };
  });
}

/** The family of a service: that of its virtual address, or of the first address that its mark matches. */
export function familyOf(file: ServiceFile): Family {
  return parseCidr(addressOf(file.vip) ?? file.match?.[0]?.address ?? "")?.family ?? 4;
}

/** The families of all addresses of an entry of the file, in its order. */
export function familiesOf(entry: ServiceFile): readonly Family[] {
  const families = (entry.vips ?? []).flatMap((vip) => parseCidr(addressOf(vip) ?? "")?.family ?? []);
  return families.length === 0 ? [familyOf(entry)] : [...new Set(families)];
}

/** The prefix lengths that services give their virtual addresses; the first one, if they disagree about an address. */
export function writtenPrefixes(services: Iterable<ServiceFile>): ReadonlyMap<string, number> {
  const written = [...services].flatMap(({ vip }) =>
    typeof vip === "object" && vip.prefix !== undefined ? [[canonicalAddress(vip.address), vip.prefix] as const] : [],
  );
  return new Map(written.toReversed());
}

/** The address of a VIP, in either notation. */
export function addressOf(vip: ServiceFile["vip"]): string | undefined {
  return typeof vip === "object" ? vip.address : vip;
}

/**
 * Resolves one service: once for each mode by which it reaches real servers, in the order of the file. Directors and real
 * servers without an address of a family that is needed are left out; the rules report them.
 */
export function resolveService(name: string, file: ServiceFile, around: Surroundings): readonly Service[] {
  const entries = realServersOf(file, around.realServers);
  return modesOf(file).map((mode) => {
    const own = entries.filter((entry) => entry.mode === mode);
    return resolvePart(name, { ...file, mode }, own, around);
  });
}

/** The modes of a service's real servers, in the order of the file; its own mode if it names none. */
export function modesOf(file: ServiceFile): readonly string[] {
  const modes = realServersOf(file, []).map((entry) => entry.mode);
  return modes.length === 0 ? [file.mode] : [...new Set(modes)];
}

function resolvePart(
  name: string,
  file: ServiceFile,
  entries: readonly RealServerEntry[],
  around: Surroundings,
): Service {
  const family = familyOf(file);
  const realServers = resolveRealServers(name, file, entries, family, around);
  return {
    name,
    mode: modeKey(file.mode, around.file),
    ...(file.fwmark === undefined ? addressing(file, family, around) : { fwmark: file.fwmark }),
    protocol: file.protocol ?? "tcp",
    family,
    match: (file.match ?? []).map(({ address, protocol = "tcp", ports = [] }) => ({
      ...target(address, around),
      protocol,
      ports: ports.map(String),
    })),
    scheduler: file.scheduler ?? "wlc",
    schedulerFlags: file.schedulerFlags ?? [],
    ...(file.persistence === undefined ? {} : { persistence: persistence(file.persistence) }),
    ...(file.helper === undefined ? {} : { helper: file.helper }),
    onePacket: file.onePacket ?? false,
    arp: file.arp ?? "sysctl",
    ...(file.publish === undefined ? {} : { publish: publication(file.publish, file) }),
    ...(file.synproxy === undefined
      ? {}
      : { synproxy: { mss: usualMss(file, family), windowScale: 7, ...file.synproxy } }),
    tunnel: { type: "ipip", checksum: false, ...file.tunnel },
    ...(file.mssClamp === undefined ? {} : { mssClamp: file.mssClamp }),
    masquerade: file.masquerade ?? false,
    internet: file.internet ?? false,
    ...(file.log === undefined ? {} : { log: file.log }),
    localAddresses: (file.localAddresses ?? []).map(canonicalAddress),
    testPage: file.testPage ?? false,
    verify: testFrom(file.verify),
    directors: resolveDirectors(file, family, realServers, around),
    realServers,
  };
}

/** The MSS that real servers announce: `mssClamp`, or Ethernet's 1500 bytes minus the headers of IP and TCP. */
function usualMss({ mssClamp }: ServiceFile, family: Family): number {
  return mssClamp ?? (family === 4 ? 1460 : 1440);
}

function addressing(file: ServiceFile, family: Family, around: Surroundings): Pick<Service, "vip" | "port"> {
  return {
    ...(file.vip === undefined ? {} : { vip: virtualAddress(file.vip, family, around) }),
    ...(file.port === undefined ? {} : { port: file.port }),
  };
}

/** An address of a director's own keeps its prefix length. */
function virtualAddress(vip: NonNullable<ServiceFile["vip"]>, family: Family, around: Surroundings) {
  const address = canonicalAddress(typeof vip === "object" ? vip.address : vip);
  const own = around.directors.flatMap(inFamily(around, family)).find((one) => one.address === address);
  if (own !== undefined) return { address, family, prefix: own.prefix, ownedBy: own.host };
  return { address, family, prefix: prefixOf(address, family, around) };
}

/** The prefix length of a virtual address: an address has one on its host, so what one service says holds for all. */
function prefixOf(address: string, family: Family, { prefixes }: Surroundings): number {
  return prefixes.get(address) ?? addressLength(family);
}

function target(text: string, around: Surroundings): Pick<Service["match"][number], "address" | "prefix"> {
  const cidr = parseCidr(text);
  if (cidr === undefined) return { address: text };
  const { address, prefix, family } = cidr;
  if (prefix < addressLength(family)) return { address: formatCidr(networkOf(cidr)) };
  return { address, prefix: prefixOf(address, family, around) };
}

function persistence({ timeout = 300, netmask, engine }: NonNullable<ServiceFile["persistence"]>) {
  return {
    timeout,
    ...(netmask === undefined ? {} : { netmask: String(netmask) }),
    ...(engine === undefined ? {} : { engine }),
  };
}

function publication(publish: NonNullable<ServiceFile["publish"]>, { vip, port: own, match = [] }: ServiceFile) {
  const { on, port = own, hairpin = false } = publish;
  const addresses = listOf(publish.address).map(canonicalAddress);
  const ports = port === undefined ? (match[0]?.ports ?? []).map(String) : [String(port)];
  return {
    on,
    address: addresses[0] ?? "",
    addresses,
    port: Number.parseInt(ports[0] ?? "0", 10),
    ports,
    to: parseCidr(addressOf(vip) ?? match[0]?.address ?? "")?.address ?? "",
    hairpin,
  };
}

/**
 * A real server's address: the one in the file, else one on a network or segment of the directors, else its first. Where it
 * answers through a director that is its router, the network of that one comes first; then the VIP's own. It is of the service's
 * family, unless the host has none and the mode can mix families.
 */
function resolveRealServers(
  name: string,
  file: ServiceFile,
  entries: readonly RealServerEntry[],
  family: Family,
  around: Surroundings,
): readonly RealServer[] {
  const families = around.mixesFamilies(file.mode) ? [family, otherFamily(family)] : [family];
  const near = new Map(families.map((one) => [one, whereabouts(around.directors.flatMap(inFamily(around, one)))]));
  const isThrough = around.answersThroughDirector(name, file.mode);
  const inOrder = (host: string, addresses: readonly HostAddress[]) =>
    besideFirst(isThrough ? around.directorsBefore(host) : [], vipFirst(file, addresses));
  return entries.flatMap(({ host, settings }): RealServer[] => {
    const written = settings.address === undefined ? undefined : canonicalAddress(settings.address);
    const own = families.map((one) => inFamily(around, one)(host));
    const addresses = own.find((some) => some.length > 0) ?? [];
    const found =
      written === undefined
        ? nearest(addresses, near.get(addresses[0]?.family ?? family), inOrder(host, addresses))
        : own.flat().find(({ address }) => address === written);
    if (found === undefined) return [];
    const { port = file.port ?? 0, weight = 1, upperThreshold = 0, lowerThreshold = 0 } = settings;
    const { address, family: its, interface: device } = found;
    const managed = around.isManaged(host);
    return [{ host, managed, address, family: its, device, port, weight, upperThreshold, lowerThreshold }];
  });
}

function resolveDirectors(
  file: ServiceFile,
  family: Family,
  realServers: readonly RealServer[],
  around: Surroundings,
): readonly Director[] {
  const near = whereabouts(
    realServers.flatMap((server) =>
      inFamily(around, server.family)(server.host).filter(({ address }) => address === server.address),
    ),
  );
  return around.directors.flatMap((host): Director[] => {
    const own = sendingFamilies(family, realServers).map((one) => vipFirst(file, inFamily(around, one)(host)));
    const dip = nearest(own.find((some) => some.length > 0) ?? [], near);
    if (dip === undefined) return [];
    const all = inFamily(around, family)(host);
    const [first] = file.match ?? [];
    const target = file.vip ?? first?.address;
    const device = carrier(target, interfaceNamed(file.vip) ?? first?.interface, all, around) ?? dip.interface;
    const places = placesOf(file, all, around, { vip: device, dip: dip.interface });
    return [{ host, managed: around.isManaged(host), address: dip.address, device, ...places }];
  });
}

/** The families in which directors send to a service's real servers, that of the first one first; else the service's own. */
export function sendingFamilies(family: Family, realServers: readonly RealServer[]): readonly Family[] {
  return realServers.length === 0 ? [family] : [...new Set(realServers.map((server) => server.family))];
}

interface Whereabouts {
  readonly networks: ReadonlySet<string>;
  readonly segments: ReadonlySet<string>;
}

function whereabouts(addresses: readonly HostAddress[]): Whereabouts {
  return {
    networks: new Set(addresses.map(({ network }) => network)),
    segments: new Set(addresses.map(({ segment }) => segment)),
  };
}

/** The first of these addresses in one of the networks, else on one of the segments, else at all. */
function nearest(
  addresses: readonly HostAddress[],
  near: Whereabouts | undefined,
  forNetworks = addresses,
): HostAddress | undefined {
  return (
    forNetworks.find(({ network }) => near?.networks.has(network)) ??
    addresses.find(({ segment }) => near?.segments.has(segment)) ??
    addresses[0]
  );
}

/** These addresses, with those in the VIP's own network first. */
function vipFirst(file: ServiceFile, addresses: readonly HostAddress[]): readonly HostAddress[] {
  const vip = parseCidr(addressOf(file.vip) ?? "");
  if (vip === undefined) return addresses;
  const isOutside = (address: HostAddress) => (contains(address, vip) ? 0 : 1);
  return addresses.toSorted((one, other) => isOutside(one) - isOutside(other));
}

/** These addresses, with those first in whose network one of the routers is. */
function besideFirst(routers: readonly HostAddress[], addresses: readonly HostAddress[]): readonly HostAddress[] {
  const beside = routers.flatMap((router) => addresses.filter((own) => contains(own, wholeAddress(router))));
  return [...new Set([...beside, ...addresses])];
}

function interfaceNamed(vip: ServiceFile["vip"]): string | undefined {
  return typeof vip === "object" ? vip.interface : undefined;
}

/** The interfaces for the addresses of a mark, by default that of the first, and for local ones, by default that of the DIP. */
function placesOf(
  { match = [], localAddresses = [] }: ServiceFile,
  own: readonly HostAddress[],
  around: Surroundings,
  { vip, dip }: { readonly vip: string; readonly dip: string },
): Pick<Director, "places"> {
  const matched = match.flatMap(({ address: text, interface: named }) => {
    const cidr = parseCidr(text);
    if (cidr === undefined || cidr.prefix < addressLength(cidr.family)) return [];
    return [{ address: cidr.address, device: carrier(cidr.address, named, own, around) ?? vip }];
  });
  const local = localAddresses.map((address) => ({
    address: canonicalAddress(address),
    device: carrier(address, undefined, own, around) ?? dip,
  }));
  const places = [...matched, ...local];
  return places.length === 0 ? {} : { places };
}

/** The interface that gets an address: the one in the file, else one in its network, else one on the segment of its network. */
function carrier(
  vip: ServiceFile["vip"],
  named: string | undefined,
  own: readonly HostAddress[],
  around: Surroundings,
): string | undefined {
  const address = parseCidr(addressOf(vip) ?? "");
  if (named !== undefined || address === undefined) return named;
  const segment = around.segmentHolding(address);
  const found = own.find((one) => contains(one, address)) ?? own.find((one) => one.segment === segment);
  return found?.interface;
}

function inFamily(around: Surroundings, family: Family): (host: string) => readonly HostAddress[] {
  return (host) => (around.addresses.get(host) ?? []).filter((address) => address.family === family);
}
