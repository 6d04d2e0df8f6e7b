/** The path of a service's packets, as `lvsctl explain` shows it. */
import type { Telling } from "../compile/asking.ts";
import {
  type AppliedPoint,
  addressTowards,
  type Hop,
  OUTSIDE,
  type Packet,
  type PacketWay,
  type Stop,
} from "../compile/packet-way.ts";
import { entryOf, wholeNames } from "../lvs/service-name.ts";
import type { Network } from "../network/network.ts";
import { treatmentOf } from "../network/treatment.ts";
import type { Language, OuterHeader, PlaybookSet, Text } from "../playbook/playbook.ts";
import type {
  ExplainedHop,
  ExplainedPoint,
  ExplainedService,
  ExplainedWay,
  OtherDirector,
  UnlikeWay,
} from "../report/explanation.ts";
import type { Director, Service, Topology } from "../topology/topology.ts";
import { formatTarget, testsOf } from "../verify/tests.ts";
import { total } from "../verify/traffic.ts";
import { type BesideWay, playbooksOf, wayOfService } from "./service-way.ts";

interface Subject {
  readonly topology: Topology;
  readonly service: Service;
  readonly playbooks: PlaybookSet;
  readonly network: Network;
  readonly language: Language;
  readonly written?: NonNullable<Telling["written"]>;
}

type Say = (text: Text) => string;

/**
 * These services of a topology; those of one entry together where they differ in nothing but addresses and ports. Throws as
 * `explainService`.
 */
export function explainServices(subject: Omit<Subject, "service">, services: readonly Service[]) {
  const groups = new Map<string, Explained[]>();
  for (const service of services) {
    const explained = explainService({ ...subject, service });
    const key = likeness(service, explained);
    groups.set(key, [...(groups.get(key) ?? []), { service, explained }]);
  }
  const all = subject.topology.services.map(({ name }) => name);
  return [...groups.values()].map((group) => together(group, all));
}

interface Explained {
  readonly service: Service;
  readonly explained: ExplainedService;
}

/** Equal for services of one entry whose packets are treated alike, at whichever of its addresses and ports. */
function likeness({ name, mode }: Service, { playbooks, addresses, excluded, way }: ExplainedService): string {
  const ofPoint = ({ host, changes, why }: ExplainedPoint) => [host, changes.map(({ field }) => field), why];
  const others = addresses.filter((one) => one.name !== "VIP");
  const ofWay = way && {
    who: [
      way.client,
      way.director,
      way.realServer,
      way.peer,
      way.isAnswered,
      way.endless,
      way.relies?.map(({ address: _, ...one }) => one),
      way.unlike,
    ],
    beside: way.beside?.map(({ points, ...one }) => [one, points?.map(ofPoint)]),
    hops: way.hops.map(({ direction, from, to, points, isBeyond }) => [
      ...[direction, from, to, isBeyond],
      ...points.map(ofPoint),
    ]),
    arrivals: [way.arrivals.request.map(ofPoint), way.arrivals.reply.map(ofPoint)],
  };
  return JSON.stringify([entryOf(name), mode, playbooks.map((one) => one.name), others, excluded, ofWay]);
}

/** Several services as one, whose way is that of the first. */
function together(group: readonly Explained[], all: readonly string[]): ExplainedService {
  const [first] = group;
  if (first === undefined) throw new TypeError("an empty group");
  const { name, addresses, tests: _tests, untested: _untested, ...rest } = first.explained;
  const [whole = name] = wholeNames(
    group.map(({ service }) => service.name),
    all,
  );
  const places = mergedPlaces(group.flatMap(({ service }) => placesOf(service)));
  const isSeveral = places.length > 1 || places.some(({ ports }) => ports.length !== 1 || /-/.test(String(ports)));
  const untested = [...new Set(group.flatMap(({ explained }) => explained.untested ?? []))];
  const isVirtual = (one: { readonly name: string }) => one.name === "VIP";
  const virtual = group.flatMap(({ explained }) => explained.addresses.filter(isVirtual));
  const once = virtual.filter(({ address }, index) => virtual.findIndex((one) => one.address === address) === index);
  const before = addresses.filter((one) => one.name === "CIP");
  return {
    ...rest,
    name: group.length > 1 ? entryOf(whole) : whole,
    ...(isSeveral ? { places } : {}),
    addresses: [...before, ...once, ...addresses.filter((one) => !isVirtual(one) && !before.includes(one))],
    tests: group.flatMap(({ explained }) => explained.tests),
    ...(untested.length === 0 ? {} : { untested }),
  };
}

/** Where a service is, on this director or in front of it. */
function placesOf({ vip, port, match }: Service): NonNullable<ExplainedService["places"]> {
  if (vip !== undefined) return [{ address: vip.address, ports: port ? [String(port)] : [] }];
  return match.map(({ address, ports }) => ({ address, ports }));
}

/** Each address once, with all of its ports. */
function mergedPlaces(places: NonNullable<ExplainedService["places"]>): NonNullable<ExplainedService["places"]> {
  const addresses = [...new Set(places.map(({ address }) => address))];
  return addresses.map((address) => {
    const ports = places.filter((one) => one.address === address).flatMap((one) => one.ports);
    return { address, ports: [...new Set(ports)] };
  });
}

/** One service with its addresses and the path of a request and its reply. Throws LVS-PLAYBOOK-005 and LVS-PLAYBOOK-006. */
function explainService(subject: Subject): ExplainedService {
  const { topology, service, playbooks, language, network } = subject;
  const say: Say = (text) => text[language] ?? text.en;
  const used = playbooksOf(topology, service, playbooks);
  const { way, unlike, beside, excluded, unreached } = wayOfService(subject);
  const isPathless = playbooks.modes.get(service.mode)?.path.length === 0;
  const traits = playbooks.modes.get(service.mode)?.traits ?? {};
  const isOneWay = traits.answeredBy !== undefined && treatmentOf(service, traits).answeredBy === undefined;
  const unlikes = way === undefined || isPathless || isOneWay ? [] : endsOf(unlike());
  const besides = way === undefined || isPathless ? [] : beside().map((one) => explainBeside(way, one, say, isOneWay));
  const match = service.match.filter(({ address }) => !unreached.has(address));
  const { tests, leftOut: others } = testsOf({ ...service, match }, topology.verify.requests);
  const leftOut = [...others, ...[...unreached].map(([address, why]) => `${address}, because ${why}`)];
  return {
    name: service.name,
    playbooks: used.map(({ name, title, summary }) => ({ name, title: say(title), summary: say(summary) })),
    addresses: [
      ...(way === undefined ? [] : [{ name: "CIP", address: way.client.address, host: way.client.host }]),
      ...virtualAddresses(service).flatMap((address) => at("VIP", address, service.directors)),
      ...service.directors.flatMap((director) =>
        sendingAddresses(network, director, service).flatMap((address) => at("DIP", address, [director])),
      ),
      ...service.localAddresses.flatMap((address) => at("LIP", address, service.directors)),
      ...realAddresses(service).flatMap((server) => at("RIP", server.address, [server])),
    ],
    ...sentFrom(topology, excluded),
    tests: tests.map((test) => ({ type: test.type, target: formatTarget(test) })),
    ...(leftOut.length === 0 ? {} : { untested: leftOut }),
    ...(isPathless ? { isPathless } : {}),
    ...(way === undefined || isPathless
      ? {}
      : {
          way: {
            ...(isOneWay ? withoutReply : whole)(explainWay(topology, service, way, say)),
            ...(unlikes.length === 0 ? {} : { unlike: unlikes }),
            ...(besides.length === 0 ? {} : { beside: besides }),
          },
        }),
    ...(excluded.length === 0 ? {} : { excluded }),
  };
}

/** Requests come from clients that lvsctl logs in to; without any, from its own machine. */
function sentFrom(
  { hosts }: Topology,
  excluded: NonNullable<ExplainedService["excluded"]>,
): Pick<ExplainedService, "sentFrom"> {
  const senders = hosts.filter(({ roles, managed }) => managed && roles.includes("client"));
  if (senders.length === 0) return { sentFrom: "here" };
  const isSent = senders.some(({ name }) => !excluded.some(({ client }) => client === name));
  return isSent ? {} : { sentFrom: "nowhere" };
}

/** The addresses that a director gives to its own packets for the real servers. */
function sendingAddresses(network: Network, director: Director, { realServers }: Service): readonly string[] {
  const all = realServers
    .filter(({ host }) => host !== director.host)
    .map((rs) => addressTowards(network, director, rs));
  return all.length === 0 ? [director.address] : [...new Set(all)];
}

/** A service with a mark has those that it matches. */
function virtualAddresses({ vip, match }: Service): readonly string[] {
  return vip === undefined ? [...new Set(match.map(({ address }) => address))] : [vip.address];
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
  const { client, director, realServer, hops, arrivals, seen, asked, answer, isAnswered, endless, relies } = way;
  const isBack =
    [client.host, realServer.host].includes(director.host) ||
    hops.some(({ direction, to }) => direction === "reply" && to.host === director.host);
  const pointOf = (point: AppliedPoint) => explainPoint(point, say);
  return {
    scheduler: service.scheduler,
    ...persistenceOf(service),
    director: director.host,
    client: client.host,
    ...(client.host === OUTSIDE.host ? { isClientElsewhere: true } : {}),
    realServer: realServer.host,
    realServers: total(
      services
        .filter(({ name }) => name === service.name)
        .map(({ realServers }) => realServers.filter(({ weight }) => weight > 0).length),
    ),
    hops: hops.map((hop) => explainHop(hop, say)),
    arrivals: { request: arrivals.request.map(pointOf), reply: arrivals.reply.map(pointOf) },
    peer: seen.source,
    askedAt: endpoint(seen.destination, seen.destinationPort),
    target: endpoint(asked.destination, asked.destinationPort),
    replySource: endpoint(answer.source, answer.sourcePort),
    isAnswered,
    ...(endless === undefined ? {} : { endless }),
    ...(relies.length === 0 ? {} : { relies }),
    directorSees: isBack ? "both" : "requests",
  };
}

/** Who keeps a real server: a client, unless a call or a client's network does. */
function persistenceOf({ persistence, family }: Service): Pick<ExplainedWay, "persistenceSeconds" | "persistenceOf"> {
  if (persistence === undefined) return {};
  const { timeout, engine, netmask = "" } = persistence;
  const isWhole = ["", "255.255.255.255", "128"].includes(netmask);
  const network = isWhole ? undefined : family === 6 ? `/${netmask}` : netmask;
  const whose = engine === "sip" ? "call" : network;
  return { persistenceSeconds: timeout, ...(whose === undefined ? {} : { persistenceOf: whose }) };
}

function whole(way: ExplainedWay): ExplainedWay {
  return way;
}

/** Nobody awaits a reply, and none would be translated. */
function withoutReply({ endless, ...way }: ExplainedWay): ExplainedWay {
  return {
    ...way,
    isOneWay: true,
    ...(endless === "request" ? { endless } : {}),
    hops: way.hops.filter(({ direction }) => direction === "request"),
    arrivals: { ...way.arrivals, reply: [] },
    directorSees: "requests",
  };
}

/** Those that end alike together. */
function endsOf(ways: readonly PacketWay[]): readonly UnlikeWay[] {
  const groups = new Map<string, UnlikeWay>();
  for (const { realServer, answer, isAnswered, endless, relies } of ways) {
    const end = {
      replySource: endpoint(answer.source, answer.sourcePort),
      isAnswered,
      ...(endless === undefined ? {} : { endless }),
      ...(relies.length === 0 ? {} : { relies }),
    };
    const key = JSON.stringify([isAnswered, endless, end.replySource, relies]);
    const realServers = new Set([...(groups.get(key)?.realServers ?? []), realServer.host]);
    groups.set(key, { realServers: [...realServers], ...end });
  }
  return [...groups.values()];
}

/** What another director does is shown only where it is not what the shown one does. */
function explainBeside(
  shown: PacketWay,
  { director, clients, ways }: BesideWay,
  say: Say,
  isOneWay: boolean,
): OtherDirector {
  const [first] = ways;
  if (first === undefined) return { director, clients, ends: [] };
  const directions = isOneWay ? (["request"] as const) : (["request", "reply"] as const);
  const points = pointsOf(first, say, directions);
  const doing = (all: readonly ExplainedPoint[]) =>
    JSON.stringify(all.map(({ changes, why }) => [changes.map(({ field }) => field), why]));
  const isAlike = doing(points) === doing(pointsOf(shown, say, directions));
  return { director, clients, ends: endsOf(ways), ...(isAlike ? {} : { points }) };
}

/** What the director of a way does. */
function pointsOf(
  { director, hops, arrivals }: PacketWay,
  say: Say,
  directions: readonly Hop["direction"][],
): readonly ExplainedPoint[] {
  const inOrder = directions.flatMap((direction) => [
    ...hops.filter((hop) => hop.direction === direction).flatMap(({ points }) => points),
    ...arrivals[direction],
  ]);
  return inOrder.filter(({ host }) => host === director.host).map((point) => explainPoint(point, say));
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
