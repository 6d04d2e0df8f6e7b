/** Hosts that send a service's packets to a router of which the file says nothing, and not by a way that the file knows. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import type { Cidr } from "../../net/address.ts";
import type { Leg } from "../../network/legs.ts";
import { legsOfAll } from "../answered.ts";
import type { Draft } from "../draft.ts";
import { hopPath } from "../hop-path.ts";
import { isOnNetwork, type RouterBeside, routerBeside } from "../router-beside.ts";
import type { Service } from "../topology.ts";

/** LVS-CONFIG-093 for requests and LVS-CONFIG-089 for replies, both warnings: once for each host and network. */
export function* forgottenRoutes(draft: Draft): Iterable<LvsctlError> {
  const told = new Set<string>();
  const asking = new Set<string>();
  for (const service of draft.services) {
    for (const leg of legsOfAll(draft, service)) {
      const { to, way } = leg;
      if ("everywhere" in to || way.end !== "unknown" || isSaidElsewhere(draft, service, leg, to)) continue;
      const beside = routerBeside(draft, way.hosts[0] ?? "", to);
      const key = `${beside?.sender} ${beside?.network}`;
      if (beside === undefined || told.has(key) || isForOne(draft, asking, leg, to)) continue;
      told.add(key);
      if (service.directors.some(({ host }) => host === beside.sender)) asking.add(beside.sender);
      yield problemOf(draft, leg, to, beside);
    }
  }
}

/**
 * Requests for an address on no network of the file are for LVS-CONFIG-093 too, in another rule; replies that a director has
 * to see are for LVS-CONFIG-037, and those that a publishing firewall has to translate for LVS-CONFIG-089.
 */
function isSaidElsewhere(draft: Draft, service: Service, { direction, way }: Leg, to: Cidr): boolean {
  if (direction === "request") return !isOnNetwork(draft, to);
  const { answeredBy, rewrites } = draft.modeOf(service);
  const [from = ""] = way.hosts;
  const isDirector = service.directors.some(({ host }) => host === from);
  if (answeredBy === "director" && !isDirector && from !== service.publish?.on) return rewrites("source") === false;
  return service.publish !== undefined && from !== service.publish.on;
}

/** Whether they are replies to a director that has been told of its requests: with the route it asks from another address. */
function isForOne(draft: Draft, asking: ReadonlySet<string>, { direction }: Leg, to: Cidr): boolean {
  return direction === "reply" && asking.has(draft.ownerOf(to.address)?.host ?? "");
}

function problemOf(draft: Draft, { direction }: Leg, to: Cidr, beside: RouterBeside): LvsctlError {
  const { sender, outside, router, network, advice } = beside;
  const owner = draft.ownerOf(to.address);
  const whom = owner === undefined ? to.address : `"${owner.host}" (${to.address})`;
  const isRequest = direction === "request";
  const packets = `${isRequest ? "requests" : "replies"} for ${whom}`;
  const leads =
    router === sender ? `"${sender}" is on ${network} itself` : `"${router}", on a segment of "${sender}", leads there`;
  const message = `"${sender}" sends ${packets} to ${outside}, a router that is not in the file and would have to bring them there. ${leads}.`;
  const hint = `${advice}. If ${outside} leads to ${network}, add it as a host with \`role: firewall\` and \`managed: false\`, and with the interface or the \`routes\` that say so.`;
  const host = draft.hosts.get(sender);
  const path = host === undefined ? ["hosts", sender] : hopPath(host, to);
  return draft.problem(isRequest ? "LVS-CONFIG-093" : "LVS-CONFIG-089", path, { message, hint });
}
