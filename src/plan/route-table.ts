/** Which route a packet takes, given a host's routes and addresses. Pure; policy rules are ignored. */
import {
  addressFamily,
  contains,
  type Family,
  formatCidr,
  networkOf,
  parseCidr,
  wholeAddress,
} from "../net/address.ts";
import type { PlacedAddress, TableRoute } from "../resources/network.ts";

/** The kernel consults this table before `main`. */
const LOCAL_TABLE = "255";
const IPV6_METRIC = 1024;
const IPV6_CONNECTED_METRIC = 256;

/** The best route to an address in the tables `local` and `main`; undefined if there is none. */
export function bestRoute(routes: readonly TableRoute[], address: string): TableRoute | undefined {
  const family = addressFamily(address);
  if (family === undefined) return undefined;
  const target = wholeAddress({ address, family });
  const holding = routes.filter((route) => {
    const network = networkOfRoute(route);
    return route.family === family && network !== undefined && contains(network, target);
  });
  for (const table of [LOCAL_TABLE, "main"]) {
    const [best] = holding.filter((route) => route.table === table).sort(byPreference);
    if (best) return best;
  }
  return undefined;
}

/** The routes that the kernel adds for addresses: to the address itself and to its network. */
export function routesOfAddresses(addresses: readonly PlacedAddress[]): readonly TableRoute[] {
  return addresses.flatMap(({ address, prefix, device }) => {
    const family = addressFamily(address) ?? 4;
    const whole = wholeAddress({ address, family });
    const network = networkOf({ address, prefix, family });
    const local = { family, type: "local", device: "lo", table: LOCAL_TABLE } as const;
    const self = { ...local, to: formatCidr(whole) };
    if (prefix === whole.prefix) return [self];
    const to = formatCidr(network);
    if (device === "lo" && family === 4) return [self, { ...local, to }];
    const metric = family === 6 ? { metric: IPV6_CONNECTED_METRIC } : {};
    return [self, { family, to, type: "unicast", device, table: "main", ...metric }];
  });
}

/** Whether packets take the same path by both routes; an unnamed device is the one of the gateway. */
export function isSameWay(one: TableRoute | undefined, other: TableRoute | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  const hops = (route: TableRoute) => (route.options?.includes("nexthop") ? route.options.join(" ") : "");
  const isSameDevice = one.device === other.device || (one.via !== undefined && (!one.device || !other.device));
  return one.type === other.type && one.via === other.via && isSameDevice && hops(one) === hops(other);
}

/** `via 10.0.0.1 dev eth0`, in readable form. */
export function describeWay(route: Pick<TableRoute, "via" | "device" | "type"> | undefined): string {
  if (route === undefined) return "no route";
  if (route.type !== "unicast") return route.type === "local" ? "on the host itself" : `by no route (${route.type})`;
  const words = [route.via && `via ${route.via}`, route.device && `dev ${route.device}`].filter(Boolean);
  return words.join(" ") || "several ways";
}

function networkOfRoute({ to, family }: TableRoute) {
  return parseCidr(to === "default" ? anywhere(family) : to);
}

function anywhere(family: Family): string {
  return family === 6 ? "::/0" : "0.0.0.0/0";
}

function byPreference(one: TableRoute, other: TableRoute): number {
  const prefix = (route: TableRoute) => networkOfRoute(route)?.prefix ?? 0;
  const metric = (route: TableRoute) => route.metric ?? (route.family === 6 ? IPV6_METRIC : 0);
  return prefix(other) - prefix(one) || metric(one) - metric(other);
}
