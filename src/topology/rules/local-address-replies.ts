/** Whether real servers have a way back to local addresses, by which directors hide their clients. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { type Cidr, formatCidr, networkOf, parseCidr, wholeAddress } from "../../net/address.ts";
import { sourceTowards } from "../../network/origin.ts";
import { whyLost } from "../../network/reach.ts";
import type { Draft } from "../draft.ts";
import { nearDirector } from "../near-director.ts";
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
        const hint = `Give "${way.hosts.at(-1)}" a \`gateway\`, or choose local addresses on its subnet.`;
        return { code: "LVS-CONFIG-056" as const, message, hint };
      });
      if (problem !== undefined) yield draft.problem(problem.code, path, problem);
    }
  }
}

/** Where LVS-CONFIG-089 is not about a router of the file that leads there: that is another rule's. */
function byUnknownRouter(
  draft: Draft,
  service: Service,
  { host, address }: { readonly host: string; readonly address: string },
  local: Cidr,
) {
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
  const first = near?.route === undefined ? "" : `\`${near.route}\` and `;
  const route = `, or give "${last}" the route ${first}\`{ to: ${formatCidr(wholeAddress(local))}, via: ${near?.address} }\``;
  const choose =
    own === undefined || others.length > 0
      ? ""
      : `Choose local addresses in ${formatCidr(networkOf(own))}${near === undefined ? "" : route}. `;
  const hint = `${choose}If ${next.address} sends them to ${whom}, add it as a host with \`role: firewall\` and \`managed: false\`, and with the \`routes\` that say so.`;
  return { code: "LVS-CONFIG-089" as const, message, hint };
}
