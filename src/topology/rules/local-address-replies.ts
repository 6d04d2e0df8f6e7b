/** Whether real servers have a route back to local addresses, by which directors hide their clients. */
import { andList } from "../../errors/and-list.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { type Cidr, contains, formatCidr, networkOf, parseCidr, wholeAddress } from "../../net/address.ts";
import { sourceTowards } from "../../network/origin.ts";
import { whyLost } from "../../network/reach.ts";
import type { Draft } from "../draft.ts";
import { type NearAddress, nearDirector } from "../near-director.ts";
import { isOnNetwork, routerBeside } from "../router-beside.ts";
import type { Service } from "../topology.ts";

/**
 * LVS-CONFIG-056 for a local address to which there is no way, and LVS-CONFIG-089, a warning, for one on no network of the file
 * that only a router of which the file says nothing could lead to. Once for each local address.
 */
export function* localAddressReplies(draft: Draft): Iterable<LvsctlError> {
  for (const service of draft.services) {
    const { answeredBy, traits } = draft.modeOf(service);
    if (answeredBy !== traits.answeredBy || traits.settings?.localAddresses === undefined) continue;
    for (const [index, text] of service.localAddresses.entries()) {
      const path = ["services", service.name, "localAddresses", index];
      const target = parseCidr(text);
      if (target === undefined || target.family !== service.family) continue;
      const [problem] = service.realServers.flatMap(({ host, address }) => {
        const way = draft.network.way(host, target);
        const trouble = whyLost(way, text);
        if (trouble === undefined) return byUnknownRouter(draft, service, { host, address }, target) ?? [];
        const message = `"${host}" answers to the local address ${text}, and ${trouble}.`;
        const hint = adviseWay(draft, service, { host, address }, target);
        return { code: "LVS-CONFIG-056" as const, message, hint };
      });
      if (problem !== undefined) yield draft.problem(problem.code, path, problem);
    }
  }
}

/** A network of the directors to which there is a way, or a route; else a way to both. */
function adviseWay(draft: Draft, service: Service, server: ServerAddress, local: Cidr): string {
  const { hosts, end } = draft.network.way(server.host, local);
  const last = hosts.at(-1) ?? server.host;
  const own = service.directors.flatMap(
    ({ host }) => sourceTowards(draft.network, host, local.family, parseCidr(server.address)) ?? [],
  );
  if (own.length === 0) return `Give "${last}" a \`gateway\`, or a route to ${local.address}.`;
  const networks = [...new Set(own.map((address) => formatCidr(networkOf(address))))];
  const isReached = own.every(
    (address) => whyLost(draft.network.way(server.host, wholeAddress(address)), address.address) === undefined,
  );
  const there = andList(networks);
  if (!isReached) {
    const choose = own.some((address) => contains(address, local)) ? "" : ` And choose local addresses in ${there}.`;
    return `Give "${last}" a \`gateway\`, or a route, by which it reaches ${there}.${choose}`;
  }
  const near = end === "lost" ? nearDirector(draft, last, service) : undefined;
  if (near !== undefined && service.directors.length > 1)
    return `Give "${last}" ${routeBy(near, local)}, by one director.`; // On a segment that they share each would have the address.
  return `Choose local addresses in ${there}${near === undefined ? "" : orRoute(last, near, local)}.`;
}

interface ServerAddress {
  readonly host: string;
  readonly address: string;
}

/** The end of a hint: how replies get to a local address that is on no network. */
function orRoute(last: string, near: NearAddress, local: Cidr): string {
  return `, or give "${last}" ${routeBy(near, local)}`;
}

function routeBy(near: NearAddress, local: Cidr): string {
  const first = near.route === undefined ? "the route" : `the routes \`${near.route}\` and`;
  return `${first} \`{ to: ${formatCidr(wholeAddress(local))}, via: ${near.address} }\``;
}

/** Where LVS-CONFIG-089 is not about a router of the file that leads there: that is another rule's. */
function byUnknownRouter(draft: Draft, service: Service, { host, address }: ServerAddress, local: Cidr) {
  const { hosts, end } = draft.network.way(host, local);
  const last = hosts.at(-1) ?? host;
  const next = end === "unknown" ? draft.network.nextHop(last, local) : undefined;
  const [director, ...others] = service.directors.map((one) => one.host);
  const isElsewhere = isOnNetwork(draft, local) || routerBeside(draft, host, local) !== undefined;
  if (next?.kind !== "via" || director === undefined || isElsewhere) return undefined;
  const whom = others.length > 0 ? "the director that asked" : `"${director}"`;
  const message = `"${host}" answers to the local address ${local.address}, which is on no network of the file. "${last}" sends these replies to ${next.address}, a router that is not in the file and would have to send them to ${whom}.`;
  const own = sourceTowards(draft.network, director, local.family, parseCidr(address));
  const near = nearDirector(draft, last, service);
  const choose =
    own === undefined || others.length > 0
      ? ""
      : `Choose local addresses in ${formatCidr(networkOf(own))}${near === undefined ? "" : orRoute(last, near, local)}. `;
  const hint = `${choose}If ${next.address} sends them to ${whom}, add it as a host with \`role: firewall\` and \`managed: false\`, and with the \`routes\` that say so.`;
  return { code: "LVS-CONFIG-089" as const, message, hint };
}
