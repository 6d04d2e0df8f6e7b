/** Where packets go: each host's routes, and the path from host to host. */
import { type Cidr, type Family, formatCidr, parseCidr, wholeAddress } from "../net/address.ts";
import { NetworkTable } from "../net/network-table.ts";
import type { Host, Route } from "../topology/topology.ts";
import type { HostAddress } from "./host-addresses.ts";
import { proxyOn } from "./neighbours.ts";
import { partsOfInternet, routesToAll } from "./wide-routes.ts";

/** A host's next step towards a destination: to itself, onto a segment, or to a router. */
export type NextHop =
  | { readonly kind: "local" }
  | { readonly kind: "connected"; readonly interface: string; readonly segment: string }
  | { readonly kind: "via"; readonly address: string; readonly device?: string };

/** The path from a host to a destination. */
export interface Way {
  /** The hosts on it, from the first to the last one known. */
  readonly hosts: readonly string[];
  /** The interface at which each of them but the first gets the packet. */
  readonly entries: readonly string[];
  /**
   * How it ends: at a host that takes the packet (`arrived`); on a segment where no known host answers for the destination
   * (`unanswered`); at a host without a route (`lost`); at a router outside the topology (`unknown`); or never (`loop`).
   */
  readonly end: "arrived" | "unanswered" | "lost" | "unknown" | "loop";
  /** The last segment, where the destination is or would have to be. */
  readonly segment?: string;
  /** The hosts that send the packet round in circles, in order; the last one sends it back to the first. */
  readonly loop?: readonly string[];
}

/**
 * An address, or all other addresses of one family, to which only default gateways lead, or routes that together lead
 * everywhere. `part`: a network for a part of them, to which no narrower route leads.
 */
export type Destination = Cidr | Elsewhere;

/** Where clients of whom nothing is known are. */
export interface Elsewhere {
  readonly everywhere: Family;
  readonly part?: Cidr;
}

/** The routes of all hosts. */
export interface Routing {
  /** Undefined if no route of the host leads there. */
  nextHop(host: string, to: Destination): NextHop | undefined;
  /** The whole path of a packet that this host sends. */
  way(from: string, to: Destination): Way;
  /** All parts of the internet to which some host of the topology has a way of its own. */
  partsOf(family: Family): readonly Required<Elsewhere>[];
}

/** Who answers for an address, and for a next hop of a host. */
interface Owners {
  answererOn(segment: string, address: string): HostAddress | undefined;
  routerAt(host: string, router: { readonly via: string; readonly device?: string }): HostAddress | undefined;
}

/**
 * The routes of these hosts. `takes`: whether a host takes packets for an address itself. Answers are cached, because many
 * services ask for the same one.
 */
export function findRoutes(
  hosts: ReadonlyMap<string, Host>,
  addresses: ReadonlyMap<string, readonly HostAddress[]>,
  { answererOn, routerAt }: Owners,
  takes: (host: string, address: string) => boolean,
): Routing {
  const tables = new Map<string, NetworkTable<NextHop>>();
  const tableOf = (host: string): NetworkTable<NextHop> => {
    const known = tables.get(host);
    if (known !== undefined) return known;
    const table = routeTable(hosts.get(host), addresses.get(host) ?? []);
    tables.set(host, table);
    return table;
  };
  const answers = new Map<string, NextHop | undefined>();
  const nextHop = (host: string, to: Destination): NextHop | undefined => {
    const key = `${host} ${keyOf(to)}`;
    if (answers.has(key)) return answers.get(key);
    const isLocal = !("everywhere" in to) && takes(host, to.address);
    const hop: NextHop | undefined = isLocal ? { kind: "local" } : findNextHop(hosts.get(host), tableOf(host), to);
    answers.set(key, hop);
    return hop;
  };
  const ways = new Map<string, Way>();
  const way = (from: string, to: Destination): Way => {
    const key = `${from} ${keyOf(to)}`;
    const known = ways.get(key);
    if (known !== undefined) return known;
    const found = follow(from, to);
    ways.set(key, found);
    return found;
  };
  /** Who gets a packet that a host sends on; or how the way ends there. */
  const step = (at: string, to: Destination, way: Pick<Way, "hosts" | "entries">) => {
    const next = nextHop(at, to);
    if (next === undefined) return { ...way, end: "lost" } as const;
    if (next.kind === "local") return { ...way, end: "arrived" } as const;
    if (next.kind === "via")
      return routerAt(at, { ...next, via: next.address }) ?? ({ ...way, end: "unknown" } as const);
    const found = onSegment(way, next.segment, to, answererOn);
    if (found.end === "arrived" || "everywhere" in to || to.family === 6) return found;
    const leaves = (host: string) => (host === at ? undefined : leavingInterface({ nextHop }, host, to));
    return proxyOn(hosts.values(), next.segment, leaves) ?? found;
  };
  const follow = (from: string, to: Destination): Way => {
    const hosts = [from];
    const entries: string[] = [];
    for (let at = from; ; ) {
      const found = step(at, to, { hosts, entries });
      if ("end" in found) return found;
      const before = hosts.indexOf(found.host);
      if (before >= 0) return { hosts, entries, end: "loop", loop: hosts.slice(before) };
      hosts.push(found.host);
      entries.push(found.interface);
      at = found.host;
    }
  };
  const parts = new Map<Family, readonly Required<Elsewhere>[]>();
  const partsOf = (family: Family) => {
    const known =
      parts.get(family) ?? partsOfInternet(hosts.values(), family).map((part) => ({ everywhere: family, part }));
    parts.set(family, known);
    return known;
  };
  return { nextHop, way, partsOf };
}

function keyOf(to: Destination): string {
  if (!("everywhere" in to)) return to.address;
  return to.part === undefined ? `${to.everywhere}` : formatCidr(to.part);
}

/** The interface by which a host sends packets to a destination; undefined if it has no route, or takes them itself. */
export function leavingInterface(
  { nextHop }: Pick<Routing, "nextHop">,
  host: string,
  to: Destination,
): string | undefined {
  const next = nextHop(host, to);
  if (next?.kind === "connected") return next.interface;
  if (next?.kind === "via" && next.device !== undefined) return next.device;
  const router = next?.kind === "via" ? parseCidr(next.address) : undefined;
  const hop = router && nextHop(host, router);
  return hop?.kind === "connected" ? hop.interface : undefined;
}

/** The end of a path: whoever answers for the destination on the segment gets the packet. */
function onSegment(
  { hosts, entries }: Pick<Way, "hosts" | "entries">,
  segment: string,
  to: Destination,
  answererOn: Owners["answererOn"],
): Way {
  const owner = "everywhere" in to ? undefined : answererOn(segment, to.address);
  if (owner === undefined) return { hosts, entries, end: "unanswered", segment };
  return { hosts: [...hosts, owner.host], entries: [...entries, owner.interface], end: "arrived", segment };
}

/** The longest prefix wins; on a tie, the host's own subnet does; the default gateway comes last. */
function findNextHop(host: Host | undefined, table: NetworkTable<NextHop>, to: Destination): NextHop | undefined {
  if (host === undefined) return undefined;
  const family = "everywhere" in to ? to.everywhere : to.family;
  const target = "everywhere" in to ? to.part : wholeAddress(to);
  const routed = target === undefined ? routeToAll(host, family) : table.smallest(target);
  const gateway = host.gateways.find((candidate) => candidate.family === family);
  return routed ?? (gateway && viaRouter(gateway.via, gateway.device));
}

/** Of several routes that together lead everywhere the first one stands for all. */
function routeToAll(host: Host, family: Family): NextHop | undefined {
  const [first] = routesToAll(host, family) ?? [];
  const route = first === undefined ? undefined : host.routes[first];
  return route && hopOf(host, route);
}

function routeTable(host: Host | undefined, addresses: readonly HostAddress[]): NetworkTable<NextHop> {
  const own = addresses.map(
    (address) => [address, { kind: "connected", interface: address.interface, segment: address.segment }] as const,
  );
  const routes = (host?.routes ?? []).flatMap((route) => {
    const network = parseCidr(route.to);
    const hop = hopOf(host, route);
    return network === undefined || hop === undefined ? [] : [[network, hop] as const];
  });
  return new NetworkTable<NextHop>([...own, ...routes]);
}

function viaRouter(address: string, device: string | undefined): NextHop {
  return { kind: "via", address, ...(device === undefined ? {} : { device }) };
}

/** An interface that the host does not have is reported by a rule; its route leads nowhere. */
function hopOf(host: Host | undefined, { via, device }: Route): NextHop | undefined {
  if (via !== undefined) return viaRouter(via, device);
  const nic = host?.interfaces.find(({ name }) => name === device);
  return nic && { kind: "connected", interface: nic.name, segment: nic.segment };
}
