/** Which clients stand for all. */
import type { HostAddress } from "../network/host-addresses.ts";
import type { Host } from "./topology.ts";

/** So many clients are looked at, if there are, even where all are in one place. */
const FEW = 8;

/**
 * Some of the clients, in their order, and never more than `most`: first of all one of each place. In one place are those with the same networks,
 * gateways, routes and settings, and no other role.
 */
export function sampleOf(
  clients: readonly Host[],
  addresses: ReadonlyMap<string, readonly HostAddress[]>,
  most: number,
): readonly Host[] {
  const first = firstOfEachPlace(clients, addresses);
  const others = clients.filter((one) => !first.has(one));
  const chosen = new Set([...first, ...others].slice(0, Math.min(most, Math.max(first.size, FEW))));
  return clients.filter((one) => chosen.has(one));
}

/** The first client of each such place. */
export function firstOfEachPlace(
  clients: readonly Host[],
  addresses: ReadonlyMap<string, readonly HostAddress[]>,
): ReadonlySet<Host> {
  const places = new Map<string, Host>();
  for (const client of clients) {
    const place = placeOf(client, addresses.get(client.name) ?? []);
    if (!places.has(place)) places.set(place, client);
  }
  return new Set(places.values());
}

function placeOf({ name, roles, gateways, routes, sysctls }: Host, addresses: readonly HostAddress[]): string {
  const networks = addresses.map(({ interface: device, network }) => [device, network]);
  return JSON.stringify([networks, gateways, routes, sysctls, roles.length === 1 ? "" : name]);
}
