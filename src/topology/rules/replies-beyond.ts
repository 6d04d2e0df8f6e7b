/** Whether replies can leave for clients that the file does not name. */
import { andList } from "../../errors/and-list.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import { originsOf } from "../answered.ts";
import type { Draft } from "../draft.ts";
import { publishedAddress } from "../published-address.ts";
import type { Service } from "../topology.ts";

/**
 * LVS-CONFIG-084, a warning, for a service without any client in the file, whose replies have no way out of the networks of
 * those who send them: a publishing firewall, to which LVS-CONFIG-048 leads all others. With a client LVS-CONFIG-056 and
 * LVS-CONFIG-037 judge its own way back.
 */
export function* repliesBeyond(draft: Draft): Iterable<LvsctlError> {
  for (const service of draft.services) {
    const { answeredBy } = draft.modeOf(service);
    if (answeredBy === undefined || originsOf(draft, service).length > 0) continue;
    const firewall = publishedAddress(draft, service)?.host;
    if (service.publish !== undefined && firewall === undefined) continue;
    const answering = (answeredBy === "director" ? service.directors : service.realServers).map(({ host }) => host);
    const shut = (firewall === undefined ? [...new Set(answering)] : [firewall]).filter((host) =>
      isShutIn(draft, host, service),
    );
    const [first] = shut;
    if (first === undefined) continue;
    const { family } = service;
    const networks = [...new Set(shut.flatMap((host) => networksOf(draft, host, service)))];
    const who = andList(shut.map((host) => `"${host}"`));
    const [has, they, them] = shut.length > 1 ? ["have", "they have", "them"] : ["has", "it has", "it"];
    const message =
      networks.length === 0
        ? `The replies of "${entryOf(service.name)}" are IPv${family}, and ${who} ${has} neither an IPv${family} address nor a route, so no client gets one.`
        : `The file has no IPv${family} client for "${entryOf(service.name)}", and for ${who} neither a gateway nor a route: unless ${they} one from elsewhere, clients outside of ${andList(networks)} get no reply.`;
    const hint = `Give ${them} a \`gateway\`, or \`routes\` to the clients.${networks.length === 0 ? "" : " If all of them are in there, add one with `role: client`, from which `lvsctl verify` then tests."}`;
    yield draft.problem("LVS-CONFIG-084", ["hosts", first], { message, hint }, "key");
  }
}

/** Whether a host reaches nothing of this family but its own networks. */
function isShutIn(draft: Draft, host: string, { family }: Service): boolean {
  const isRouted = draft.hosts.get(host)?.routes.some((route) => route.family === family);
  return isRouted === false && draft.network.nextHop(host, { everywhere: family }) === undefined;
}

function networksOf(draft: Draft, host: string, { family }: Service): readonly string[] {
  return (draft.addresses.get(host) ?? []).filter((own) => own.family === family).map(({ network }) => network);
}
