/** What a command line says of the requests of a verification, in place of what the topology says. */
import type { Topology } from "../topology/topology.ts";
import { servicesNamed } from "./services-named.ts";

/** How a verification sends its requests; what is absent is according to the topology. */
export interface Asking {
  /** How many each service gets. */
  readonly requests?: number;
  /** When a request counts as failed. */
  readonly timeoutSeconds?: number;
  /** How many more times a request that timed out is sent. */
  readonly retries?: number;
  /** The services that get any, as the file calls them; absent: all. */
  readonly only?: readonly string[];
}

/** The topology with these settings of its verification. Throws LVS-USAGE-001 for a service that it does not have. */
export function withAsking(topology: Topology, { only = [], ...settings }: Asking = {}): Topology {
  for (const name of only) servicesNamed(topology, name);
  return { ...topology, verify: { ...topology.verify, ...settings } };
}

/** The names of the services that get requests. */
export function askedAmong(topology: Topology, { only }: Asking = {}): ReadonlySet<string> {
  const all = only === undefined ? topology.services : only.flatMap((name) => servicesNamed(topology, name));
  return new Set(all.map(({ name }) => name));
}
