/** Which clients of a topology reach which service. Pure. */

import type { Network } from "../network/network.ts";
import { whyNot } from "../network/reach.ts";
import { treatmentOf } from "../network/treatment.ts";
import type { PlaybookSet } from "../playbook/playbook.ts";
import type { Service, Topology } from "../topology/topology.ts";

/** A client of the topology and a service of the same family. */
export interface JudgedClient {
  readonly host: string;
  /** Its first address of the service's family. */
  readonly address: string;
  /** Why its requests do not get there, or why nobody can answer them: the end of a sentence. Absent if they do. */
  readonly reason?: string;
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
  return hosts.flatMap(({ name, roles, interfaces }): JudgedClient[] => {
    const own = interfaces.flatMap(({ addresses }) => addresses).find(({ family }) => family === service.family);
    if (!roles.includes("client") || own === undefined) return [];
    const reason = whyNot(network, byName, service, treatment, { host: name, address: own });
    return [{ host: name, address: own.address, ...(reason === undefined ? {} : { reason }) }];
  });
}
