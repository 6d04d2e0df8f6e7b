/** Address and route changes that would stop a session's packets from arriving. Pure. */
import { type NetworkPart, routeName, type TableRoute } from "../resources/network.ts";
import type { Danger, Passage } from "../resources/passage.ts";
import { bestRoute, describeWay, isSameWay, routesOfAddresses } from "./route-table.ts";

type Network = Required<Pick<NetworkPart, "addresses" | "routes">>;

/** A resource change, as the network parts that the resource contributes before and after it. */
export interface NetworkChange {
  readonly kind: string;
  readonly key: string;
  readonly before: Network;
  readonly after: Network;
}

/** The changes that would send a session's packets another way, or no way at all. `found`: the network before the run. */
export function wayDangers(passage: Passage, changes: readonly NetworkChange[], found: Network): readonly Danger[] {
  const relevant = changes.filter(({ before, after }) =>
    [before, after].some(({ addresses, routes }) => addresses.length + routes.length > 0),
  );
  if (relevant.length === 0) return [];
  return [...addressDangers(passage, relevant, found), ...routeDangers(passage, relevant, found)];
}

function addressDangers(passage: Passage, changes: readonly NetworkChange[], before: Network): readonly Danger[] {
  const { own, role } = passage;
  const isIn = ({ addresses }: Network) => addresses.some(({ address }) => address === own);
  if (!isIn(before)) return [];
  const place = { end: "where it ends", transit: "by which it passes", client: "where it begins" }[role];
  return changes
    .filter((change) => isIn(change.before) && !isIn(change.after))
    .map((change) => ({ change, would: `take ${own} away, ${place}` }));
}

function routeDangers(passage: Passage, changes: readonly NetworkChange[], before: Network): readonly Danger[] {
  return targetsOf(passage).flatMap((target) => {
    const old = actualRoute(passage, before, target);
    if (old === undefined) return [];
    const ways = `${describeWay(old)} today`;
    const listed = bestRoute(allRoutes(before, passage, undefined), target) ?? old;
    if (!isSameWay(listed, old)) {
      const would = `change a route to ${target}, which is reached ${ways}, by a rule that chooses the table`;
      return policyChanges(changes, target).map((change) => ({ change, would }));
    }
    const way = (some: readonly NetworkChange[]) => bestRoute(allRoutes(changed(before, some), passage, old), target);
    const last = way(changes);
    if (isSameWay(old, last)) return [];
    const single = changes.filter((change) => !isSameWay(old, way([change])));
    const would = `make ${target} reached ${last ? describeWay(last) : "by no route"}, and not ${ways}`;
    return (single.length > 0 ? single : changes).map((change) => ({ change, would }));
  });
}

/** Policy rules may choose another table, so any change of a route to the target could be the one that matters. */
function policyChanges(changes: readonly NetworkChange[], target: string): readonly NetworkChange[] {
  return changes.filter(({ before, after }) =>
    [...before.routes, ...after.routes].some((route) => bestRoute([{ ...route, table: "main" }], target) !== undefined),
  );
}

/** The addresses a host sends the session's packets to, including the next router, which must stay reachable. */
function targetsOf({ role, session }: Passage): readonly string[] {
  if (role === "transit") return [session.client, session.address];
  if (role === "client") return [session.address];
  return [session.client, ...(session.reply?.via === undefined ? [] : [session.reply.via])];
}

/** The route in use now: the one the host reported for its replies, otherwise the one in its tables. */
function actualRoute({ role, session }: Passage, before: Network, target: string): TableRoute | undefined {
  const listed = bestRoute([...routesOfAddresses(before.addresses), ...before.routes], target);
  if (role !== "end" || target !== session.client || session.reply === undefined) return listed;
  const { reply, family } = session;
  if (listed && isSameWay(listed, { ...listed, ...withoutHops(reply) })) return listed;
  return { family, to: listed?.to ?? "default", table: "main", ...reply };
}

function withoutHops({ type, via, device }: NonNullable<Passage["session"]["reply"]>): Partial<TableRoute> {
  return { type, ...(via === undefined ? {} : { via }), ...(device === undefined ? {} : { device }) };
}

/** All routes, plus the one in use now where the main table was not read. */
function allRoutes(network: Network, { role }: Passage, old: TableRoute | undefined): readonly TableRoute[] {
  const known = [...routesOfAddresses(network.addresses), ...network.routes];
  const wasRead = network.routes.some(({ table }) => table === "main");
  return wasRead || role !== "end" || old === undefined ? known : [...known, old];
}

function changed({ addresses, routes }: Network, changes: readonly NetworkChange[]): Network {
  const named = new Map(routes.map((route) => [routeName(route), route]));
  let left = addresses;
  for (const { before, after } of changes) {
    for (const route of [...before.routes, ...after.routes]) named.delete(routeName(route));
    for (const route of after.routes) named.set(routeName(route), route);
    const gone = before.addresses;
    left = left.filter(({ address, device }) => !gone.some((one) => one.address === address && one.device === device));
    left = [...left, ...after.addresses];
  }
  // A network's own route disappears with the last address in it.
  const name = ({ to, device, table }: TableRoute) => `${to} ${device} ${table}`;
  const gone = new Set(routesOfAddresses(addresses).map(name));
  for (const route of routesOfAddresses(left)) gone.delete(name(route));
  return { addresses: left, routes: [...named.values()].filter((route) => !gone.has(name(route))) };
}
