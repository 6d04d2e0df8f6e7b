import { findNetwork, type Network } from "../network/network.ts";
import { treatmentOf } from "../network/treatment.ts";
import type { PlaybookSet } from "../playbook/playbook.ts";
import type { Topology } from "../topology/topology.ts";

/** The network of a topology whose services have these modes. */
export function networkOf({ hosts, services }: Topology, { modes }: PlaybookSet): Network {
  return findNetwork(
    new Map(hosts.map((host) => [host.name, host])),
    services.map((service) => [service, treatmentOf(service, modes.get(service.mode)?.traits ?? {})]),
  );
}
