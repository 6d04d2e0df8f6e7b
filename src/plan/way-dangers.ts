/** Changes of addresses and routes after which a session's packets would not arrive any more. Pure. */
import type { AddressState } from "../resources/address.ts";
import { type RouteState, route as routeKind } from "../resources/route.ts";
import type { Danger } from "./danger.ts";
import type { HostState } from "./host-state.ts";
import type { PlannedChange } from "./plan.ts";
import { bestRoute, describeWay, isSameWay, routesOfAddresses } from "./route-table.ts";
import { observedAddresses, observedRoutes, type Passage } from "./session-passages.ts";

interface Network {
  readonly addresses: readonly AddressState[];
  /** Besides those that come with the addresses. */
  readonly routes: readonly RouteState[];
}

export function wayDangers(passage: Passage, changes: readonly PlannedChange[], state: HostState): readonly Danger[] {
  const relevant = changes.filter(({ kind }) => kind === "address" || kind === "route");
  if (relevant.length === 0) return [];
  const before = { addresses: observedAddresses(state), routes: observedRoutes(state) };
  return [...addressDangers(passage, relevant, before), ...routeDangers(passage, relevant, before)];
}

function addressDangers(passage: Passage, changes: readonly PlannedChange[], before: Network): readonly Danger[] {
  const { own, role } = passage;
  const isHad = ({ addresses }: Network) => addresses.some(({ address }) => address === own);
  if (!isHad(before)) return [];
  const place = { end: "where it ends", transit: "by which it passes", client: "where it begins" }[role];
  return changes.flatMap((change) => {
    if (change.kind !== "address" || change.after !== undefined) return [];
    const gone = change.before as AddressState;
    return gone.address === own ? [{ change, would: `take ${own} away, ${place}` }] : [];
  });
}

function routeDangers(passage: Passage, changes: readonly PlannedChange[], before: Network): readonly Danger[] {
  return targetsOf(passage).flatMap((target) => {
    const old = actualRoute(passage, before, target);
    if (old === undefined) return [];
    const ways = `${describeWay(old)} today`;
    const listed = bestRoute(allRoutes(before, passage, undefined), target) ?? old;
    if (!isSameWay(listed, old)) {
      const would = `change a route to ${target}, which is reached ${ways}, by a rule that chooses the table`;
      return policyChanges(changes, target).map((change) => ({ change, would }));
    }
    const way = (some: readonly PlannedChange[]) => bestRoute(allRoutes(changed(before, some), passage, old), target);
    const last = way(changes);
    if (isSameWay(old, last)) return [];
    const single = changes.filter((change) => !isSameWay(old, way([change])));
    const would = `make ${target} reached ${last ? describeWay(last) : "by no route"}, and not ${ways}`;
    return (single.length > 0 ? single : changes).map((change) => ({ change, would }));
  });
}

/** Policy rules choose another table: any change of a route to the target may be the one that counts. */
function policyChanges(changes: readonly PlannedChange[], target: string): readonly PlannedChange[] {
  return changes.filter(({ kind, before, after }) => {
    const routes = [before, after].flatMap((state) => (state === undefined ? [] : [state as RouteState]));
    return kind === "route" && routes.some((state) => bestRoute([{ ...state, table: "main" }], target) !== undefined);
  });
}

/** Where a host has to send packets of the session; the next router among them, which must stay within reach. */
function targetsOf({ role, session }: Passage): readonly string[] {
  if (role === "transit") return [session.client, session.address];
  if (role === "client") return [session.address];
  return [session.client, ...(session.reply?.via === undefined ? [] : [session.reply.via])];
}

/** The route of today: what the host itself said of its replies, otherwise what its tables say. */
function actualRoute({ role, session }: Passage, before: Network, target: string): RouteState | undefined {
  const listed = bestRoute([...routesOfAddresses(before.addresses), ...before.routes], target);
  if (role !== "end" || target !== session.client || session.reply === undefined) return listed;
  const { reply, family } = session;
  if (listed && isSameWay(listed, { ...listed, ...withoutHops(reply) })) return listed;
  return { family, to: listed?.to ?? "default", table: "main", ...reply };
}

function withoutHops({ type, via, device }: NonNullable<Passage["session"]["reply"]>): Partial<RouteState> {
  return { type, ...(via === undefined ? {} : { via }), ...(device === undefined ? {} : { device }) };
}

/** All routes; where the main table was not read, with the one of today in it. */
function allRoutes(network: Network, { role }: Passage, old: RouteState | undefined): readonly RouteState[] {
  const known = [...routesOfAddresses(network.addresses), ...network.routes];
  const wasRead = network.routes.some(({ table }) => table === "main");
  return wasRead || role !== "end" || old === undefined ? known : [...known, old];
}

function changed({ addresses, routes }: Network, changes: readonly PlannedChange[]): Network {
  const keyed = new Map(routes.map((route) => [routeKind.key(route), route]));
  let left = addresses;
  for (const { kind, key, before, after } of changes) {
    if (kind === "route") {
      keyed.delete(before ? routeKind.key(before as RouteState) : key);
      if (after) keyed.set(routeKind.key(after as RouteState), after as RouteState);
      continue;
    }
    const gone = before as AddressState | undefined;
    left = left.filter(({ address, device }) => !(address === gone?.address && device === gone.device));
    if (after) left = [...left, after as AddressState];
  }
  // A network's own route goes with the last address in it.
  const name = ({ to, device, table }: RouteState) => `${to} ${device} ${table}`;
  const gone = new Set(routesOfAddresses(addresses).map(name));
  for (const route of routesOfAddresses(left)) gone.delete(name(route));
  return { addresses: left, routes: [...keyed.values()].filter((route) => !gone.has(name(route))) };
}
