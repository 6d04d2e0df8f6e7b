/**
 * Routes that name one of the host's addresses as their source (`src`), which the kernel deletes or changes together with the
 * address. Only those made by hand or by the network configuration: routing daemons see to their own.
 */
import type { Family } from "../net/address.ts";
import type { ReadCommand, ReadOutputs } from "../shell/read-script.ts";
import { routeName } from "./network.ts";
import { outputOf } from "./outputs.ts";
import { type RouteState, routesIn } from "./route-state.ts";

const FAMILIES = [4, 6] as const;
/** `ip` prints no protocol when it is asked for those of one. */
const PROTOCOLS = ["boot", "static"] as const;

/** Reads the main table's routes of these address families. BusyBox shows those of every protocol. */
export function readSourced(families: readonly Family[]): readonly ReadCommand[] {
  return families.flatMap((family) =>
    PROTOCOLS.map((protocol) => ({
      name: readName(family, protocol),
      argv: ["ip", `-${family}`, "route", "show", "table", "main", "proto", protocol],
    })),
  );
}

/** The routes with a source among what was read. Of BusyBox' only those with a gateway, since the kernel's own have none. */
export function sourcedRoutes(outputs: ReadOutputs, end: (seconds: number) => number): readonly RouteState[] {
  const found = FAMILIES.flatMap((family) => {
    const texts = PROTOCOLS.map((protocol) => outputOf(outputs, readName(family, protocol)).stdout);
    const isFiltered = texts[0] !== texts[1];
    return PROTOCOLS.flatMap((protocol, at) =>
      routesIn(texts[at] ?? "", { family, table: "main" }, end)
        .filter((one) => sourceOf(one) !== undefined && (isFiltered || one.via !== undefined))
        .map((one) => (isFiltered && protocol !== "boot" ? withProtocol(one, protocol) : one)),
    );
  });
  return [...new Map(found.map((one) => [`${one.family} ${routeName(one)}`, one])).values()];
}

/** The address that a route names as its source. */
export function sourceOf({ options = [] }: RouteState): string | undefined {
  const at = options.indexOf("src");
  return at < 0 ? undefined : options[at + 1];
}

function withProtocol(route: RouteState, protocol: string): RouteState {
  return { ...route, options: ["proto", protocol, ...(route.options ?? [])] };
}

function readName(family: Family, protocol: string): string {
  return `address-routes-${family}-${protocol}`;
}
