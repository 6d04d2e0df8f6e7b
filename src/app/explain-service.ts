/** The path of a service's packets, as `lvsctl explain` shows it. */
import type { Telling } from "../compile/asking.ts";
import type { AppliedPoint, Hop, Packet, PacketWay, Stop } from "../compile/packet-way.ts";
import type { Network } from "../network/network.ts";
import type { Language, OuterHeader, PlaybookSet, Text } from "../playbook/playbook.ts";
import type { ExplainedHop, ExplainedPoint, ExplainedService, ExplainedWay } from "../report/explanation.ts";
import type { Service, Topology } from "../topology/topology.ts";
import { formatTarget, testsOf } from "../verify/tests.ts";
import { total } from "../verify/traffic.ts";
import { playbooksOf, wayOfService } from "./service-way.ts";

interface Subject {
  readonly topology: Topology;
  readonly service: Service;
  readonly playbooks: PlaybookSet;
  readonly network: Network;
  readonly language: Language;
  readonly written?: NonNullable<Telling["written"]>;
}

type Say = (text: Text) => string;

/** One service with its addresses and the path of a request and its reply. Throws LVS-PLAYBOOK-005 and LVS-PLAYBOOK-006. */
export function explainService(subject: Subject): ExplainedService {
  const { topology, service, playbooks, language } = subject;
  const say: Say = (text) => text[language] ?? text.en;
  const used = playbooksOf(topology, service, playbooks);
  const { way, excluded } = wayOfService(subject);
  const { tests, leftOut } = testsOf(service, topology.verify.requests);
  return {
    name: service.name,
    playbooks: used.map(({ name, title, summary }) => ({ name, title: say(title), summary: say(summary) })),
    addresses: [
      ...(way === undefined ? [] : [{ name: "CIP", address: way.client.address, host: way.client.host }]),
      ...(service.vip === undefined ? [] : at("VIP", service.vip.address, service.directors)),
      ...service.directors.flatMap((director) => at("DIP", director.address, [director])),
      ...service.localAddresses.flatMap((address) => at("LIP", address, service.directors)),
      ...realAddresses(service).flatMap((server) => at("RIP", server.address, [server])),
    ],
    tests: tests.map((test) => ({ type: test.type, target: formatTarget(test) })),
    ...(leftOut.length === 0 ? {} : { untested: leftOut }),
    ...(way === undefined ? {} : { way: explainWay(topology, service, way, say) }),
    ...(excluded.length === 0 ? {} : { excluded }),
  };
}

/** A host with several ports has its address once. */
function realAddresses({ realServers }: Service): Service["realServers"] {
  return realServers.filter(
    (server, index) => realServers.findIndex((other) => other.address === server.address) === index,
  );
}

function at(name: string, address: string, hosts: readonly { readonly host: string }[]) {
  return [{ name, address, host: hosts.map(({ host }) => host).join(", ") }];
}

function explainWay({ services }: Topology, service: Service, way: PacketWay, say: Say): ExplainedWay {
  const { client, director, realServer, hops, arrivals, seen, asked, answer, isAnswered } = way;
  const isBack =
    [client.host, realServer.host].includes(director.host) ||
    hops.some(({ direction, to }) => direction === "reply" && to.host === director.host);
  const pointOf = (point: AppliedPoint) => explainPoint(point, say);
  return {
    scheduler: service.scheduler,
    ...(service.persistence === undefined ? {} : { persistenceSeconds: service.persistence.timeout }),
    director: director.host,
    client: client.host,
    realServer: realServer.host,
    realServers: total(
      services.filter(({ name }) => name === service.name).map(({ realServers }) => realServers.length),
    ),
    hops: hops.map((hop) => explainHop(hop, say)),
    arrivals: { request: arrivals.request.map(pointOf), reply: arrivals.reply.map(pointOf) },
    peer: seen.source,
    askedAt: endpoint(seen.destination, seen.destinationPort),
    target: endpoint(asked.destination, asked.destinationPort),
    replySource: endpoint(answer.source, answer.sourcePort),
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
