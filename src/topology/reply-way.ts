/** Where what a host sends to clients goes, whoever they are. */
import { type Family, parseCidr } from "../net/address.ts";
import type { Destination, Way } from "../network/routing.ts";
import type { Draft } from "./draft.ts";

/**
 * Whether what a host sends to clients passes one of these hosts: `yes` through its default gateway or a route of its own,
 * `unknown` if the path leaves the topology first.
 */
export function replyWay(
  draft: Draft,
  host: string,
  family: Family,
  goals: ReadonlySet<string>,
): "yes" | "no" | "unknown" {
  const passes = (way: Way) => way.hosts.some((passed) => goals.has(passed));
  const parts = [{ everywhere: family }, ...draft.network.partsOf(family)];
  if (parts.some((part) => passes(draft.network.way(host, part)))) return "yes";
  const beyond = ({ hosts, end }: Way) => (end === "arrived" ? hosts.slice(0, -1) : hosts);
  const routes = (draft.hosts.get(host)?.routes ?? []).filter((route) => route.family === family);
  const leads = routes.some((route) => {
    const to = parseCidr(route.to);
    const isNext = goals.has(draft.network.routerAt(host, route)?.host ?? "");
    return isNext || (to !== undefined && beyond(draft.network.way(host, to)).some((passed) => goals.has(passed)));
  });
  if (leads) return "yes";
  return unknownRouter(draft, host, family) === undefined ? "no" : "unknown";
}

/** The first router on that way that the file does not know: by the gateway, or by the routes of a host without one. */
export function unknownRouter(draft: Draft, host: string, family: Family): string | undefined {
  const { gateways = [], routes = [] } = draft.hosts.get(host) ?? {};
  const hasGateway = gateways.some((gateway) => gateway.family === family);
  const destinations: readonly Destination[] = [
    { everywhere: family },
    ...(hasGateway ? [] : routes.filter((route) => route.family === family).flatMap(({ to }) => parseCidr(to) ?? [])),
  ];
  for (const to of destinations) {
    const { hosts, end } = draft.network.way(host, to);
    const next = end === "unknown" ? draft.network.nextHop(hosts.at(-1) ?? host, to) : undefined;
    if (next?.kind === "via") return next.address;
  }
  return undefined;
}
