/** The parts of a request's way, and of its reply's, on which a packet keeps its addresses. Pure. */
import { type Cidr, contains, type Family, parseCidr, wholeAddress } from "../net/address.ts";
import type { Director, Host, RealServer, Service } from "../topology/topology.ts";
import { asMet } from "./met-director.ts";
import type { Network } from "./network.ts";
import { asReachedBy, type Origin, sourceTowards, targetAddress } from "./origin.ts";
import type { Destination, Way } from "./routing.ts";
import type { Treatment } from "./treatment.ts";

/** One of these parts. */
export interface Leg {
  readonly direction: "request" | "reply";
  /** Absent where the topology does not tell, as with a client outside of it. */
  readonly source?: Cidr;
  /** It comes from such a client. */
  readonly isFromOutside?: true;
  readonly to: Destination;
  /** It ends at the host that changes the addresses, even where the route would lead on. */
  readonly way: Way;
}

/** The family of its packets; in a tunnel, that of the header around them. */
export function familyOf({ to }: Leg): Family {
  return "everywhere" in to ? to.everywhere : to.family;
}

/** The hosts on a part of a way that have to pass its packets on: all but the first, and the one at which they arrive. */
export function forwardersOn({ way: { hosts, end } }: Leg): readonly string[] {
  return hosts.slice(1, end === "arrived" ? -1 : undefined);
}

interface Subject {
  readonly network: Network;
  readonly hosts: ReadonlyMap<string, Host>;
  readonly service: Service;
  readonly mode: Treatment;
  /** Absent: one outside of the topology. */
  readonly client?: Origin;
}

/**
 * All parts of the ways between a client and a service: at each address at which it reaches that, with each director that it may
 * meet, and each real server.
 */
export function* legsOf({ client, ...others }: Subject): Iterable<Leg> {
  const { network, service } = others;
  if (client === undefined) {
    yield* legsAt(others);
    return;
  }
  const reached = [...asReachedBy(network, client.host, service)];
  for (const one of reached.length > 0 ? reached : [service]) {
    yield* legsAt({ ...others, client, service: asMet(network, one, client.host) });
  }
}

function* legsAt(subject: Subject): Iterable<Leg> {
  yield* requestLegs(subject);
  yield* replyLegs(subject);
}

function* requestLegs(subject: Subject): Iterable<Leg> {
  const { service, client } = subject;
  const target = targetAddress(service);
  if (client !== undefined && target !== undefined) {
    yield leg(subject, "request", client.host, client.address, target);
  }
  const inner = virtualAddress(service);
  if (service.publish !== undefined && inner !== undefined) {
    yield leg(subject, "request", service.publish.on, asShown(subject), inner);
  }
  for (const [director, realServer, to] of pairs(service)) {
    for (const source of sourcesAt(subject, director, realServer, to)) {
      const one = leg(subject, "request", director.host, source, to);
      yield keepsSource(subject) && source === undefined ? { ...one, isFromOutside: true } : one;
    }
  }
}

function* replyLegs(subject: Subject): Iterable<Leg> {
  const { service, mode } = subject;
  const back = asShown(subject) ?? { everywhere: service.family };
  const inner = virtualAddress(service);
  if (mode.answeredBy === "real-server") {
    for (const { host } of service.realServers) yield* outward(subject, host, inner, back);
  }
  if (mode.answeredBy !== "director") return;
  const directors = service.directors.map(({ host }) => host);
  for (const [director, realServer, from] of pairs(service)) {
    const replaced = mode.rewrites("source") === true ? sourcesAt(subject, director, realServer, from) : [undefined];
    for (const source of replaced) yield leg(subject, "reply", realServer.host, from, source ?? back, directors);
  }
  for (const host of directors) yield* outward(subject, host, inner, back);
}

/** From a host with the virtual address to the client; a publishing firewall on the way puts the public one in its place. */
function* outward(subject: Subject, from: string, source: Cidr | undefined, to: Destination): Iterable<Leg> {
  const { service, client } = subject;
  const publisher = service.publish?.on;
  const first = leg(subject, "reply", from, source, to, publisher === undefined ? [] : [publisher]);
  yield first;
  if (publisher === undefined || first.way.hosts.at(-1) !== publisher) return;
  yield leg(subject, "reply", publisher, targetAddress(service), client?.address ?? { everywhere: service.family });
}

function leg(
  { network }: Subject,
  direction: Leg["direction"],
  from: string,
  source: Cidr | undefined,
  to: Destination,
  goals: readonly string[] = [],
): Leg {
  const way = network.way(from, to);
  const end = way.hosts.findIndex((host) => goals.includes(host));
  const part: Way =
    end < 0 ? way : { hosts: way.hosts.slice(0, end + 1), entries: way.entries.slice(0, end), end: "arrived" };
  return { direction, ...(source === undefined ? {} : { source }), to, way: part };
}

/** Each director with each real server that it sends to, and that one's address. */
function* pairs({ directors, realServers }: Service): Iterable<readonly [Director, RealServer, Cidr]> {
  for (const director of directors) {
    for (const realServer of realServers) {
      if (realServer.host !== director.host) yield [director, realServer, wholeAddress(realServer)];
    }
  }
}

/** The address that directors have for the service. */
function virtualAddress({ publish, ...service }: Service): Cidr | undefined {
  return publish === undefined ? targetAddress(service) : parseCidr(publish.to);
}

/** The sources with which packets leave a director for a real server: several where it has local addresses in several networks. */
function sourcesAt(
  subject: Subject,
  director: Director,
  realServer: RealServer,
  to: Cidr,
): readonly (Cidr | undefined)[] {
  const { network, service, mode } = subject;
  if (keepsSource(subject)) return [asShown(subject)];
  if (mode.rewrites("source") === undefined) return [undefined];
  const locals = mode.rewrites("outer") === true ? [] : localsOf(network, service, director);
  return locals.length > 0 ? locals : [sourceTowards(network, director.host, realServer.family, to)];
}

/** Whether real servers get the packets of clients from their addresses, and not in a tunnel. */
function keepsSource({ mode }: Subject): boolean {
  return mode.rewrites("outer") === false && mode.rewrites("source") === false;
}

/** Of the local addresses one for each network of the director: packets from, and for, the others take the same way. */
function localsOf(network: Network, { localAddresses }: Service, { host }: Director): readonly Cidr[] {
  const own = network.addressesOf(host).filter(({ isAdded }) => isAdded !== true);
  const locals = localAddresses.flatMap((text) => parseCidr(text) ?? []);
  const networkOf = (local: Cidr) => own.find((one) => contains(one, local))?.network ?? local.address;
  const networks = locals.map(networkOf);
  return locals.filter((_, index) => networks.indexOf(networks[index] ?? "") === index);
}

/** The client's address as directors see it: a publishing firewall may put its own in its place. */
function asShown({ network, hosts, service, client }: Subject): Cidr | undefined {
  return (client && hiddenBehind(network, hosts, service, client)) ?? client?.address;
}

/** The address that the publishing firewall puts in place of this client's; undefined if it leaves that alone. */
export function hiddenBehind(
  network: Network,
  hosts: ReadonlyMap<string, Host>,
  service: Service,
  client: Origin,
): Cidr | undefined {
  return isHidden(hosts, service, client) ? firewallInside(network, service) : undefined;
}

/** The address of the publishing firewall with which its own packets, and those of hidden clients, come to the directors. */
export function firewallInside(network: Network, service: Service): Cidr | undefined {
  const { publish, family } = service;
  return publish && sourceTowards(network, publish.on, family, virtualAddress(service));
}

/** Whether the publishing firewall puts its own address in place of this client's, because it comes from behind it. */
export function isHidden(hosts: ReadonlyMap<string, Host>, { publish }: Service, client: Origin): boolean {
  if (publish === undefined || !publish.hairpin) return false;
  const has = (own: readonly string[]) => (nic: Host["interfaces"][number]) =>
    nic.addresses.some(({ address }) => own.includes(address));
  const inside = (hosts.get(publish.on)?.interfaces ?? []).filter((nic) => !has(publish.addresses)(nic));
  const from = hosts.get(client.host)?.interfaces.find(has([client.address.address]));
  return inside.some(({ segment }) => segment === from?.segment);
}
