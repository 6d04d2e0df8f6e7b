/** The topology as the rules see it: everything that could be resolved, and a way to report a problem at its location. */
import type { LocatedDocument, Path } from "../document/parse-document.ts";
import type { ErrorCode } from "../errors/catalogue.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { entryOf } from "../lvs/service-name.ts";
import type { Cidr, Family } from "../net/address.ts";
import { type HostAddress, hostAddresses } from "../network/host-addresses.ts";
import { findNetwork, type Network } from "../network/network.ts";
import type { Service as ServiceFile, TopologyFile } from "./generated/topology-file.ts";
import { resolveHost, segmentsOf } from "./hosts.ts";
import type { IntactParts } from "./intact-parts.ts";
import { withSides } from "./internet.ts";
import { type Modes, usesSetting } from "./mode-traits.ts";
import { type OddPrefix, oddPrefixes, withoutOddPrefixes } from "./odd-prefixes.ts";
import { sampleOf } from "./sample.ts";
import { modeKey, type ServiceMode, serviceMode } from "./service-mode.ts";
import { familiesOf, modesOf, realServersOf, resolveService, type Surroundings, writtenPrefixes } from "./services.ts";
import { listedPairs, spread } from "./several.ts";
import type { Host, Role, Segment, Service } from "./topology.ts";

/** What rules work on. */
export interface Draft {
  readonly segments: readonly Segment[];
  /** The networks that the file lists by the name of their segment. */
  readonly networks: NonNullable<TopologyFile["networks"]>;
  /** The intact hosts, in the order of the file. */
  readonly hosts: ReadonlyMap<string, Host>;
  /** Their addresses. */
  readonly addresses: ReadonlyMap<string, readonly HostAddress[]>;
  /** The names of all hosts, including those with mistakes; undefined if `hosts` is missing or not a map. */
  readonly hostNames: ReadonlySet<string> | undefined;
  /** The intact services, as written in the file. */
  readonly entries: ReadonlyMap<string, ServiceFile>;
  /** The virtual services that they stand for, in the words of the file. */
  readonly serviceFiles: ReadonlyMap<string, ServiceFile>;
  /** The same with each address of a marked service as a virtual address. */
  readonly addressed: ReadonlyMap<string, ServiceFile>;
  /** Those whose hosts are all known and intact; a service with several modes once for each. */
  readonly services: readonly Service[];
  /** Whether there are few enough services to look at; else there are only `entries`. */
  readonly isSpread: boolean;
  /** Whether the file asks for more than lvsctl can handle; `services` is then empty. */
  readonly isTooLarge: boolean;
  /** Whether all hosts could be read, so that rules may report missing ones. */
  readonly isWhole: boolean;
  /** Addresses whose prefix length is not that of the others; all else is judged as if it were. */
  readonly oddPrefixes: readonly OddPrefix[];
  /** Which interface has an address in the file; the first, if there are two. */
  ownerOf(address: string): HostAddress | undefined;
  /** The segment of the smallest known network that contains an address: where it is asked for by ARP or NDP. */
  segmentHolding(address: Cidr): string | undefined;
  /** The same, unless a network of the other segment contains the address, or the whole of a network, too. */
  segmentHoldingBut(segment: string, address: Cidr): string | undefined;
  /** The network with everything that the services add. */
  readonly network: Network;
  readonly modes: Modes;
  /** The mode of a resolved service. */
  modeOf(service: Pick<Service, "name" | "mode">): ServiceMode;
  /** The modes of an intact service, in the order of the file: that of each real server. */
  modesOf(service: string): readonly ServiceMode[];
  /** The families of all virtual services that come from the same entry as this one. */
  familiesBeside(service: string): readonly Family[];
  /** The hosts that have this role among theirs, in the order of the file. */
  withRole(role: Role): readonly Host[];
  /** A sample of the clients, for rules that compare each client with every host. */
  readonly someClients: readonly Host[];
  /** Creates a problem at the value of a path, or with `"key"` at its key. */
  problem(code: ErrorCode, path: Path, words: { message: string; hint: string }, what?: "key" | "value"): LvsctlError;
}

/** The most pairs of director and real server that one file may ask for. */
const MAX_PAIRS = 200_000;

/** The most pairs of address and port that the services of one file may list. */
export const MAX_LISTED_PAIRS = 10_000;

/** The most clients that rules compare with every host. */
const MAX_CLIENTS = 32;

const ROLES: readonly Role[] = ["firewall", "director", "real-server", "client"];

/** A rule of the language: finds one kind of mistake, and says what it would lead to and how to fix it. */
export type Rule = (draft: Draft) => Iterable<LvsctlError>;

/** Resolves the intact parts of a file. */
export function draftTopology(intact: IntactParts, document: LocatedDocument, modes: Modes): Draft {
  const isSpread = sumOf([...intact.services.values()].map(listedPairs)) <= MAX_LISTED_PAIRS;
  const { services: serviceFiles, addressed, writtenAt } = spread(isSpread ? intact.services : new Map(), intact.name);
  const odd = oddPrefixes(intact.hosts, intact.networks);
  const hostFiles = withoutOddPrefixes(intact.hosts, odd);
  const segmentMap = segmentsOf(intact.networks, hostFiles.values());
  const hosts = new Map([...hostFiles].map(([name, file]) => [name, resolveHost(name, file, intact.ssh, segmentMap)]));
  const addresses = new Map([...hosts].map(([name, host]) => [name, hostAddresses(host)]));
  const byRole = new Map<Role, readonly Host[]>(
    ROLES.map((role) => [role, [...hosts.values()].filter(({ roles }) => roles.includes(role))]),
  );
  const withRole = (role: Role) => byRole.get(role) ?? [];
  const owners = new Map<string, HostAddress>();
  for (const address of [...addresses.values()].flat()) {
    if (!owners.has(address.address)) owners.set(address.address, address);
  }
  const ownerOf = (address: string) => owners.get(address);
  const around: Surroundings = {
    file: document.file,
    addresses,
    directors: withRole("director").map(({ name }) => name),
    realServers: withRole("real-server").map(({ name }) => name),
    isManaged: (host) => hosts.get(host)?.managed ?? true,
    segmentHolding: segmentMap.holding,
    mixesFamilies: (mode) => mixing.has(mode),
    answersThroughDirector: (service, mode) =>
      serviceModes.get(service)?.some((one) => one.name === mode && isAnsweredThrough(one)) === true,
    directorsBefore: (host) => {
      const { gateways = [], routes = [] } = hosts.get(host) ?? {};
      const routers = [...gateways, ...routes].flatMap(({ via = "" }) => ownerOf(via) ?? []);
      return routers.filter((router) => hosts.get(router.host)?.roles.includes("director"));
    },
    prefixes: writtenPrefixes(addressed.values()),
  };
  const serviceModes = new Map(
    [...serviceFiles, ...addressed].map(([service, file]) => {
      const own = modesOf(file).map((mode) => {
        const { path, ...who } = modeUser(service, file, mode);
        const user = { ...who, at: () => document.locate(writtenAt(path)) };
        return serviceMode(user, { ...file, mode }, document.file, modes);
      });
      return [service, own];
    }),
  );
  const mixing = new Set(
    [...serviceModes.values()]
      .flat()
      .filter(({ traits }) => traits.mixedFamilies)
      .map(({ name }) => name),
  );
  const isWhole = intact.hasHosts && intact.damagedHosts.size === 0 && intact.networks !== undefined;
  const resolvable = isWhole ? [...serviceFiles].filter(([, file]) => hasItsHosts(file, hosts)) : [];
  const isTooLarge = countPairs(resolvable, around) > MAX_PAIRS;
  const resolved = isTooLarge ? [] : resolvable.flatMap(([name, file]) => resolveService(name, file, around));
  const modesOfService = (service: string) => required(serviceModes.get(service), service);
  const modeOf = ({ name, mode }: Pick<Service, "name" | "mode">) =>
    required(
      modesOfService(name).find((one) => modeKey(one.name, document.file) === mode),
      name,
    );
  const network = findNetwork(
    hosts,
    resolved.map((service) => [service, modeOf(service)]),
  );
  const leads = (service: Service) => usesSetting(modeOf(service).traits, "internet");
  const services = withSides(resolved, { hosts, addresses, network, leads });
  return {
    segments: segmentMap.segments,
    networks: intact.networks ?? {},
    hosts,
    addresses,
    hostNames: intact.hasHosts ? new Set([...hosts.keys(), ...intact.damagedHosts]) : undefined,
    entries: intact.services,
    serviceFiles,
    addressed,
    services,
    isSpread,
    isTooLarge,
    isWhole,
    oddPrefixes: odd,
    ownerOf,
    segmentHolding: segmentMap.holding,
    segmentHoldingBut: segmentMap.holdingBut,
    network,
    modes,
    modeOf,
    modesOf: modesOfService,
    familiesBeside: (service) => familiesOf(required(intact.services.get(entryOf(service)), service)),
    withRole,
    someClients: sampleOf(withRole("client"), addresses, MAX_CLIENTS),
    problem: (code, path, words, what) =>
      new LvsctlError(code, words.message, { hint: words.hint, at: document.locate(writtenAt(path), what) }),
  };
}

/** Whether real servers see the client and answer it by their own routes, which have to lead through the director. */
function isAnsweredThrough({ answeredBy, rewrites }: ServiceMode): boolean {
  return answeredBy === "director" && rewrites("source") === false;
}

/** Who names a mode: the entry, or the first real server of it that has this mode as its own; and where. */
function modeUser(name: string, file: ServiceFile, mode: string) {
  const service = entryOf(name);
  const own = realServersOf(file, []).find(({ settings }) => settings.mode === mode);
  return file.mode === mode || own === undefined
    ? { service, path: ["services", name, "mode"] }
    : { service, server: own.host, path: ["services", name, ...own.path, "mode"] };
}

function required<T>(found: T | undefined, service: string): T {
  if (found === undefined) throw new TypeError(`a service that is not intact: ${service}`);
  return found;
}

function hasItsHosts({ publish, synproxy, ...file }: ServiceFile, hosts: ReadonlyMap<string, Host>): boolean {
  const others = [publish?.on, synproxy?.on].filter((host) => host !== undefined);
  return (
    others.every((host) => hosts.has(host)) &&
    realServersOf(file, []).every(({ host }) => hosts.get(host)?.roles.includes("real-server") === true)
  );
}

/** The number of director and real-server pairs in all services together. */
function countPairs(services: readonly (readonly [string, ServiceFile])[], around: Surroundings): number {
  const realServers = services.map(([, { realServers: own }]) =>
    own === undefined ? around.realServers.length : Object.keys(own).length,
  );
  return Math.max(1, around.directors.length) * sumOf(realServers);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}
