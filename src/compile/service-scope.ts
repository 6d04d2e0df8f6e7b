import type { PlaybookSet, Scope } from "../playbook/playbook.ts";
import type { Service, Topology } from "../topology/topology.ts";

/** What is known about a service before a step or a host is chosen. */
export type ServiceScope = Scope & Required<Pick<Scope, "service" | "traits">>;

/** The scope of a service; its traits are those of its mode, and empty if the mode declares none. */
export function serviceScope(topology: Topology, service: Service, { modes }: PlaybookSet): ServiceScope {
  return { topology, service, traits: modes.get(service.mode)?.traits ?? {} };
}
