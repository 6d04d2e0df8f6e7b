/** Which networks are inside and which interfaces lead outside, for services whose directors lead real servers to the world. */
import { isLinkLocal } from "../net/address.ts";
import type { HostAddress } from "../network/host-addresses.ts";
import type { Network } from "../network/network.ts";
import { leavingInterface } from "../network/routing.ts";
import type { Director, Host, Service } from "./topology.ts";

/** What the sides of a director are found from. */
interface Known {
  readonly hosts: ReadonlyMap<string, Host>;
  readonly addresses: ReadonlyMap<string, readonly HostAddress[]>;
  readonly network: Network;
  /** Whether the director leads the real servers that a service reaches by its mode; so it is for modes that do not say. */
  readonly leads: (service: Service) => boolean;
}

/** These services; where `internet` is set, the directors get their `inside` and `outside`. */
export function withSides(services: readonly Service[], known: Known): readonly Service[] {
  if (!services.some(({ internet }) => internet)) return services;
  const led = services.filter(known.leads);
  const all = new Map(led.flatMap((service) => realAddresses(service, known)).map((one) => [one.address, one]));
  return services.map((service) => {
    if (!service.internet || !known.leads(service)) return service;
    const inside = [...new Set(realAddresses(service, known).map(({ network }) => network))];
    const sides = (director: Director) => ({ inside, outside: outsideOf(director, service, [...all.values()], known) });
    return { ...service, directors: service.directors.map((director) => ({ ...director, ...sides(director) })) };
  });
}

/** The addresses at which a service reaches its real servers, other than on its directors. */
function realAddresses({ directors, realServers }: Service, { addresses }: Known): readonly HostAddress[] {
  const own = new Set(directors.map(({ host }) => host));
  return realServers.flatMap(({ host, address }) =>
    own.has(host) ? [] : (addresses.get(host) ?? []).filter((one) => one.address === address),
  );
}

function outsideOf(
  { host }: Director,
  { family }: Service,
  real: readonly HostAddress[],
  { hosts, network }: Known,
): readonly string[] {
  const leading = new Set(real.map((address) => leavingInterface(network, host, address)));
  const interfaces = hosts.get(host)?.interfaces ?? [];
  return interfaces
    .filter(
      ({ name, addresses }) =>
        !leading.has(name) && addresses.some((one) => one.family === family && !isLinkLocal(one)),
    )
    .map(({ name }) => name);
}
