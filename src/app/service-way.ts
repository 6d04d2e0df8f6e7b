/** The path of a service's packets through a topology as it will be. */

import type { Telling } from "../compile/asking.ts";
import { judgeClients } from "../compile/clients.ts";
import { findPacketWay, OUTSIDE, type PacketWay } from "../compile/packet-way.ts";
import { serviceScope } from "../compile/service-scope.ts";
import { inScope } from "../compile/step-problems.ts";
import type { Network } from "../network/network.ts";
import { targetAddress } from "../network/origin.ts";
import type { PathPoint, Playbook, PlaybookSet } from "../playbook/playbook.ts";
import type { RealServer, Service, Topology } from "../topology/topology.ts";

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
  /** Clients whose requests do not get there, or that nobody can answer; the reason is the end of a sentence. */
  readonly excluded: readonly { readonly client: string; readonly reason: string }[];
}

/**
 * The path of a request from the first client that reaches the service, or else from outside the topology, to its first real
 * server, and of its reply.
 * Throws LVS-PLAYBOOK-005 and LVS-PLAYBOOK-006, or LVS-CONFIG-069 for a built-in playbook.
 */
export function wayOfService({ topology, service, playbooks, network, language = "en", written }: Subject): ServiceWay {
  const used = playbooksOf(topology, service, playbooks);
  const telling = written === undefined ? { language } : { language, written };
  const told = ({ path, ...playbook }: Playbook) =>
    path.map((point) => inPlaybook({ path, ...playbook }, point, telling));
  const pathsOf = (isMode: boolean) => used.filter(({ kind }) => (kind === "mode") === isMode).flatMap(told);
  const points = { mode: pathsOf(true), features: pathsOf(false) };
  const clients = judgeClients(topology, service, playbooks, network);
  const reaching = clients.filter(({ reason }) => reason === undefined);
  const client = reaching.find(({ host }) => !isRouter(topology, network, host)) ?? reaching[0] ?? OUTSIDE;
  const asks = service.publish?.to ?? targetAddress(service)?.address ?? "";
  const scope = serviceScope(topology, service, playbooks);
  const [first, ...others] = service.realServers;
  const wayTo = (rs: RealServer) => findPacketWay(scope, points, network, { ...client, asks }, rs);
  const way = first && wayTo(first);
  const isUnlike = (other: PacketWay) => way?.isAnswered !== other.isAnswered || way.endless !== other.endless;
  return {
    ...(way === undefined ? {} : { way }),
    unlike: () => others.flatMap((rs) => wayTo(rs) ?? []).filter(isUnlike),
    excluded: clients.flatMap(({ host, reason }) => (reason === undefined ? [] : [{ client: host, reason }])),
  };
}

/** Whether other hosts send packets by way of this one, and it is no director: then it is hardly there to test. */
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
