/** Wide routes by which the replies to a part of all clients bypass the director, while it sees the others. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { wideRouteTo } from "../../network/wide-routes.ts";
import { clientsOf } from "../answered.ts";
import type { Draft } from "../draft.ts";
import { routesTo } from "../gateway-words.ts";
import { nearDirector } from "../near-director.ts";
import { hideClients } from "../other-modes.ts";
import type { Host, Service } from "../topology.ts";

/** A host, one of its wide routes, and the router outside of the file to which packets by it come. */
interface Aside {
  readonly host: Host;
  readonly index: number;
  readonly outside: string | undefined;
}

/**
 * LVS-CONFIG-106, or LVS-CONFIG-089 if a router that is not in the file may send them to the director; both warnings, for services
 * without a client in the file. LVS-CONFIG-037 says it if all replies bypass the director. Once for each host with such routes.
 */
export function* repliesToSome(draft: Draft): Iterable<LvsctlError> {
  const told = new Set<string>();
  for (const service of draft.services) {
    const mode = draft.modeOf(service);
    if (mode.answeredBy !== "director" || mode.rewrites("source") !== false) continue;
    if (service.directors.length === 0 || clientsOf(draft, service).length > 0) continue;
    const aside = service.realServers.flatMap(({ host }) => routesAside(draft, service, host));
    for (const { host, outside } of aside) {
      if (told.has(host.name)) continue;
      told.add(host.name);
      const own = aside.filter((one) => one.host === host).map(({ index }) => index);
      yield problemOf(draft, service, { host, outside, index: own[0] ?? 0 }, [...new Set(own)]);
    }
  }
}

/** None if no part of the internet has its replies sent through a director. */
function routesAside(draft: Draft, { family, directors }: Service, realServer: string): readonly Aside[] {
  const goals = new Set(directors.map(({ host }) => host));
  if (goals.has(realServer)) return [];
  const ways = draft.network.partsOf(family).map((to) => ({ to, way: draft.network.way(realServer, to) }));
  const past = ways.filter(({ way }) => !way.hosts.some((host) => goals.has(host)));
  if (past.length === ways.length) return [];
  return past.flatMap(({ to, way: { hosts, end } }): readonly Aside[] => {
    // LVS-CONFIG-085 reports loops; and with several directors a router outside of the file may have an address that they share.
    if (end === "loop" || (end === "unknown" && goals.size > 1)) return [];
    const senders = hosts.flatMap((name) => draft.hosts.get(name) ?? []);
    const host = senders.findLast((sender) => wideRouteTo(sender, to.part) !== undefined);
    const index = host && wideRouteTo(host, to.part);
    const next = end === "unknown" ? draft.network.nextHop(hosts.at(-1) ?? realServer, to) : undefined;
    const outside = next?.kind === "via" ? next.address : undefined;
    return host === undefined || index === undefined ? [] : [{ host, index, outside }];
  });
}

function problemOf(draft: Draft, service: Service, first: Aside, indexes: readonly number[]): LvsctlError {
  const { host, outside } = first;
  const routes = indexes.flatMap((index) => host.routes[index] ?? []);
  const director = `"${service.directors[0]?.host}"`;
  const how =
    outside === undefined
      ? "by which replies bypass it"
      : `by which replies come to ${outside}, a router that is not in the file and would have to send them to the director`;
  const message = `In mode ${draft.modeOf(service).name} the director has to see the replies to all clients, and "${host.name}" has the ${routesTo(routes)}, ${how}.`;
  const near = nearDirector(draft, host.name, service);
  const too = near?.route === undefined ? "" : `, and give "${host.name}" the route \`${near.route}\``;
  const place = routes.some(({ via }) => via === undefined) ? ", in place of `device`" : "";
  const lead =
    near === undefined
      ? `Let the ${routesTo(routes)} lead through ${director}`
      : `Write \`via: ${near.address}\`, the director's address, in the ${routesTo(routes)}${place}${too}`;
  const known =
    outside === undefined
      ? ""
      : ` If ${outside} sends them to ${director}, add it as a host with \`role: firewall\` and \`managed: false\`, and with the \`gateway\` or the \`routes\` that say so.`;
  const hideThem = hideClients(draft, service).replace(/^./, (letter) => letter.toLowerCase());
  const hint = `${lead}.${known} Or ${hideThem}: real servers then see the director's address, and only need a route back to that address.`;
  const code = outside === undefined ? "LVS-CONFIG-106" : "LVS-CONFIG-089";
  return draft.problem(code, ["hosts", host.name, "routes", first.index, "via"], { message, hint });
}
