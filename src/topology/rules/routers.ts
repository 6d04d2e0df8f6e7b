/** Hosts that others use as their router, although nothing makes them forward. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import type { Family } from "../../net/address.ts";
import { FORWARDING, forwards } from "../../network/forwarding.ts";
import { familyOf, forwardersOn, type Leg } from "../../network/legs.ts";
import { ownSource } from "../../network/own-source.ts";
import { legsOfAll } from "../answered.ts";
import type { Draft } from "../draft.ts";
import type { Host, Service } from "../topology.ts";

/**
 * LVS-CONFIG-086, a warning, once for each host: some systems forward by settings of their own. A director by which clients
 * are answered is left out, because its mode turns forwarding on, and so is what LVS-CONFIG-036 is about.
 */
export function* routers(draft: Draft): Iterable<LvsctlError> {
  const seen = new Set<string>();
  for (const service of draft.services) {
    for (const leg of legsOfAll(draft, service)) {
      const forwarders = forwardersOn(leg);
      const dropping = forwarders.length > 0 ? ownSource(draft.network, draft.hosts, leg)?.host : undefined;
      for (const name of forwarders) {
        if (name === dropping) break; // It forwards nothing of what seems to be its own.
        const host = draft.hosts.get(name);
        const key = `${name} ${familyOf(leg)}`;
        if (host === undefined || !host.managed || seen.has(key) || isLetBy(draft, host, familyOf(leg))) continue;
        seen.add(key);
        yield problemOf(draft, service, leg, host);
      }
    }
  }
}

function isLetBy(draft: Draft, host: Host, family: Family): boolean {
  if (forwards(host, family) === "yes") return true;
  return draft.services.some(
    (service) =>
      service.family === family &&
      draft.modeOf(service).traits.answeredBy !== "real-server" &&
      service.directors.some((director) => director.host === host.name),
  );
}

function problemOf(draft: Draft, service: Service, leg: Leg, host: Host): LvsctlError {
  const { name, roles } = host;
  const family = familyOf(leg);
  const packets = `${leg.direction === "request" ? "Requests to" : "Replies of"} "${entryOf(service.name)}"`;
  const [key] = FORWARDING[family];
  const state =
    forwards(host, family) === "no"
      ? `and the file sets ${key} to 0`
      : "and nothing in the file turns forwarding on there";
  const message = `${packets} pass "${name}", which others use as their router. It is no firewall, ${state}: a kernel without it drops what is for others.`;
  const more =
    roles.length === 0 ? "Give it `role: firewall`" : `Give it \`roles: [${["firewall", ...roles].join(", ")}]\``;
  const hint = `${more}, or write \`${key}: 1\` under its \`sysctls\`. Or let the routes lead through another host.`;
  return draft.problem("LVS-CONFIG-086", ["hosts", name], { message, hint }, "key");
}
