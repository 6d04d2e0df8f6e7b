/** If the director answers clients and real servers see the client's address, replies need a route through the director. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import { formatCidr, networkOf } from "../../net/address.ts";
import { pastDirector } from "../../network/reach.ts";
import { clientsOf, isAnswered } from "../answered.ts";
import type { Draft } from "../draft.ts";
import { interfaceAddressPath } from "../interface-address-path.ts";
import { adviseGateway, nearDirector } from "../near-director.ts";
import { hideClients } from "../other-modes.ts";
import { replyWay } from "../reply-way.ts";
import type { Service } from "../topology.ts";

/** LVS-CONFIG-037 for a real server whose replies do not pass the director, LVS-CONFIG-038 for a client on its subnet. */
export function* repliesThroughDirector(draft: Draft): Iterable<LvsctlError> {
  for (const service of draft.services) {
    const mode = draft.modeOf(service);
    if (mode.traits.answeredBy !== "director" || mode.rewrites("source") !== false) continue;
    const beside = [...clientsBeside(draft, service)];
    yield* beside;
    const gateways = beside.length === 0 ? [...checkGateways(draft, service)] : [];
    yield* gateways;
    if (beside.length + gateways.length === 0) yield* checkClients(draft, service);
  }
}

/** A route leads some clients' replies through the director: a client whose replies take another way gets no answer. */
function* checkClients(draft: Draft, service: Service): Iterable<LvsctlError> {
  const mode = draft.modeOf(service);
  if (service.directors.length === 0) return;
  for (const client of clientsOf(draft, service)) {
    if (service.publish !== undefined || isAnswered(draft, client.host)) continue;
    for (const { host } of service.realServers) {
      const how = pastDirector(draft.network, service, host, mode, client);
      if (how === undefined) continue;
      const message = `In mode ${mode.name} the director has to see the replies: ${how}.`;
      const hideThem = hideClients(draft, service).replace(/^./, (letter) => letter.toLowerCase());
      const dip = nearDirector(draft, host, service);
      const route = `Give "${host}" the route \`{ to: ${formatCidr(networkOf(client.address))}, via: ${dip} }\``;
      const hint = `${dip === undefined ? adviseGateway(draft, host, service, "") : route}. Or ${hideThem}: real servers then see the director's address.`;
      yield draft.problem("LVS-CONFIG-037", ["hosts", host, "routes"], { message, hint }, "key");
    }
  }
}

function* clientsBeside(draft: Draft, service: Service): Iterable<LvsctlError> {
  const directors = new Set(service.directors.map(({ host }) => host));
  const realServers = service.realServers.filter(({ host }) => !directors.has(host));
  for (const client of draft.someClients.flatMap(({ name }) => draft.addresses.get(name) ?? [])) {
    if (directors.has(client.host)) continue; // It asks from the virtual address: checkClients.
    const neighbour = realServers.find(
      ({ host }) => draft.network.nextHop(host, client)?.kind === "connected" && host !== client.host,
    );
    if (neighbour === undefined || client.family !== service.family) continue;
    const isTranslated = draft.modeOf(service).rewrites("destination") === true;
    const answer = isTranslated
      ? `directly from ${neighbour.address}, an address that it never asked`
      : "directly, past the director";
    const message = `"${client.host}" (${client.address}) is on the subnet of "${neighbour.host}", a real server of "${entryOf(service.name)}". It would be answered ${answer}.`;
    const hint = `${hideClients(draft, service)}: real servers then see the director's address in place of the client's. Or put the client elsewhere.`;
    yield draft.problem("LVS-CONFIG-038", interfaceAddressPath(draft, client), { message, hint });
  }
}

function* checkGateways(draft: Draft, service: Service): Iterable<LvsctlError> {
  const directors = new Set(service.directors.map(({ host }) => host));
  if (directors.size === 0) return;
  for (const { host } of service.realServers) {
    if (directors.has(host)) continue;
    const answer = replyWay(draft, host, service.family, directors);
    if (answer === "yes" || (answer === "unknown" && directors.size > 1)) continue;
    const gateway = draft.hosts.get(host)?.gateways.find(({ family }) => family === service.family);
    const now = gateway === undefined ? `"${host}" has no gateway` : `the gateway of "${host}" is ${gateway.via}`;
    const mode = draft.modeOf(service);
    const why =
      mode.rewrites("destination") === true ? ", to turn the real server's address back into the virtual one" : "";
    const message = `In mode ${mode.name} the director has to see the replies${why}; ${now}, so they never pass it.`;
    const hideThem = hideClients(draft, service).replace(/^./, (letter) => letter.toLowerCase());
    const hint = `${adviseGateway(draft, host, service, "")}. Or ${hideThem}: real servers then see the director's address, and need a way back to that alone.`;
    yield draft.problem("LVS-CONFIG-037", ["hosts", host, "gateway"], { message, hint });
  }
}
