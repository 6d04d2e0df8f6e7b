/** The path of a service's packets through a topology as it will be. */

import type { Telling } from "../compile/asking.ts";
import { type JudgedClient, judgeClients } from "../compile/clients.ts";
import { findPacketWay, OUTSIDE, type PacketWay } from "../compile/packet-way.ts";
import { serviceScope } from "../compile/service-scope.ts";
import { inScope } from "../compile/step-problems.ts";
import { parseCidr } from "../net/address.ts";
import { hiddenBehind } from "../network/legs.ts";
import { metDirector } from "../network/met-director.ts";
import type { Network } from "../network/network.ts";
import { asAskedBy, targetAddress } from "../network/origin.ts";
import type { Client, PathPoint, Playbook, PlaybookSet } from "../playbook/playbook.ts";
import type { Director, RealServer, Service, Topology } from "../topology/topology.ts";

/** A service in its topology. `written`: the file that says it. */
interface Subject extends Partial<Telling> {
  readonly topology: Topology;
  readonly service: Service;
  readonly playbooks: PlaybookSet;
  readonly network: Network;
}

/** A service's path, and the clients that cannot take it. */
export interface ServiceWay {
  /** Absent if the service has no director, no real server or no address. */
  readonly way?: PacketWay;
  /** Finds the paths to its other real servers, as far as they end otherwise. There can be very many. */
  unlike(): readonly PacketWay[];
  /** Finds the paths by its other directors, of which there can be as many. */
  beside(): readonly BesideWay[];
  /** Clients whose requests do not get there, or that nobody can answer; the reason is the end of a sentence. */
  readonly excluded: readonly { readonly client: string; readonly reason: string }[];
  /** The addresses of the service to which none of its other clients gets, each with the reason for the first one. */
  readonly unreached: ReadonlyMap<string, string>;
}

/** The paths by a director that the shown one does not pass. */
export interface BesideWay {
  readonly director: string;
  /** The clients of the topology whose requests come to it. */
  readonly clients: readonly string[];
  /** To each of the real servers; none if nothing in the topology leads requests to this director. */
  readonly ways: readonly PacketWay[];
}

/**
 * The path of a request from the first client that reaches the service, or else from outside the topology, to its first real
 * server that the scheduler can choose (or the first at all, if all have weight 0), and of its reply. Schedulers that go by
 * the highest weight have one of that. It passes the director that the client's routes lead to, or the first one.
 * Throws LVS-PLAYBOOK-005 and LVS-PLAYBOOK-006, or LVS-CONFIG-069 for a built-in playbook.
 */
export function wayOfService(subject: Subject): ServiceWay {
  const { topology, playbooks, network } = subject;
  const clients = judgeClients(topology, subject.service, playbooks, network);
  const reaching = clients.filter(({ reason }) => reason === undefined);
  const client = reaching.find(({ host }) => !isRouter(topology, network, host)) ?? reaching[0] ?? OUTSIDE;
  const service = asAskedBy(network, client.host, subject.service);
  const candidates = choices(service);
  const [first, ...others] = candidates;
  const wayOf = waysOf({ ...subject, service });
  const met = metDirector(network, service, client.host);
  const director = met ?? service.directors[0];
  const wayTo = (rs: RealServer) => director && wayOf(client, director, rs);
  const way = first && wayTo(first);
  const endOf = (one?: PacketWay) => JSON.stringify([one?.isAnswered, one?.endless, one?.relies]);
  const isUnlike = (other: PacketWay) => endOf(way) !== endOf(other);
  const besideWay = (other: Director): BesideWay => {
    const clients = reaching.filter(({ host }) => metDirector(network, service, host)?.host === other.host);
    const from = clients[0] ?? (met === undefined ? client : undefined);
    const ways = from === undefined ? [] : candidates.flatMap((rs) => wayOf(from, other, rs) ?? []);
    return { director: other.host, clients: clients.map(({ host }) => host), ways };
  };
  return {
    ...(way === undefined ? {} : { way }),
    unlike: () => others.flatMap((rs) => wayTo(rs) ?? []).filter(isUnlike),
    beside: () => service.directors.filter(({ host }) => host !== director?.host).map(besideWay),
    excluded: clients.flatMap(({ host, reason }) => (reason === undefined ? [] : [{ client: host, reason }])),
    unreached: unreachedByAll(reaching),
  };
}

/** Finds the path of a client's request and of its reply, by a director and a real server. Throws as `wayOfService`. */
export function waysOf({ topology, playbooks, network, language = "en", written, service }: Subject) {
  const used = playbooksOf(topology, service, playbooks);
  const telling = written === undefined ? { language } : { language, written };
  const told = ({ path, ...playbook }: Playbook) =>
    path.map((point) => inPlaybook({ path, ...playbook }, point, telling));
  const pathsOf = (isMode: boolean) => used.filter(({ kind }) => (kind === "mode") === isMode).flatMap(told);
  const points = { mode: pathsOf(true), features: pathsOf(false) };
  const byName = new Map(topology.hosts.map((host) => [host.name, host]));
  const scope = serviceScope(topology, service, playbooks);
  const asks = service.publish?.to ?? targetAddress(service)?.address ?? "";
  return ({ host, address }: Pick<Client, "host" | "address">, director: Director, rs: RealServer) => {
    const own = parseCidr(address);
    const shownAs = own && hiddenBehind(network, byName, service, { host, address: own })?.address;
    const client = { host, address, asks, ...(shownAs === undefined ? {} : { shownAs }) };
    return findPacketWay(scope, points, network, { client, director, rs });
  };
}

function unreachedByAll([first, ...others]: readonly JudgedClient[]): ReadonlyMap<string, string> {
  const all = [...(first?.unreached ?? [])];
  return new Map(all.filter(([address]) => others.every(({ unreached }) => unreached?.has(address))));
}

/** The real servers that get connections, or all if none does; the one that is chosen while there is no load comes first. */
function choices({ realServers, scheduler }: Service): readonly RealServer[] {
  const able = realServers.filter(({ weight }) => weight > 0);
  const all = able.length === 0 ? realServers : able;
  return takesHighestWeight(scheduler) ? all.toSorted((one, other) => other.weight - one.weight) : all;
}

/** Source: ip_vs_fo.c and ip_vs_ovf.c in the kernel. */
function takesHighestWeight(scheduler: string): boolean {
  return scheduler === "fo" || scheduler === "ovf";
}

/** Whether other hosts send packets through this one, and it is no director: then it is hardly there to test. */
function isRouter({ hosts }: Topology, network: Network, name: string): boolean {
  if (hosts.some((host) => host.name === name && host.roles.includes("director"))) return false;
  const others = hosts.filter((host) => host.name !== name);
  return others.some((other) =>
    [...other.gateways, ...other.routes].some((hop) => network.routerAt(other.name, hop)?.host === name),
  );
}

/** The point of a path; errors of a built-in playbook are reported in the user's file. */
function inPlaybook(playbook: Playbook, point: PathPoint, telling: Telling): PathPoint {
  if (!playbook.isBuiltIn) return point;
  return {
    ...point,
    on: (scope) => inScope({ playbook, scope }, telling, () => point.on(scope)),
    change: (scope) => inScope({ playbook, scope }, telling, () => point.change(scope)),
  };
}

/** The playbook of a service's mode, and those of its features. Throws LVS-PLAYBOOK-005. */
export function playbooksOf(topology: Topology, service: Service, playbooks: PlaybookSet): readonly Playbook[] {
  const scope = serviceScope(topology, service, playbooks);
  const mode = playbooks.modes.get(service.mode);
  return [...(mode === undefined ? [] : [mode]), ...playbooks.features.filter((feature) => feature.appliesTo(scope))];
}
