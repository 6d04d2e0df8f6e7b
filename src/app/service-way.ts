/** The path of a service's packets through a topology as it will be. */
import type { DesiredState } from "../compile/desired-state.ts";
import { findPacketWay, type PacketWay, type Stop, type Ways } from "../compile/packet-way.ts";
import { serviceScope } from "../compile/service-scope.ts";
import { parseCidr } from "../net/address.ts";
import { networkOfStates } from "../plan/host-network.ts";
import type { Playbook, PlaybookSet } from "../playbook/playbook.ts";
import { kinds } from "../resources/kinds.ts";
import { hostAddresses } from "../topology/host-addresses.ts";
import { findRoutes } from "../topology/routing.ts";
import type { Service, Topology } from "../topology/topology.ts";

/** Where packets of a family go. */
export type NetworkWays = (family: Service["family"]) => Ways;

/** The path of a request to a service and of its reply. Throws LVS-PLAYBOOK-005 and LVS-PLAYBOOK-006. */
export function wayOfService(
  topology: Topology,
  service: Service,
  playbooks: PlaybookSet,
  network: NetworkWays,
): PacketWay | undefined {
  const used = playbooksOf(topology, service, playbooks);
  const pathsOf = (isMode: boolean) =>
    used.filter(({ kind }) => (kind === "mode") === isMode).flatMap(({ path }) => path);
  const points = { mode: pathsOf(true), features: pathsOf(false) };
  return findPacketWay(serviceScope(topology, service, playbooks), points, network(service.family));
}

/** The playbook of a service's mode, and those of its features. Throws LVS-PLAYBOOK-005. */
export function playbooksOf(topology: Topology, service: Service, playbooks: PlaybookSet): readonly Playbook[] {
  const scope = serviceScope(topology, service, playbooks);
  const mode = playbooks.modes.get(service.mode);
  return [...(mode === undefined ? [] : [mode]), ...playbooks.features.filter((feature) => feature.appliesTo(scope))];
}

/**
 * The topology's network with the addresses that lvsctl adds. An address on lo or on a tunnel device has no owner there: no
 * neighbour may learn of it.
 */
export function networkOf(topology: Topology, desired: DesiredState): NetworkWays {
  const hosts = new Map(topology.hosts.map((host) => [host.name, host]));
  const addresses = new Map(topology.hosts.map((host) => [host.name, hostAddresses(host)]));
  const known = [...addresses.values()].flat();
  const owners = new Map<string, Required<Stop>>();
  const own = (host: string, device: string, address: string) => {
    if (!owners.has(address)) owners.set(address, { host, interface: device });
  };
  for (const { host, interface: device, address } of known) own(host, device, address);
  for (const [host, resources] of desired.hosts) {
    const names = hosts.get(host)?.interfaces.map(({ name }) => name) ?? [];
    for (const { device, address } of networkOfStates(resources, kinds).addresses) {
      if (names.includes(device)) own(host, device, address);
    }
  }
  const byAddress = new Map(known.toReversed().map((one) => [one.address, one]));
  const routing = findRoutes(hosts, addresses, (address) => byAddress.get(address));
  return (family) => ({
    ownerOf: (address) => owners.get(address),
    nextHop(host, to) {
      const next = routing.nextHop(host, parseCidr(to) ?? { everywhere: family });
      if (next === undefined) return undefined;
      return next.kind === "via" ? { via: next.address } : { interface: next.interface };
    },
  });
}
