/** Whether clients can reach virtual addresses, and directors can reach real servers. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import { type Cidr, parseCidr } from "../../net/address.ts";
import { targetAddress } from "../../network/origin.ts";
import { whyLost, whyUnreached } from "../../network/reach.ts";
import type { Draft } from "../draft.ts";
import { publishedAddress } from "../published-address.ts";
import type { Service } from "../topology.ts";

/** LVS-CONFIG-047 for an unreachable virtual address, LVS-CONFIG-057 for a real server that the director cannot reach. */
export function* reachability(draft: Draft): Iterable<LvsctlError> {
  for (const service of draft.services) {
    yield* fromFirewall(draft, service);
    // If both have to be on one segment, LVS-CONFIG-035 reports what is wrong.
    if (draft.modeOf(service).traits.reach !== "segment") yield* toRealServers(draft, service);
  }
  for (const client of draft.someClients) yield* fromClient(draft, client.name);
}

function* fromFirewall(draft: Draft, service: Service): Iterable<LvsctlError> {
  const { name, publish } = service;
  const vip = parseCidr(publish?.to ?? "");
  if (publish === undefined || vip === undefined || service.directors.length === 0) return;
  if (draft.entries.get(name)?.fwmark !== undefined) return;
  if (publishedAddress(draft, service) === undefined) return;
  const trouble = whyUnreached(draft.network, publish.on, vip, service);
  if (trouble === undefined || isLoop(draft, publish.on, vip)) return;
  const message = `"${publish.on}" passes requests on to ${vip.address}, and they do not arrive: ${trouble}.`;
  yield draft.problem("LVS-CONFIG-047", ["services", name, "publish", "on"], { message, hint: adviseRoute(service) });
}

/** A client is there for testing, so it has to reach something, but not everything. */
function* fromClient(draft: Draft, client: string): Iterable<LvsctlError> {
  const troubles: [string, string][] = [];
  for (const service of draft.services) {
    const target = targetAddress(service);
    if (target === undefined || service.directors.length === 0) return;
    if (service.publish !== undefined && publishedAddress(draft, service) === undefined) return;
    const trouble = whyUnreached(draft.network, client, target, service);
    if (trouble === undefined || draft.network.takes(client, target.address) || isLoop(draft, client, target)) return;
    troubles.push([`"${entryOf(service.name)}" (${target.address})`, trouble]);
  }
  const [first] = troubles;
  if (first === undefined) return;
  const message = `The client "${client}" can reach no service. To ${first[0]}: ${first[1]}.`;
  const hint = `Add a \`gateway\`, or a route to the address under \`routes\`, to the hosts on the way.`;
  yield draft.problem("LVS-CONFIG-047", ["hosts", client], { message, hint }, "key");
}

/** LVS-CONFIG-085 reports these. */
function isLoop(draft: Draft, from: string, to: Cidr): boolean {
  return draft.network.way(from, to).loop !== undefined;
}

function adviseRoute({ vip, publish, directors }: Service): string {
  const [director] = directors;
  return `Choose a virtual address in a subnet on the director's segment, or add a route on the way: \`{ to: ${vip?.address ?? publish?.to}, via: ${director?.address} }\`.`;
}

function* toRealServers(draft: Draft, service: Service): Iterable<LvsctlError> {
  for (const { host, address } of service.directors) {
    for (const realServer of service.realServers) {
      const target = parseCidr(realServer.address);
      // A director without an address of that family is reported by LVS-CONFIG-031.
      if (!draft.addresses.get(host)?.some(({ family }) => family === realServer.family)) continue;
      const trouble = target && whyLost(draft.network.way(host, target), realServer.address);
      if (trouble === undefined) continue;
      const message = `Requests from the director "${host}" (${address}) do not reach the real server "${realServer.host}": ${trouble}.`;
      const hint = `Give "${host}" a gateway, a route, or an interface on that subnet.`;
      yield draft.problem("LVS-CONFIG-057", ["hosts", host, "gateway"], { message, hint }, "key");
    }
  }
}
