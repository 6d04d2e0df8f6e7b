/** What resources contribute to their host's network, in terms shared by all kinds. Code that judges packets asks for this. */
import type { Route } from "../lvs/ip-route.ts";

/** An address on an interface. */
export interface PlacedAddress {
  /** Canonical. */
  readonly address: string;
  readonly prefix: number;
  readonly device: string;
}

/** A route in a table: `main`, or a number. */
export interface TableRoute extends Route {
  readonly table: string;
}

/** The kernel's table of its own addresses, which holds a route for each of them. */
export const LOCAL_TABLE = "255";

/** What one state, or all states of a host together, contribute to its network. */
export interface NetworkPart {
  readonly addresses?: readonly PlacedAddress[];
  /** In addition to the routes that come with addresses. */
  readonly routes?: readonly TableRoute[];
  /** Firewall marks that IPVS services match. */
  readonly marks?: readonly number[];
  /** The addresses for which the host does not answer ARP requests, or `EVERY_ADDRESS`. */
  readonly silent?: readonly string[];
}

/** All addresses that are not on the interface where the ARP request arrives. */
export const EVERY_ADDRESS = "*";

/** Merges several parts into one. */
export function joinParts(parts: readonly NetworkPart[]): Required<NetworkPart> {
  return {
    addresses: parts.flatMap(({ addresses = [] }) => addresses),
    routes: parts.flatMap(({ routes = [] }) => routes),
    marks: parts.flatMap(({ marks = [] }) => marks),
    silent: parts.flatMap(({ silent = [] }) => silent),
  };
}

/** A route's name on its host: the kernel has one route to a network per table and metric. */
export function routeName({ to, family, table, metric }: TableRoute): string {
  const name = to === "default" && family === 6 ? "default (IPv6)" : to;
  return name + (table === "main" ? "" : ` table ${table}`) + (metric === undefined ? "" : ` metric ${metric}`);
}
