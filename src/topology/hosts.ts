/** Turns hosts as written in the file into hosts with every address parsed. */
import { addressLength, type Cidr, contains, formatCidr, isLinkLocal, networkOf, parseCidr } from "../net/address.ts";
import { NetworkTable } from "../net/network-table.ts";
import type { SshDestination } from "../transport/ssh-config.ts";
import type { Host as HostFile, SshDefaults, TopologyFile } from "./generated/topology-file.ts";
import { findSegments, type SegmentMap } from "./segments.ts";
import type { Host, Interface } from "./topology.ts";

/** Wraps a single value in a list, and leaves a list alone. */
export function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
}

/** The segments formed by these hosts and the file's `networks`. All addresses must have been checked. */
export function segmentsOf(networks: TopologyFile["networks"], hosts: Iterable<HostFile>): SegmentMap {
  const named = new Map(Object.entries(networks ?? {}).map(([name, value]) => [name, listOf(value).map(parsed)]));
  const all = [...hosts];
  const interfaces = all.flatMap((host) => Object.values(host.interfaces)).map(placing);
  const known = new NetworkTable(interfaces.flat().map((address) => [address, networkOf(address)]));
  return findSegments(named, [...interfaces, ...all.flatMap((host) => neighbours(host, known))]);
}

/**
 * The networks that a host's routes by interface put on one segment. An address without a subnet (/32, /128) has no other way
 * to say who its neighbours are, one by one or with one route to a network around them; between two subnets `networks` says it.
 */
function neighbours({ interfaces, routes = [] }: HostFile, known: NetworkTable<Cidr>): readonly (readonly Cidr[])[] {
  return routes.flatMap(({ to, device }) => {
    const own = placing(interfaces[device ?? ""]);
    const network = networkOf(parsed(to));
    const isAround = network.prefix > 0 && own.some((address) => contains(network, address));
    const there = known.smallest(network) ?? (isAround && own.every(isAlone) ? network : undefined);
    if (there === undefined || own.length === 0) return [];
    return own.every(isAlone) || isAlone(there) ? [[...own, there]] : [];
  });
}

/** The addresses of an interface that tell its segment: link-local ones are the same on all segments. */
function placing(written: HostFile["interfaces"][string] | undefined): readonly Cidr[] {
  return listOf(written)
    .map(parsed)
    .filter((address) => !isLinkLocal(address));
}

function isAlone({ prefix, family }: Cidr): boolean {
  return prefix === addressLength(family);
}

/** Resolves one host. `defaults` is the file's own `ssh`. All addresses must have been checked. */
export function resolveHost(name: string, file: HostFile, defaults: SshDefaults, segments: SegmentMap): Host {
  return {
    name,
    roles: file.roles ?? (file.role === undefined ? [] : [file.role]),
    managed: file.managed ?? true,
    ssh: sshSettings(name, file.ssh, defaults),
    interfaces: Object.entries(file.interfaces).map(([device, value]): Interface => {
      const addresses = listOf(value).map(parsed);
      const [first] = placing(value);
      return { name: device, addresses, segment: first === undefined ? "" : segments.of(formatCidr(networkOf(first))) };
    }),
    gateways: listOf(file.gateway).map((text) => ({ family: hopOf(text).family, ...nextHop(text, file) })),
    routes: (file.routes ?? []).map(({ to, via, device }) => ({
      to: formatCidr(networkOf(parsed(to))),
      ...(via === undefined ? {} : nextHop(via, file)),
      ...(device === undefined ? {} : { device }),
      family: parsed(to).family,
    })),
    sysctls: Object.entries(file.sysctls ?? {}).map(([key, value]) => ({ key, value: String(value) })),
  };
}

/** A router, with the interface where it names one, or where only a route by interface leads to it. */
function nextHop(text: string, { interfaces, routes = [] }: HostFile) {
  const hop = hopOf(text);
  const isInside = Object.values(interfaces).some((own) => listOf(own).some((one) => contains(parsed(one), hop)));
  const [route] = routes
    .filter(({ to, device }) => device !== undefined && contains(parsed(to), hop))
    .toSorted((one, other) => parsed(other.to).prefix - parsed(one.to).prefix);
  const device = text.split("%")[1] ?? (isInside ? undefined : route?.device);
  return { via: hop.address, ...(device === undefined ? {} : { device }) };
}

function hopOf(text: string): Cidr {
  return parsed(text.replace(/%.*$/, ""));
}

function sshSettings(name: string, ssh: HostFile["ssh"], defaults: SshDefaults): SshDestination {
  const { host, ...own } = typeof ssh === "string" ? { host: ssh } : (ssh ?? {});
  return { ...defaults, ...own, destination: host ?? name };
}

function parsed(text: string): Cidr {
  const cidr = parseCidr(text);
  if (cidr === undefined) throw new TypeError(`an address that was not checked: ${text}`);
  return cidr;
}
