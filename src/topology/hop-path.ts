import type { Path } from "../document/parse-document.ts";
import { contains, type Family, parseCidr, wholeAddress } from "../net/address.ts";
import type { Destination } from "../network/routing.ts";
import { routesToAll, wideRouteTo } from "../network/wide-routes.ts";
import type { Host } from "./topology.ts";

/** The index of the route by which a host sends packets to a destination; undefined for its gateway, or if it has none. */
export function routeTowards(host: Host, to: Destination): number | undefined {
  if ("everywhere" in to) {
    return to.part === undefined ? routesToAll(host, to.everywhere)?.[0] : wideRouteTo(host, to.part);
  }
  const [route] = host.routes
    .map((one, index) => ({ index, network: parseCidr(one.to) }))
    .filter(({ network }) => network && contains(network, wholeAddress(to)))
    .toSorted((one, other) => (other.network?.prefix ?? 0) - (one.network?.prefix ?? 0));
  return route?.index;
}

/** Where the file says to which router a host sends packets for a destination, or would have to say it. */
export function hopPath(host: Host, to: Destination): Path {
  const path = ["hosts", host.name];
  const route = routeTowards(host, to);
  if (route !== undefined) return [...path, "routes", route, "via"];
  const family = "everywhere" in to ? to.everywhere : to.family;
  const index = host.gateways.findIndex((gateway) => gateway.family === family);
  return [...path, "gateway", ...(host.gateways.length > 1 && index >= 0 ? [index] : [])];
}

/** The same for a host by its name and all networks of a family that it has no route to. */
export function gatewayPath(hosts: ReadonlyMap<string, Host>, name: string, family: Family): Path {
  const host = hosts.get(name);
  return host === undefined ? ["hosts", name, "gateway"] : hopPath(host, { everywhere: family });
}
