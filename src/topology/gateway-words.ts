/** What the file says about a host's default gateway, and how to have another one. */
import { addressFamily, type Family, isLinkLocalText } from "../net/address.ts";
import { halfRoutes } from "../network/half-routes.ts";
import type { Draft } from "./draft.ts";
import type { Host, Route } from "./topology.ts";

/** Where a host sends packets of one family for all other networks: a clause. */
export function gatewayNow({ hosts }: Draft, name: string, family: Family): string {
  const host = hosts.get(name);
  const halves = host && halvesOf(host, family);
  if (halves !== undefined) {
    const [first, second] = halves;
    const hops = [...new Set(halves.map(({ via, device }) => via ?? device))];
    return `"${name}" sends to all other networks by its routes to ${first.to} and ${second.to}, which count before a gateway and lead to ${hops.join(" and ")}`;
  }
  const via = host?.gateways.find((gateway) => gateway.family === family)?.via;
  if (via !== undefined) return `the gateway of "${name}" is ${via}`;
  return `"${name}" has no ${host?.gateways.length ? `IPv${family} ` : ""}gateway`;
}

/**
 * How to make an address the default gateway of a host, without a full stop; one of the other family stays. `whose`: words on
 * the address, such as `the director's address`.
 */
export function setGateway({ hosts }: Draft, name: string, address: string, whose: string): string {
  const family = addressFamily(address) ?? 4;
  const host = hosts.get(name);
  const halves = host && halvesOf(host, family);
  if (halves !== undefined) {
    return `Write \`via: ${address}\`, ${whose}, in the routes to ${halves[0].to} and ${halves[1].to}`;
  }
  const others = (host?.gateways ?? []).filter((gateway) => gateway.family !== family);
  const written = others.map(({ via, device }) => (isLinkLocalText(via) && device ? `${via}%${device}` : via));
  return `Set \`gateway: ${written.length > 0 ? `[${[...written, address].join(", ")}]` : address}\`, ${whose}`;
}

function halvesOf(host: Host, family: Family): readonly [Route, Route] | undefined {
  const [first, second] = (halfRoutes(host, family) ?? []).map((index) => host.routes[index]);
  return first === undefined || second === undefined ? undefined : [first, second];
}
