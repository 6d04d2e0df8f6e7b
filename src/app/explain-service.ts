/** The path of a service's packets, as `lvsctl explain` shows it. */
import type { DesiredState } from "../compile/desired-state.ts";
import {
  type AppliedPoint,
  findPacketWay,
  type Hop,
  type Packet,
  type Stop,
  type Ways,
} from "../compile/packet-way.ts";
import { serviceScope } from "../compile/service-scope.ts";
import { parseCidr } from "../net/address.ts";
import { networkOfStates } from "../plan/host-network.ts";
import type { Language, OuterHeader, Playbook, PlaybookSet, Text } from "../playbook/playbook.ts";
import type { ExplainedHop, ExplainedPoint, ExplainedService, ExplainedWay } from "../report/explanation.ts";
import { kinds } from "../resources/kinds.ts";
import { hostAddresses } from "../topology/host-addresses.ts";
import { findRoutes } from "../topology/routing.ts";
import type { Service, Topology } from "../topology/topology.ts";

interface Subject {
  readonly topology: Topology;
  readonly service: Service;
  /** The playbook of the service's mode. */
  readonly mode: Playbook | undefined;
  readonly playbooks: PlaybookSet;
  readonly desired: DesiredState;
  readonly language: Language;
}

type Say = (text: Text) => string;

/** One service with its addresses and the path of a request and its reply. Throws LVS-PLAYBOOK-005 and LVS-PLAYBOOK-006. */
export function explainService({ topology, service, mode, playbooks, desired, language }: Subject): ExplainedService {
  const say: Say = (text) => text[language] ?? text.en;
  const scope = serviceScope(topology, service, playbooks);
  const features = playbooks.features.filter((feature) => feature.appliesTo(scope));
  const used = [...(mode === undefined ? [] : [mode]), ...features];
  const points = { mode: mode?.path ?? [], features: features.flatMap(({ path }) => path) };
  const way = findPacketWay(scope, points, waysOf(topology, service, desired));
  return {
    name: service.name,
    playbooks: used.map(({ name, title, summary }) => ({ name, title: say(title), summary: say(summary) })),
    addresses: [
      ...(way === undefined ? [] : [{ name: "CIP", address: way.client.address, host: way.client.host }]),
      ...(service.vip === undefined ? [] : at("VIP", service.vip.address, service.directors)),
      ...service.directors.flatMap((director) => at("DIP", director.address, [director])),
      ...service.localAddresses.flatMap((address) => at("LIP", address, service.directors)),
      ...service.realServers.flatMap((server) => at("RIP", server.address, [server])),
    ],
    ...(way === undefined ? {} : { way: wayOf(service, way, say) }),
  };
}

function at(name: string, address: string, hosts: readonly { readonly host: string }[]) {
  return [{ name, address, host: hosts.map(({ host }) => host).join(", ") }];
}

/** An address on lo or on a tunnel device has no owner on the network: no neighbour may learn of it. */
function waysOf(topology: Topology, { family }: Service, desired: DesiredState): Ways {
  const hosts = new Map(topology.hosts.map((host) => [host.name, host]));
  const addresses = new Map(topology.hosts.map((host) => [host.name, hostAddresses(host)]));
  const owners = new Map<string, Required<Stop>>();
  const own = (host: string, device: string, address: string) => {
    if (!owners.has(address)) owners.set(address, { host, interface: device });
  };
  for (const { host, interface: device, address } of [...addresses.values()].flat()) own(host, device, address);
  for (const [host, resources] of desired.hosts) {
    const names = hosts.get(host)?.interfaces.map(({ name }) => name) ?? [];
    for (const { device, address } of networkOfStates(resources, kinds).addresses) {
      if (names.includes(device)) own(host, device, address);
    }
  }
  const known = [...addresses.values()].flat();
  const routing = findRoutes(hosts, addresses, (address) => known.find((one) => one.address === address));
  return {
    ownerOf: (address) => owners.get(address),
    nextHop(host, to) {
      const next = routing.nextHop(host, parseCidr(to) ?? { everywhere: family });
      if (next === undefined) return undefined;
      return next.kind === "via" ? { via: next.address } : { interface: next.interface };
    },
  };
}

type Way = NonNullable<ReturnType<typeof findPacketWay>>;

function wayOf(service: Service, way: Way, say: Say): ExplainedWay {
  const { client, director, realServer, hops, arrivals, seen, isAnswered } = way;
  const [first] = hops;
  const last = hops.at(-1);
  const isBack = hops.some(({ direction, to }) => direction === "reply" && to.host === director.host);
  const pointOf = (point: AppliedPoint) => explainPoint(point, say);
  return {
    scheduler: service.scheduler,
    director: director.host,
    client: client.host,
    realServer: realServer.host,
    realServers: service.realServers.length,
    hops: hops.map((hop) => explainHop(hop, say)),
    arrivals: { request: arrivals.request.map(pointOf), reply: arrivals.reply.map(pointOf) },
    peer: seen.source,
    askedAt: endpoint(seen.destination, seen.destinationPort),
    target: first === undefined ? "" : endpoint(first.packet.destination, first.packet.destinationPort),
    replySource: last === undefined ? "" : endpoint(last.packet.source, last.packet.sourcePort),
    isAnswered,
    directorSees: isBack ? "both" : "requests",
  };
}

function explainHop({ direction, from, to, packet, points, isBeyond }: Hop, say: Say): ExplainedHop {
  const { source, sourcePort, destination, destinationPort, outer } = packet;
  return {
    direction,
    from: stop(from),
    to: stop(to),
    source: endpoint(source, sourcePort),
    destination: endpoint(destination, destinationPort),
    ...(outer === undefined ? {} : { outer }),
    points: points.map((point) => explainPoint(point, say)),
    isBeyond,
  };
}

function explainPoint({ host, point, before, after }: AppliedPoint, say: Say): ExplainedPoint {
  const sides = [
    ["source", sourceOf(before), sourceOf(after)],
    ["destination", destinationOf(before), destinationOf(after)],
    ["outer", outerOf(before.outer), outerOf(after.outer)],
  ] as const;
  const changes = sides
    .filter(([, was, is]) => was !== is)
    .map(([field, was, is]) => ({ field, ...(was && { before: was }), ...(is && { after: is }) }));
  return { host, changes, why: say(point.why) };
}

function sourceOf({ source, sourcePort }: Packet): string {
  return endpoint(source, sourcePort);
}

function destinationOf({ destination, destinationPort }: Packet): string {
  return endpoint(destination, destinationPort);
}

function outerOf(outer: OuterHeader | undefined): string | undefined {
  return outer && `${outer.protocol} ${outer.source} → ${outer.destination}`;
}

function endpoint(address: string, port: number | undefined): string {
  if (port === undefined) return address;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

function stop({ host, interface: device }: Stop): string {
  return device === undefined ? host : `${host} ${device}`;
}
