/** Real servers reach the world through a director only if they send there, and if it has another side. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { isAsked } from "../answered.ts";
import type { Draft } from "../draft.ts";
import { gatewayNow } from "../gateway-words.ts";
import { usesSetting } from "../mode-traits.ts";
import { adviseGateway } from "../near-director.ts";
import { replyWay } from "../reply-way.ts";
import { isShutIn } from "../shut-in.ts";
import type { Director, Service } from "../topology.ts";

/**
 * LVS-CONFIG-072 for `internet` where no real server sends through a director, and for a director with one side only.
 * LVS-CONFIG-109, a warning, for one whose other side leads nowhere; without a client in the file LVS-CONFIG-084 says that.
 */
export function* internetAccess(draft: Draft): Iterable<LvsctlError> {
  const told = new Set<string>();
  for (const service of draft.services) {
    if (!service.internet || !usesSetting(draft.modeOf(service).traits, "internet")) continue;
    const words = [whyNobodySends(draft, service), ...service.directors.map(whyNoOtherSide)].find(Boolean);
    const path = ["services", service.name, "internet"];
    if (words !== undefined) yield draft.problem("LVS-CONFIG-072", path, words, "key");
    else if (isAsked(draft, service)) yield* withoutWayOut(draft, service, told);
  }
}

/** A gateway outside of the file may be an address that several directors share. */
function whyNobodySends(draft: Draft, service: Service) {
  const { family, directors, realServers } = service;
  const goals = new Set(directors.map(({ host }) => host));
  const others = realServers.filter(({ host }) => !goals.has(host));
  const [first] = others;
  if (first === undefined || directors.length === 0) return undefined;
  const passes = ({ host }: { readonly host: string }) => {
    const way = replyWay(draft, host, family, goals);
    return way === "yes" || (way === "unknown" && goals.size > 1);
  };
  if (others.some(passes)) return undefined;
  const now = gatewayNow(draft, first.host, family);
  return {
    message: `No real server sends to other networks through a director: ${now}. With \`internet\` the director would wait for packets that never come.`,
    hint: `${adviseGateway(draft, first.host, service, ", on the real servers")}, or delete \`internet\`.`,
  };
}

function whyNoOtherSide({ host, outside }: Director) {
  if (outside === undefined || outside.length > 0) return undefined;
  return {
    message: `Every interface of "${host}" in the file leads to real servers, so it has none by which their packets could leave for other networks.`,
    hint: `Add the interface of "${host}" that leads to the world. Or delete \`internet\`; with \`masquerade: true\` a router in the real servers' subnet can then be their gateway.`,
  };
}

function* withoutWayOut(draft: Draft, { directors, family }: Service, told: Set<string>): Iterable<LvsctlError> {
  for (const { host } of directors) {
    if (told.has(`${host} ${family}`) || !isShutIn(draft, host, family)) continue;
    told.add(`${host} ${family}`);
    const message = `The file has neither a gateway nor a route for "${host}": unless it has one from elsewhere, real servers reach only its own networks through it.`;
    const hint = `Give "${host}" a \`gateway\`, or \`routes\` to where its real servers send.`;
    yield draft.problem("LVS-CONFIG-109", ["hosts", host], { message, hint }, "key");
  }
}
