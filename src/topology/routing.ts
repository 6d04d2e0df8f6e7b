/** Where packets go: each host's routes, and the way from host to host. */
import { type Cidr, contains, type Family, parseCidr } from "../net/address.ts";
import type { HostAddress } from "./host-addresses.ts";
import type { Host } from "./topology.ts";

/** A host's next step towards a destination: onto a segment, or to a router. */
export type NextHop =
  | { readonly kind: "connected"; readonly interface: string; readonly segment: string }
  | { readonly kind: "via"; readonly address: string };

/** The way from a host to a destination. */
export interface Way {
  /** The hosts on it, from the first to the last that is known. */
  readonly hosts: readonly string[];
  /**
   * How it ends: on a segment; at a host that has no route (`lost`); at a router outside of the topology (`unknown`); or
   * never (`loop`).
   */
  readonly end: "connected" | "lost" | "unknown" | "loop";
  /** The segment on which it ends. */
  readonly segment?: string;
}

/** An address, or the rest of the world in one family, to which only default gateways lead. */
export type Destination = Cidr | { readonly everywhere: Family };

export interface Routing {
  nextHop(host: string, to: Destination): NextHop | undefined;
  way(from: string, to: Destination): Way;
}

/** The routing of a topology. Answers are remembered, as many services ask the same. */
export function findRoutes(
  hosts: ReadonlyMap<string, Host>,
  addresses: ReadonlyMap<string, readonly HostAddress[]>,
  ownerOf: (address: string) => HostAddress | undefined,
): Routing {
  const known = new Map<string, NextHop | undefined>();
  const nextHop = (name: string, to: Destination): NextHop | undefined => {
    const key = `${name} ${"everywhere" in to ? to.everywhere : to.address}`;
    if (!known.has(key)) {
      const host = hosts.get(name);
      known.set(key, host === undefined ? undefined : findNextHop(host, addresses.get(name) ?? [], to));
    }
    return known.get(key);
  };
  const way = (from: string, to: Destination): Way => {
    const passed = new Set([from]);
    for (let at = from; ; ) {
      const next = nextHop(at, to);
      if (next === undefined) return { hosts: [...passed], end: "lost" };
      if (next.kind === "connected") return { hosts: [...passed], end: "connected", segment: next.segment };
      const owner = ownerOf(next.address)?.host;
      if (owner === undefined) return { hosts: [...passed], end: "unknown" };
      if (passed.has(owner)) return { hosts: [...passed], end: "loop" };
      passed.add(owner);
      at = owner;
    }
  };
  return { nextHop, way };
}

/** The longest prefix wins; of two equal ones, the host's own subnet. */
function findNextHop(host: Host, addresses: readonly HostAddress[], to: Destination): NextHop | undefined {
  const family = "everywhere" in to ? to.everywhere : to.family;
  const gateway = host.gateways.find((candidate) => candidate.family === family);
  let best: NextHop | undefined = gateway === undefined ? undefined : { kind: "via", address: gateway.via };
  if ("everywhere" in to) return best;
  let longest = -1;
  for (const address of addresses) {
    if (address.prefix > longest && contains(address, to)) {
      best = { kind: "connected", interface: address.interface, segment: address.segment };
      longest = address.prefix;
    }
  }
  for (const route of host.routes) {
    const network = parseCidr(route.to);
    if (network !== undefined && network.prefix > longest && contains(network, to)) {
      best = { kind: "via", address: route.via };
      longest = network.prefix;
    }
  }
  return best;
}
