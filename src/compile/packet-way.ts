/**
 * The path of one request and of its reply through the topology: between the points of the playbooks' paths, packets follow
 * the hosts' routes. It knows no mode. Pure.
 */
import { portRange } from "../lvs/port-range.ts";
import { type Family, parseCidr } from "../net/address.ts";
import type { Network } from "../network/network.ts";
import { targetAddress } from "../network/origin.ts";
import { leavingInterface } from "../network/routing.ts";
import type { Client, OuterHeader, PacketChange, PathPoint } from "../playbook/playbook.ts";
import type { Director, RealServer, Service } from "../topology/topology.ts";
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
  readonly arrivals: Readonly<Record<Hop["direction"], readonly AppliedPoint[]>>;
  /** The request as the real server sees it. */
  readonly seen: Packet;
  /** Where the client sends its requests. */
  readonly asked: Pick<Packet, "destination" | "destinationPort">;
  /** The reply as the client gets it. */
  readonly answer: Packet;
  /** Whether the reply comes from the address and port that the client sent its request to. */
  readonly isAnswered: boolean;
  /** What never arrives, because it goes round in circles; without an end of the request there is no reply. */
  readonly endless?: Hop["direction"];
}

interface Walk {
  readonly network: Network;
  /** The service's, whose default route leads to clients outside the topology. */
  readonly family: Family;
  readonly points: (host: string, direction: Hop["direction"]) => readonly AppliedChange[];
  readonly hops: Hop[];
}

interface AppliedChange {
  readonly point: PathPoint;
  readonly change: PacketChange;
}

/** A client outside the topology, whose address nobody knows. */
export const OUTSIDE: Client = { host: "client", address: "CIP" };

/**
 * The path from a client to the service's first real server, through its first director. `points` are those of the service's mode and of
 * its features. Throws LVS-PLAYBOOK-005 and LVS-PLAYBOOK-006.
 */
export function findPacketWay(
  outer: ServiceScope,
  points: { readonly mode: readonly PathPoint[]; readonly features: readonly PathPoint[] },
  network: Network,
  client: Client,
): PacketWay | undefined {
  const { service } = outer;
  const [director] = service.directors;
  const [rs] = service.realServers;
  const asked = whereAsked(service);
  if (director === undefined || rs === undefined || asked === undefined) return undefined;
  const scope = { ...outer, director, rs, client };
  const at: Walk["points"] = (host, direction) => {
    // Features are closer to the client than the mode: first for a request, last for a reply.
    const inOrder = direction === "request" ? [points.features, points.mode] : [points.mode, points.features];
    return inOrder.flat().flatMap((point) => {
      if (point.direction !== direction || !point.on(scope).includes(host)) return [];
      const change = point.change(scope);
      return change === undefined ? [] : [{ point, change: withPorts(change, direction, asked) }];
    });
  };
  const walk: Walk = { network, family: service.family, points: at, hops: [] };
  const request = { source: client.address, ...asked };
  const there = follow(walk, "request", request, [client.host, director.host, rs.host]);
  const reply = turnAround(there.packet);
  // A real server that asks by way of a director is answered by way of it too.
  const between = client.host === rs.host ? [director.host] : [];
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
    isAnswered:
      endless === undefined &&
      back.packet.destination === client.address &&
      back.packet.source === asked.destination &&
      back.packet.sourcePort === asked.destinationPort,
  };
}

/**
 * Follows a packet from the first host to the last; where no route is known, it jumps to the next host in the list. One that
 * comes to a host for the second time with the same addresses goes round in circles.
 */
function follow(
  walk: Walk,
  direction: Hop["direction"],
  start: Packet,
  [from = "", ...goals]: readonly string[],
): { readonly packet: Packet; readonly arrival: readonly AppliedPoint[]; readonly isEndless: boolean } {
  const { points, hops } = walk;
  const seen = new Set<string>();
  let packet = start;
  let here: Stop = { host: from };
  let passed = [...goals];
  const end = goals.at(-1);
  const isRoundTrip = from === end && goals.some((host) => host !== end);
  for (let isFirst = true; ; isFirst = false) {
    const state = JSON.stringify([here.host, packet]);
    if (seen.has(state)) return { packet, arrival: [], isEndless: true };
    seen.add(state);
    const isLast = here.host === end && !(isRoundTrip && isFirst);
    // On a round trip the last host is the client at one end, where nothing happens to the packet.
    const isAsClient = isRoundTrip && (direction === "request" ? isFirst : isLast);
    const { applied, after, next } = pass(packet, here.host, isAsClient ? [] : points(here.host, direction));
    packet = after;
    if (isLast) return { packet, arrival: applied, isEndless: false };
    passed = passed.filter((host) => host !== here.host);
    const hop = nextStop(walk, here.host, next ?? packet.outer?.destination ?? packet.destination);
    const to = hop?.to ?? { host: passed[0] ?? end ?? "" };
    const sender = hop?.from ?? { host: here.host };
    hops.push({ direction, from: sender, to, packet, points: applied, isBeyond: hop === undefined });
    here = to;
  }
}

function pass(
  arriving: Packet,
  host: string,
  changes: readonly AppliedChange[],
): { readonly applied: readonly AppliedPoint[]; readonly after: Packet; readonly next: string | undefined } {
  let packet = arriving;
  let next: string | undefined;
  const applied = changes.map(({ point, change }) => {
    const before = packet;
    packet = applyChange(before, change);
    next = change.next ?? next;
    return { host, point, before, after: packet };
  });
  return { applied, after: packet, next };
}

/**
 * IPVS leaves the port as it is where the real server's is 0, and gives a reply the port that was asked along with the address.
 * A firewall-mark service has no port of its own. Source: ip_vs_schedule in the kernel's ip_vs_core.c.
 */
function withPorts(
  change: PacketChange,
  direction: Hop["direction"],
  asked: Pick<Packet, "destination" | "destinationPort">,
): PacketChange {
  const { sourcePort, destinationPort, ...others } = change;
  const isTranslatedBack = direction === "reply" && change.source === asked.destination;
  const from = sourcePort || (isTranslatedBack ? asked.destinationPort : undefined);
  return { ...others, ...(from ? { sourcePort: from } : {}), ...(destinationPort ? { destinationPort } : {}) };
}

function applyChange(packet: Packet, { next: _, outer, ...changed }: PacketChange): Packet {
  const { outer: wrapped, ...bare } = { ...packet, ...changed };
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
  const owner = network.ownerOf(route.kind === "via" ? route.address : to);
  if (owner === undefined || owner.host === host) return undefined;
  const leaving = leavingInterface(network, host, destination);
  const from = { host, ...(leaving === undefined ? {} : { interface: leaving }) };
  return { from, to: { host: owner.host, interface: owner.interface } };
}

function turnAround({ source, sourcePort, destination, destinationPort }: Packet): Packet {
  return {
    source: destination,
    ...(destinationPort === undefined ? {} : { sourcePort: destinationPort }),
    destination: source,
    ...(sourcePort === undefined ? {} : { destinationPort: sourcePort }),
  };
}

/** Where clients send their requests: the published address, else the VIP, else an address that gets the service's mark. */
function whereAsked(service: Service): Omit<Packet, "source"> | undefined {
  const { publish, vip, port: own = 0, match } = service;
  const target = targetAddress(service);
  const [matched] = match[0]?.ports ?? [];
  const marked = matched === undefined ? 0 : portRange(matched).first;
  const port = publish?.port ?? (vip === undefined ? marked : own);
  return target && { destination: target.address, ...(port > 0 ? { destinationPort: port } : {}) };
}
