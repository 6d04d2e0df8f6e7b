/** Hosts for which an address is that of a router. */
import { firstHost, parseCidr, wholeAddress } from "../net/address.ts";
import type { Draft } from "./draft.ts";
import type { Host } from "./topology.ts";

/** A host that the file gives an address as its gateway, or as the next hop of a route. */
export interface Routed {
  readonly host: Host;
  readonly isGateway: boolean;
  /** The end of a sentence that begins with the address. */
  readonly why: string;
}

/**
 * All hosts that have this address as a next hop, gateways first. A route counts if packets by it come back, or are lost: it may
 * lead by the director that has the address for a service. A host that has it itself is for LVS-CONFIG-028.
 */
export function routedBy(draft: Draft, address: string): readonly Routed[] {
  const hosts = [...draft.hosts.values()];
  const so = "so a router has it already";
  return [
    ...hosts
      .filter(({ gateways }) => gateways.some(({ via }) => via === address))
      .map((host) => ({ host, isGateway: true, why: `is the gateway of "${host.name}", ${so}` })),
    ...hosts.flatMap((host) =>
      host.routes
        .filter(({ via, to }) => via === address && isAstray(draft, host, to))
        .map(({ to }) => ({ host, isGateway: false, why: `is the next hop of "${host.name}" to ${to}, ${so}` })),
    ),
  ];
}

function isAstray({ network }: Draft, { name, routes }: Host, to: string): boolean {
  const target = parseCidr(to);
  const via = routes.find((route) => route.to === to)?.via;
  if (target === undefined || via === undefined || network.takes(name, via)) return false;
  const { end } = network.way(name, wholeAddress({ ...target, address: firstHost(target) }));
  return end === "loop" || end === "lost";
}
