/**
 * The path of one request and of its reply through the topology: between the points of the playbooks' paths, packets follow
 * the hosts' routes. It knows no mode. Pure.
 */
import { loginIn } from "../lvs/ftp.ts";
import { portRange } from "../lvs/port-range.ts";
import { contains, type Family, networkOf, parseCidr } from "../net/address.ts";
import type { HostAddress } from "../network/host-addresses.ts";
import type { Network } from "../network/network.ts";
import { sourceTowards, targetAddress } from "../network/origin.ts";
import { type Destination, leavingInterface } from "../network/routing.ts";
import type { Client, OuterHeader, PacketChange, PathPoint } from "../playbook/playbook.ts";
import type { Director, RealServer, Service, Topology } from "../topology/topology.ts";
import type { ServiceScope } from "./service-scope.ts";

/** Addresses as the packet carries them; a client's own port is not included. */
export interface Packet {
  readonly source: string;
  readonly sourcePort?: number;
  readonly destination: string;
  readonly destinationPort?: number;
  readonly outer?: OuterHeader;
}

/** An interface of a host on the path. */
export interface Stop {
  readonly host: string;
  /** Absent outside the topology. */
  readonly interface?: string;
}

/** One frame, from one interface to the next. */
export interface Hop {
  readonly direction: "request" | "reply";
  readonly from: Stop;
  readonly to: Stop;
  readonly packet: Packet;
  /** What the sender did to the packet before it left, in order. */
  readonly points: readonly AppliedPoint[];
  /** Whether there are routers between the two that are not in the topology. */
  readonly isBeyond: boolean;
}

/** A point of a path that the packet passed. */
export interface AppliedPoint {
  readonly host: string;
  readonly point: PathPoint;
  readonly before: Packet;
  readonly after: Packet;
}

/** The path of a request and its reply. */
export interface PacketWay {
  readonly client: Client;
  readonly director: Director;
  readonly realServer: RealServer;
  readonly hops: readonly Hop[];
  /** What happens to a packet at the last host of its path. */
  readonly arrivals: Readonly<Record<Direction, readonly AppliedPoint[]>>;
  /** The request as the real server sees it. */
  readonly seen: Packet;
  /** Where the client sends its requests. */
  readonly asked: Endpoint;
  /** The reply as the client gets it. */
  readonly answer: Packet;
  /** Whether the reply comes from the address and port that the client sent its request to. */
  readonly isAnswered: boolean;
  /** What never arrives, because it goes round in circles; without an end of the request there is no reply. */
  readonly endless?: Direction;
  /** What routers outside of the topology have to do for it: nothing in the file says that they do. */
  readonly relies: readonly Relied[];
}

/** Packets that such routers have to bring to a host, which is not where these would go by themselves. */
interface Relied {
  readonly direction: Direction;
  readonly host: string;
  /** Where they are for, if that is why: an address on no network of the topology. */
  readonly address?: string;
}

type Direction = Hop["direction"];

interface Walk {
  readonly network: Network;
  /** The service's, whose default route leads to clients outside the topology. */
  readonly family: Family;
  readonly points: readonly PlacedPoint[];
  readonly hops: Hop[];
  /** How a request arrives where it is for the service: at the publishing firewall, and everywhere else. */
  readonly expected: (host: string) => Endpoint;
  /** The request as each host got it and sent it on that did something to it: it knows the reply by that. */
  readonly known: Map<string, { readonly got: Packet; readonly sent: Packet }>;
  readonly client: Client;
}

type Endpoint = Pick<Packet, "destination" | "destinationPort">;

/** A point with the hosts where it happens; `change` gives undefined if its `when` does not hold. */
interface PlacedPoint {
  readonly point: PathPoint;
  readonly hosts: readonly string[];
  readonly change: (client: string) => PacketChange | undefined;
}

/** A client outside the topology, whose address nobody knows; no host can have that name. */
export const OUTSIDE: Pick<Client, "host" | "address"> = { host: "a client", address: "CIP" };

/** Who takes part in it. */
interface Passed {
  readonly client: Client;
  readonly director: Director;
  readonly rs: RealServer;
}

/**
 * The path from a client to one of the service's real servers, through one of its directors. `points` are those of the service's
 * mode and of its features. Throws LVS-PLAYBOOK-005 and LVS-PLAYBOOK-006.
 */
export function findPacketWay(
  outer: ServiceScope,
  points: { readonly mode: readonly PathPoint[]; readonly features: readonly PathPoint[] },
  network: Network,
  { client, director, rs }: Passed,
): PacketWay | undefined {
  const { service } = outer;
  const asked = whereAsked(service);
  if (asked === undefined) return undefined;
  const address = addressTowards(network, director, rs);
  const scope = { ...outer, director: { ...director, address }, rs, client };
  const place = (point: PathPoint): PlacedPoint => {
    const change = (from: string) => {
      const written = point.change({ ...scope, client: { ...client, address: from } });
      return written && withPorts(written, point.direction, asked);
    };
    return { point, hosts: point.on(scope), change };
  };
  // Features are closer to the client than the mode: first for a request, last for a reply.
  const inOrder = {
    request: [...points.features, ...points.mode],
    reply: [...points.mode, ...points.features],
  };
  const placed = (["request", "reply"] as const).flatMap((direction) =>
    inOrder[direction].filter((point) => point.direction === direction).map(place),
  );
  const inside = whereInside(service, asked);
  const expected = (host: string) => (host === service.publish?.on ? asked : inside);
  const walk: Walk = { network, family: service.family, points: placed, hops: [], expected, known: new Map(), client };
  const request = { source: client.address, ...asked };
  const there = follow(walk, "request", request, [client.host, director.host, rs.host]);
  const reply = turnAround(there.packet);
  // A real server that asks through a director is answered through it too; and where nothing is known of a router, replies
  // that the director has a part in come to it.
  const hasPart = placed.some(
    ({ point, hosts, change }) =>
      point.direction === "reply" && hosts.includes(director.host) && change(client.address) !== undefined,
  );
  const isBetween = client.host === rs.host || hasPart;
  const between = isBetween && director.host !== rs.host ? [director.host] : [];
  const back = there.isEndless
    ? { packet: reply, arrival: [], isEndless: false }
    : follow(walk, "reply", reply, [rs.host, ...between, client.host]);
  const endless = there.isEndless ? "request" : back.isEndless ? "reply" : undefined;
  return {
    client,
    director,
    realServer: rs,
    hops: walk.hops,
    arrivals: { request: there.arrival, reply: back.arrival },
    seen: there.packet,
    asked,
    answer: back.packet,
    ...(endless === undefined ? {} : { endless }),
    relies: walk.hops.flatMap((hop) => reliedAt(hop, walk, outer.topology.hosts) ?? []),
    isAnswered:
      endless === undefined &&
      back.packet.destination === client.address &&
      back.packet.source === asked.destination &&
      back.packet.sourcePort === asked.destinationPort,
  };
}

function reliedAt({ direction, packet, to, isBeyond }: Hop, { network, client }: Walk, hosts: Topology["hosts"]) {
  const address = packet.outer?.destination ?? packet.destination;
  const target = parseCidr(address);
  if (!isBeyond || (client.host === OUTSIDE.host && direction === "request")) return undefined;
  if (to.host !== client.host && !network.takes(to.host, address)) return { direction, host: to.host };
  const isOn = (own: HostAddress) => own.isAdded !== true && target && contains(networkOf(own), target);
  const isNowhere = target !== undefined && !hosts.some(({ name }) => network.addressesOf(name).some(isOn));
  return isNowhere ? { direction, host: to.host, address } : undefined;
}

/** The address that a director gives to packets of its own for a real server: its DIP is that for the first one. */
export function addressTowards(network: Network, { host, address }: Director, rs: RealServer): string {
  const to = parseCidr(rs.address);
  const source = host === rs.host ? undefined : sourceTowards(network, host, rs.family, to);
  return source?.address ?? address;
}

/**
 * Follows a packet from the first host to the last, through the others. One that comes to a host for the second time with
 * the same addresses goes round in circles.
 */
function follow(
  walk: Walk,
  direction: Direction,
  start: Packet,
  [from = "", ...goals]: readonly string[],
): { readonly packet: Packet; readonly arrival: readonly AppliedPoint[]; readonly isEndless: boolean } {
  const seen = new Set<string>();
  const end = goals.at(-1) ?? "";
  const isRoundTrip = from === end && goals.some((host) => host !== end);
  const passed = new Set<string>();
  let packet = start;
  let here: Stop = { host: from };
  for (let isFirst = true; ; isFirst = false) {
    const state = JSON.stringify([here.host, packet]);
    if (seen.has(state)) return { packet, arrival: [], isEndless: true };
    seen.add(state);
    passed.add(here.host);
    // One that forwards the packet before the others have had it is not yet the last.
    const isLast = here.host === end && goals.every((host) => passed.has(host));
    // On a round trip the last host is the client at one end, where nothing happens to the packet.
    const isAsClient = isRoundTrip && (direction === "request" ? isFirst : isLast);
    const isAsServer = direction === "request" ? isLast : isFirst;
    const { applied, after, next } = isAsClient
      ? { applied: [], after: packet, next: undefined }
      : pass(walk, direction, packet, here.host, isAsServer);
    packet = after;
    if (isLast) return { packet, arrival: applied, isEndless: false };
    const hop = nextStop(walk, here.host, next ?? packet.outer?.destination ?? packet.destination);
    const to = hop?.to ?? { host: beyond(walk, direction, packet, goals, passed) };
    const sender = hop?.from ?? { host: here.host };
    walk.hops.push({ direction, from: sender, to, packet, points: applied, isBeyond: hop === undefined });
    here = to;
  }
}

/**
 * Where routers that are not in the topology bring a packet: to a host that has yet to change it, since nothing says that they
 * do not; else to the owner of its destination; else to the next host that has to have it.
 */
function beyond(
  walk: Walk,
  direction: Direction,
  packet: Packet,
  goals: readonly string[],
  passed: ReadonlySet<string>,
): string {
  const end = goals.at(-1) ?? "";
  const isChanging = ({ point, change }: PlacedPoint, host: string) =>
    point.direction === direction && Object.keys(change(clientAt(walk, direction, host)) ?? {}).length > 0;
  const changing = walk.points
    .flatMap((placed) => placed.hosts.filter((host) => isChanging(placed, host)))
    .find((host) => host !== end && !passed.has(host) && isFor(walk, direction, packet, host));
  if (changing !== undefined) return changing;
  const owners = walk.network.ownersOf(packet.outer?.destination ?? packet.destination).map(({ host }) => host);
  const others = owners.filter((host) => !passed.has(host));
  return others.find((host) => goals.includes(host)) ?? others[0] ?? goals.find((host) => !passed.has(host)) ?? end;
}

/** What a host does to a packet. `isAsServer`: it is the real server, which does so with all that it gets. */
function pass(
  walk: Walk,
  direction: Direction,
  arriving: Packet,
  host: string,
  isAsServer: boolean,
): { readonly applied: readonly AppliedPoint[]; readonly after: Packet; readonly next: string | undefined } {
  let packet = arriving;
  let next: string | undefined;
  const applied: AppliedPoint[] = [];
  if (!isAsServer && !isFor(walk, direction, arriving, host)) return { applied, after: packet, next };
  for (const { point, hosts, change } of walk.points) {
    if (point.direction !== direction || !hosts.includes(host)) continue;
    const changes = change(clientAt(walk, direction, host));
    if (changes === undefined) continue;
    const before = packet;
    packet = applyChange(before, changes);
    next = changes.next ?? next;
    applied.push({ host, point, before, after: packet });
  }
  if (direction === "request" && applied.length > 0) walk.known.set(host, { got: arriving, sent: packet });
  return { applied, after: packet, next };
}

/**
 * Whether a host takes a packet for one of the service. A request has to be for its address, and not yet on its way to a real
 * server; a reply has to be the answer to what the host sent on. Other packets it forwards as they are.
 */
function isFor({ expected, known }: Walk, direction: Direction, packet: Packet, host: string): boolean {
  if (direction === "reply") {
    const request = known.get(host)?.sent;
    return request === undefined || isSame(packet, turnAround(request));
  }
  const { destination, destinationPort } = expected(host);
  return packet.outer === undefined && packet.destination === destination && packet.destinationPort === destinationPort;
}

/** The client's address as a host knows it: for replies, the one from which the request came to it. */
function clientAt({ client, known }: Walk, direction: Direction, host: string): string {
  return (direction === "reply" ? known.get(host)?.got.source : undefined) ?? client.address;
}

function isSame(one: Packet, other: Packet): boolean {
  return (
    one.outer === undefined &&
    one.source === other.source &&
    one.sourcePort === other.sourcePort &&
    one.destination === other.destination &&
    one.destinationPort === other.destinationPort
  );
}

/**
 * IPVS leaves the port as it is where the real server's is 0, and gives a reply the port that was asked along with the address.
 * A firewall-mark service has no port of its own. Source: ip_vs_schedule in the kernel's ip_vs_core.c.
 */
function withPorts(change: PacketChange, direction: Direction, asked: Endpoint): PacketChange {
  const { sourcePort, destinationPort, ...others } = change;
  const isTranslatedBack = direction === "reply" && change.source === asked.destination;
  const from = sourcePort || (isTranslatedBack ? (asked.destinationPort ?? 0) : undefined);
  return {
    ...others,
    ...(from === undefined ? {} : { sourcePort: from }),
    ...(destinationPort ? { destinationPort } : {}),
  };
}

function applyChange(packet: Packet, { next: _, outer, ...changed }: PacketChange): Packet {
  const { outer: wrapped, ...all } = { ...packet, ...changed };
  const { sourcePort, ...portless } = all;
  const bare = sourcePort === 0 ? portless : all; // A port that the topology does not say.
  if (outer === "none") return bare;
  const around = outer ?? wrapped;
  return around === undefined ? bare : { ...bare, outer: around };
}

/** The interfaces at which a frame for an address leaves and arrives; undefined if the topology does not say. */
function nextStop(
  { network, family }: Walk,
  host: string,
  to: string,
): { readonly from: Stop; readonly to: Stop } | undefined {
  const destination = parseCidr(to) ?? { everywhere: family };
  const route = network.nextHop(host, destination);
  if (route === undefined || route.kind === "local") return undefined;
  const owner =
    route.kind === "via"
      ? network.routerAt(host, { ...route, via: route.address })
      : (answererFor(network, host, destination) ?? network.ownerOf(to));
  if (owner === undefined || owner.host === host) return undefined;
  const leaving = leavingInterface(network, host, destination);
  const from = { host, ...(leaving === undefined ? {} : { interface: leaving }) };
  return { from, to: { host: owner.host, interface: owner.interface } };
}

/** Who answers on the segment for a destination, itself or in the name of another. */
function answererFor(network: Network, host: string, destination: Destination) {
  const { hosts, entries } = network.way(host, destination);
  const [, next] = hosts;
  const [entry] = entries;
  return next === undefined || entry === undefined ? undefined : { host: next, interface: entry };
}

function turnAround({ source, sourcePort, destination, destinationPort }: Packet): Packet {
  return {
    source: destination,
    ...(destinationPort === undefined ? {} : { sourcePort: destinationPort }),
    destination: source,
    ...(sourcePort === undefined ? {} : { destinationPort: sourcePort }),
  };
}

/** Where requests go once they have passed the firewall that publishes the service. */
function whereInside({ publish, port }: Service, asked: Endpoint): Endpoint {
  if (publish === undefined) return asked;
  const inside = port ?? asked.destinationPort ?? 0;
  return { destination: publish.to, ...(inside > 0 ? { destinationPort: inside } : {}) };
}

/** Where clients send their requests: the published address, else the VIP, else an address that gets the service's mark. */
function whereAsked(service: Service): Omit<Packet, "source"> | undefined {
  const { publish, vip, port: own = 0, match } = service;
  const target = targetAddress(service);
  const { ports = [] } = match[0] ?? {};
  const [first] = ports;
  const marked = ports.flatMap((text) => loginIn(text) ?? [])[0] ?? (first === undefined ? 0 : portRange(first).first);
  const port = publish?.port ?? (vip === undefined ? marked : own);
  return target && { destination: target.address, ...(port > 0 ? { destinationPort: port } : {}) };
}
