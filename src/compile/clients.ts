/** Which clients of a topology reach which service. Pure. */

import type { Network } from "../network/network.ts";
import { originOf, targetAddress } from "../network/origin.ts";
import { whyNot, whyUnreached } from "../network/reach.ts";
import { treatmentOf } from "../network/treatment.ts";
import type { PlaybookSet } from "../playbook/playbook.ts";
import type { Service, Topology } from "../topology/topology.ts";

/** A client of the topology and a service of the same family. */
export interface JudgedClient {
  readonly host: string;
  /** The address from which it asks. */
  readonly address: string;
  /** Why its requests do not get there, or why nobody can answer them: the end of a sentence. Absent if they do. */
  readonly reason?: string;
  /** The addresses of the service that its requests do not get to, each with the reason, where they do to others. */
  readonly unreached?: ReadonlyMap<string, string>;
}

/** Every client with an address of the service's family, in the order of the file. */
export function judgeClients(
  { hosts }: Topology,
  service: Service,
  { modes }: PlaybookSet,
  network: Network,
): readonly JudgedClient[] {
  const byName = new Map(hosts.map((host) => [host.name, host]));
  const treatment = treatmentOf(service, modes.get(service.mode)?.traits ?? {});
  return hosts.flatMap((host): JudgedClient[] => {
    const origin = host.roles.includes("client") ? originOf(network, host, service) : undefined;
    if (origin === undefined) return [];
    const reason = whyNot(network, byName, service, treatment, origin);
    const unreached = reason === undefined ? unreachedBy(network, host.name, service) : undefined;
    return [
      {
        ...{ host: host.name, address: origin.address.address },
        ...(reason === undefined ? {} : { reason }),
        ...(unreached === undefined || unreached.size === 0 ? {} : { unreached }),
      },
    ];
  });
}

/** Of the addresses that a service's mark is for. */
function unreachedBy(network: Network, host: string, service: Service): ReadonlyMap<string, string> {
  const { publish, match } = service;
  if (publish !== undefined || match.length < 2) return new Map();
  return new Map(
    match.flatMap((one) => {
      const target = targetAddress({ ...service, match: [one] });
      const reason = target && whyUnreached(network, host, target, service);
      return reason === undefined ? [] : [[one.address, reason] as const];
    }),
  );
}

/** The clients of each service, by its name; of a service with several modes, one that reaches it in all of them. */
export function clientsByService(
  topology: Topology,
  playbooks: PlaybookSet,
  network: Network,
): ReadonlyMap<string, readonly JudgedClient[]> {
  const all = new Map<string, readonly JudgedClient[]>();
  for (const service of topology.services) {
    const others = new Map(all.get(service.name)?.map((client) => [client.host, client]));
    const judged = judgeClients(topology, service, playbooks, network);
    all.set(
      service.name,
      judged.map((client) =>
        others.get(client.host)?.reason === undefined ? client : { ...client, ...others.get(client.host) },
      ),
    );
  }
  return all;
}
