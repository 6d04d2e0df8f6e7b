/** What `verify` sends from each client: requests to the services, and their addresses, that it can reach. Pure. */
import type { JudgedClient } from "../compile/clients.ts";
import type { Topology } from "../topology/topology.ts";

/** The clients of each service, by its name. */
type Judged = ReadonlyMap<string, readonly JudgedClient[]>;

/** The services, and the addresses of each, that a client can be expected to reach. */
export function reachedBy(topology: Topology, client: string, all: Judged): Topology {
  const excluded = excludedFor(client, all);
  const services = topology.services.flatMap((service) => {
    if (excluded.has(service.name)) return [];
    const unreached = judgedFor(client, all.get(service.name))?.unreached;
    if (unreached === undefined) return [service];
    return [{ ...service, match: service.match.filter(({ address }) => !unreached.has(address)) }];
  });
  return { ...topology, services };
}

/** The services that a client does not reach, with the reasons. */
function excludedFor(client: string, all: Judged): ReadonlyMap<string, string> {
  return new Map(
    [...all].flatMap(([service, clients]) => {
      const reason = judgedFor(client, clients)?.reason;
      return reason === undefined ? [] : [[service, reason] as const];
    }),
  );
}

/** Each service, or address of it, to which nothing is sent from a client, with the reason. */
export function* unsentFrom(client: string, all: Judged): Iterable<[string, string, string]> {
  for (const [service, why] of excludedFor(client, all)) yield [service, "", why];
  for (const [service, clients] of all) {
    for (const [address, why] of judgedFor(client, clients)?.unreached ?? []) yield [service, ` to ${address}`, why];
  }
}

function judgedFor(client: string, judged: readonly JudgedClient[] | undefined): JudgedClient | undefined {
  return judged?.find(({ host }) => host === client);
}
