/** The topology as the rules judge it: what could be resolved, with the means to say where a problem is. */
import type { LocatedDocument, Path } from "../document/parse-document.ts";
import type { ErrorCode } from "../errors/catalogue.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { Service as ServiceFile } from "./generated/topology-file.ts";
import { type HostAddress, hostAddresses } from "./host-addresses.ts";
import { resolveHost, segmentsOf } from "./hosts.ts";
import type { IntactParts } from "./intact-parts.ts";
import { findRoutes, type Routing } from "./routing.ts";
import { realServersOf, resolveService, type Surroundings } from "./services.ts";
import type { Host, Role, Segment, Service } from "./topology.ts";

/** What rules work on. */
export interface Draft {
  readonly segments: readonly Segment[];
  /** The intact hosts, in the order of the file. */
  readonly hosts: ReadonlyMap<string, Host>;
  /** Their addresses. */
  readonly addresses: ReadonlyMap<string, readonly HostAddress[]>;
  /** Every host's name, also of those that have mistakes. */
  readonly hostNames: ReadonlySet<string>;
  /** The intact services as the file writes them. */
  readonly serviceFiles: ReadonlyMap<string, ServiceFile>;
  /** Those of them whose hosts are all known and intact. */
  readonly services: readonly Service[];
  /** Whether nothing is missing, so that what is not there can be complained about. */
  readonly isWhole: boolean;
  /** Who has an address on an interface; where two do, the first. */
  ownerOf(address: string): HostAddress | undefined;
  readonly routing: Routing;
  withRole(role: Role): readonly Host[];
  /** The path to what a service says of a real server; to the service, where that has no list of its own. */
  realServerPath(service: string, host: string): Path;
  /** A problem at the value, or with `"key"` the key, that a path leads to. */
  problem(code: ErrorCode, path: Path, words: { message: string; hint: string }, what?: "key" | "value"): LvsctlError;
}

/** A rule of the language: sees one kind of mistake, and says what it leads to and how to put it right. */
export type Rule = (draft: Draft) => Iterable<LvsctlError>;

/** Resolves the intact parts of a file. */
export function draftTopology(intact: IntactParts, document: LocatedDocument): Draft {
  const segmentMap = segmentsOf(intact.networks, intact.hosts.values());
  const hosts = new Map(
    [...intact.hosts].map(([name, file]) => [name, resolveHost(name, file, intact.ssh, segmentMap)]),
  );
  const addresses = new Map([...hosts].map(([name, host]) => [name, hostAddresses(host)]));
  const withRole = (role: Role) => [...hosts.values()].filter(({ roles }) => roles.includes(role));
  const owners = new Map<string, HostAddress>();
  for (const address of [...addresses.values()].flat()) {
    if (!owners.has(address.address)) owners.set(address.address, address);
  }
  const ownerOf = (address: string) => owners.get(address);
  const networksOf = new Map(segmentMap.segments.map(({ name, networks }) => [name, networks]));
  const around: Surroundings = {
    file: document.file,
    addresses,
    directors: withRole("director").map(({ name }) => name),
    realServers: withRole("real-server").map(({ name }) => name),
    networksOf: (segment) => networksOf.get(segment) ?? [],
  };
  const isWhole = intact.damagedHosts.size === 0 && intact.networks !== undefined;
  const isResolvable = (file: ServiceFile) => {
    if (intact.networks === undefined || intact.damagedHosts.size > 0) return false;
    const named = [...realServersOf(file, []).keys(), file.publish?.on, file.synproxy?.on];
    return named.every((host) => host === undefined || hosts.has(host));
  };
  return {
    segments: segmentMap.segments,
    hosts,
    addresses,
    hostNames: new Set([...hosts.keys(), ...intact.damagedHosts]),
    serviceFiles: intact.services,
    services: [...intact.services].flatMap(([name, file]) =>
      isResolvable(file) ? [resolveService(name, file, around)] : [],
    ),
    isWhole,
    ownerOf,
    routing: findRoutes(hosts, addresses, ownerOf),
    withRole,
    realServerPath: (service, host) => realServerPath(intact.services.get(service), service, host),
    problem: (code, path, words, what) =>
      new LvsctlError(code, words.message, { hint: words.hint, at: document.locate(path, what) }),
  };
}

function realServerPath(file: ServiceFile | undefined, service: string, host: string): Path {
  const { realServers } = file ?? {};
  if (realServers === undefined) return ["services", service];
  return ["services", service, "realServers", Array.isArray(realServers) ? realServers.indexOf(host) : host];
}
