/** Turns hosts as written in the file into hosts with every address parsed. */
import { type Cidr, canonicalAddress, formatCidr, networkOf, parseCidr } from "../net/address.ts";
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
  const interfaces = [...hosts].flatMap((host) => Object.values(host.interfaces));
  return findSegments(
    named,
    interfaces.map((addresses) => listOf(addresses).map(parsed)),
  );
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
      const [first] = addresses;
      return { name: device, addresses, segment: first === undefined ? "" : segments.of(formatCidr(networkOf(first))) };
    }),
    gateways: listOf(file.gateway).map((via) => ({ family: parsed(via).family, via: canonicalAddress(via) })),
    routes: (file.routes ?? []).map(({ to, via, device }) => ({
      to: formatCidr(networkOf(parsed(to))),
      ...(via === undefined ? {} : { via: canonicalAddress(via) }),
      ...(device === undefined ? {} : { device }),
      family: parsed(to).family,
    })),
    sysctls: Object.entries(file.sysctls ?? {}).map(([key, value]) => ({ key, value: String(value) })),
  };
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
