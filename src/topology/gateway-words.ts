/** What the file says about a host's default gateway, and how to have another one. */
import { andList } from "../errors/and-list.ts";
import { addressFamily, type Family, isLinkLocalText } from "../net/address.ts";
import { routesToAll } from "../network/wide-routes.ts";
import type { Draft } from "./draft.ts";
import type { Host, Route } from "./topology.ts";

/** Where a host sends packets of one family for all other networks: a clause. */
export function gatewayNow({ hosts }: Draft, name: string, family: Family): string {
  const host = hosts.get(name);
  const wide = host && wideOf(host, family);
  if (wide !== undefined) {
    const hops = andList([...new Set(wide.map(({ via, device }) => via ?? device ?? ""))]);
    const which = wide.length > 1 ? "which count before a gateway and lead" : "which counts before a gateway and leads";
    return `"${name}" sends to all other networks by its ${routesTo(wide)}, ${which} to ${hops}`;
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
  const wide = host && wideOf(host, family);
  if (wide !== undefined) return `Write \`via: ${address}\`, ${whose}, in the ${routesTo(wide)}`;
  const others = (host?.gateways ?? []).filter((gateway) => gateway.family !== family);
  const written = others.map(writtenGateway);
  return `Set \`gateway: ${written.length > 0 ? `[${[...written, address].join(", ")}]` : address}\`, ${whose}`;
}

/** What a host without a gateway of this family lacks, with an article: one beside that of the other family, if it has that. */
export function newGateway({ hosts }: Draft, name: string, family: Family): string {
  const host = hosts.get(name);
  const [other, ...more] = host?.gateways ?? [];
  if (other === undefined || other.family === family || more.length > 0) return "a `gateway`";
  return `an IPv${family} gateway, as \`gateway: [${writtenGateway(other)}, …]\``;
}

/** Several routes by where they lead to: `routes to 0.0.0.0/1 and 128.0.0.0/1`. */
export function routesTo(routes: readonly Route[]): string {
  return `route${routes.length > 1 ? "s" : ""} to ${andList(routes.map(({ to }) => to))}`;
}

function writtenGateway({ via, device }: Host["gateways"][number]): string {
  return isLinkLocalText(via) && device ? `${via}%${device}` : via;
}

function wideOf(host: Host, family: Family): readonly Route[] | undefined {
  return routesToAll(host, family)?.flatMap((index) => host.routes[index] ?? []);
}
