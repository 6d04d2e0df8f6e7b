/** In mode nat replies have to come back through the director, which alone can turn them into the service's. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import type { Draft } from "../draft.ts";
import { interfaceAddressPath } from "../interface-address-path.ts";
import { replyWay } from "../reply-way.ts";
import type { Service } from "../topology.ts";

/** LVS-CONFIG-037 for a real server whose gateway is not the director, LVS-CONFIG-038 for a client beside it. */
export function* natReplies(draft: Draft): Iterable<LvsctlError> {
  for (const service of draft.services) {
    if (service.mode !== "nat" || service.masquerade) continue;
    const beside = [...clientsBeside(draft, service)];
    yield* beside;
    if (beside.length === 0) yield* checkGateways(draft, service);
  }
}

function* clientsBeside(draft: Draft, service: Service): Iterable<LvsctlError> {
  const directors = new Set(service.directors.map(({ host }) => host));
  const realServers = service.realServers.filter(({ host }) => !directors.has(host));
  for (const client of draft.someClients.flatMap(({ name }) => draft.addresses.get(name) ?? [])) {
    const neighbour = realServers.find(
      ({ host }) => draft.routing.nextHop(host, client)?.kind === "connected" && host !== client.host,
    );
    if (neighbour === undefined || client.family !== service.family) continue;
    const message = `"${client.host}" (${client.address}) is on the subnet of "${neighbour.host}", a real server of "${service.name}". It would be answered directly from ${neighbour.address}, an address that it never asked.`;
    const hint =
      "Set `masquerade: true`: real servers then see the director's address in place of the client's. Or put the client elsewhere.";
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
    const dip = service.directors[0]?.address;
    const message = `In mode nat the director has to see the replies, to turn the real server's address back into the virtual one; ${now}, so they never pass it.`;
    const hint = `Set \`gateway: ${dip}\`, the director's address. Or set \`masquerade: true\`: real servers then see the director's address, and their gateway is of no matter.`;
    yield draft.problem("LVS-CONFIG-037", ["hosts", host, "gateway"], { message, hint });
  }
}
