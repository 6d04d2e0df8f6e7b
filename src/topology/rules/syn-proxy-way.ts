/** A SYN proxy on a routing host has to be on the path of both requests and replies. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import { parseCidr } from "../../net/address.ts";
import type { Draft } from "../draft.ts";
import { replyWay } from "../reply-way.ts";
import type { Service } from "../topology.ts";

/** LVS-CONFIG-043. If the SYN proxy's host owns the target address itself, everything passes it anyway. */
export function* synProxyWay(draft: Draft): Iterable<LvsctlError> {
  for (const service of draft.services) {
    const { synproxy, publish, directors } = service;
    if (synproxy === undefined || publish !== undefined || directors.some(({ host }) => host === synproxy.on)) continue;
    if (draft.hosts.get(synproxy.on)?.roles.includes("firewall") !== true) continue;
    const away = clientBeside(draft, service, synproxy.on) ?? replierBeside(draft, service, synproxy.on);
    if (away === undefined) continue;
    const hint = "Put the SYN proxy on a firewall that both requests and replies pass, or let routes lead there.";
    yield draft.problem("LVS-CONFIG-043", ["services", service.name, "synproxy", "on"], { message: away, hint });
  }
}

function clientBeside(draft: Draft, { vip, name }: Service, proxy: string): string | undefined {
  const target = parseCidr(vip?.address ?? "");
  if (target === undefined) return undefined;
  for (const client of draft.someClients) {
    const way = draft.network.way(client.name, target);
    if ((way.end !== "arrived" && way.end !== "unanswered") || way.hosts.includes(proxy)) continue;
    return `Handshakes of "${client.name}" with "${entryOf(name)}" (${target.address}) do not pass "${proxy}", so its SYN proxy never sees them.`;
  }
  return undefined;
}

function replierBeside(draft: Draft, service: Service, proxy: string): string | undefined {
  const { answeredBy } = draft.modeOf(service).traits;
  if (answeredBy === undefined) return undefined;
  const repliers = answeredBy === "real-server" ? service.realServers : service.directors;
  const away = repliers.find(({ host }) => replyWay(draft, host, service.family, new Set([proxy])) === "no");
  if (away === undefined) return undefined;
  return `Replies of "${away.host}" do not pass "${proxy}". Its SYN proxy makes a second handshake with the service and translates between the two, for which it has to see the answers.`;
}
