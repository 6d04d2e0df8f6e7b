/**
 * Drained real servers keep weight 0 through every apply until they are undrained. The directors' ledgers record them. Pure.
 */
import type { DesiredResource, DesiredState } from "../compile/desired-state.ts";
import { serviceKey } from "../lvs/ipvsadm.ts";
import { type Drained, drainedFrom, ipvsDestination } from "../resources/ipvs-destination.ts";
import { allOf, isOf } from "../resources/typed.ts";
import type { Service, Topology } from "../topology/topology.ts";
import type { HostState } from "./host-state.ts";
import type { DrainedServer } from "./plan.ts";

/**
 * The desired state with weight 0 for every drained real server. A server that was drained in all of its services is also
 * drained in services and on directors added to the topology later.
 */
export function keepDrained(desired: DesiredState, states: ReadonlyMap<string, HostState>): DesiredState {
  const known = [...states.values()].flatMap(drainedOn);
  if (known.length === 0) return desired;
  const hosts = [...desired.hosts].map(
    ([host, resources]) => [host, resources.map((resource) => keepOne(resource, known))] as const,
  );
  return { ...desired, hosts: new Map(hosts) };
}

/** The drained real servers in a desired state that `keepDrained` returned. */
export function drainedAmong(wanted: DesiredState): readonly DrainedServer[] {
  const servers = new Map<string, DrainedServer>();
  for (const { state, services } of allOf(ipvsDestination, [...wanted.hosts.values()].flat())) {
    const drained = drainedFrom(state);
    if (!drained) continue;
    const { address } = state;
    const key = JSON.stringify([drained, address]);
    const all = new Set([...(servers.get(key)?.services ?? []), ...services]);
    servers.set(key, { ...drained, address, services: [...all] });
  }
  return [...servers.values()];
}

/** The topology with weight 0 for what is drained: what traffic should look like until it is undrained. */
export function asDrained(topology: Topology, drained: readonly DrainedServer[]): Topology {
  const services = topology.services.map((service): Service => {
    const out = drained.filter(({ services: names }) => names.includes(service.name));
    const realServers = service.realServers.map((server) =>
      out.some(({ address }) => address === server.address) ? { ...server, weight: 0 } : server,
    );
    return { ...service, realServers };
  });
  return { ...topology, services };
}

interface KnownDrained {
  readonly drained: Drained;
  readonly address: string;
  readonly service: string;
}

function drainedOn({ ledger }: HostState): readonly KnownDrained[] {
  return allOf(ipvsDestination, ledger?.entries ?? []).flatMap(({ state }) => {
    const drained = drainedFrom(state);
    return drained ? [{ drained, address: state.address, service: serviceKey(state.service) }] : [];
  });
}

function keepOne(resource: DesiredResource, known: readonly KnownDrained[]): DesiredResource {
  if (!isOf(ipvsDestination, resource)) return resource;
  const { address, service } = resource.state;
  const own = known.filter((one) => one.address === address);
  const match =
    own.find((one) => one.service === serviceKey(service)) ?? own.find(({ drained }) => drained.scope === "server");
  return match ? { ...resource, state: { ...resource.state, weight: 0, drained: match.drained } } : resource;
}
