/** Replies in the name of the virtual address must not pass a host that has this address too. */
import { andList } from "../../errors/and-list.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { forwards } from "../../network/forwarding.ts";
import { interfaceSysctl } from "../../network/interface-sysctl.ts";
import { type Leg, legsOf } from "../../network/legs.ts";
import type { Origin } from "../../network/origin.ts";
import { type OwnSource, ownSource } from "../../network/own-source.ts";
import { clientsOf, isAnswered, NOT_TESTED } from "../answered.ts";
import type { Draft } from "../draft.ts";
import { hopPath, routeTowards } from "../hop-path.ts";
import { showsClient, usableModes } from "../other-modes.ts";
import type { Service } from "../topology.ts";

interface Crossing extends OwnSource {
  readonly leg: Leg;
  readonly client?: Origin;
}

/**
 * LVS-CONFIG-036 for a director, or another host with the virtual address, on the way of replies, unless it is set up to accept
 * its own address as a source. For a client that is there for another service, where others are answered, LVS-CONFIG-088, a
 * warning.
 */
export function* repliesPastDirector(draft: Draft): Iterable<LvsctlError> {
  for (const service of draft.services) {
    const clients = clientsOf(draft, service);
    const all = clients.length === 0 ? [undefined] : clients;
    const crossings = all.map((client) => [...crossingsOf(draft, service, client)]);
    const isForSome = crossings.some((found) => found.length === 0);
    const seen = new Set<string>();
    for (const crossing of crossings.flat()) {
      const { host, device, before, client } = crossing;
      const key = JSON.stringify([host, device, before]);
      const isSpare = isForSome && client !== undefined && isAnswered(draft, client.host);
      const told = isSpare ? `${key} ${client.host}` : key;
      if (seen.has(told) || seen.has(key)) continue;
      seen.add(told);
      yield* problemOf(draft, service, crossing, isSpare);
    }
  }
}

function* crossingsOf(draft: Draft, service: Service, client?: Origin): Iterable<Crossing> {
  const { network, hosts } = draft;
  const from = client === undefined ? {} : { client };
  for (const leg of legsOf({ network, hosts, service, mode: draft.modeOf(service), ...from })) {
    const found = leg.direction === "reply" ? ownSource(network, hosts, leg) : undefined;
    if (found !== undefined) yield { ...found, leg, ...from };
  }
}

function* problemOf(draft: Draft, service: Service, crossing: Crossing, isSpare: boolean): Iterable<LvsctlError> {
  const { host, source, before, leg, client } = crossing;
  const sender = draft.hosts.get(before);
  if (sender === undefined || isTaken(draft, service, crossing)) return;
  const isDirector = service.directors.some((director) => director.host === host);
  const [replier] = leg.way.hosts;
  const whom = client === undefined ? "clients" : `"${client.host}" (${client.address.address})`;
  const message = `"${replier}" answers in the name of the virtual address ${source}. Its replies to ${whom} pass ${isDirector ? "the director " : ""}"${host}", which has this address itself and drops such packets as forged.`;
  const hint = `${adviseRouter(draft, service, crossing)}; or ${adviseAccepting(draft, crossing)}.`;
  const path = hopPath(sender, leg.to);
  if (isSpare) yield draft.problem("LVS-CONFIG-088", path, { message, hint: `${hint} ${NOT_TESTED}` });
  else yield draft.problem("LVS-CONFIG-036", path, { message, hint });
}

/** An address that somebody else has already, or that is a gateway: LVS-CONFIG-027 reports it. */
function isTaken(draft: Draft, { directors }: Service, { source, before, leg }: Crossing): boolean {
  const owner = draft.ownerOf(source)?.host;
  if (owner !== undefined) return !directors.some(({ host }) => host === owner);
  const next = draft.network.nextHop(before, leg.to);
  const sender = draft.hosts.get(before);
  const isGateway = sender !== undefined && routeTowards(sender, leg.to) === undefined;
  return isGateway && next?.kind === "via" && next.address === source;
}

function adviseRouter(draft: Draft, service: Service, { host, before, leg }: Crossing): string {
  const sender = draft.hosts.get(before);
  const isGateway = sender !== undefined && routeTowards(sender, leg.to) === undefined;
  const as = isGateway ? `the gateway of "${before}"` : `the next hop of "${before}"`;
  if (!service.directors.some((director) => director.host === host)) return `Name another router as ${as}`;
  const others = usableModes(draft, (traits) => traits.answeredBy === "director" && showsClient(traits));
  const isOther = others !== "" && draft.modeOf(service).answeredBy === "real-server";
  const mode = isOther ? `; or use the mode ${others}, in which replies go through the director` : "";
  return `Name ${isGateway ? "the router in front of the director" : "another router"} as ${as}${mode}`;
}

function adviseAccepting({ hosts, network }: Draft, { host, device, source }: Crossing): string {
  const router = hosts.get(host);
  const check = router === undefined ? undefined : interfaceSysctl(router, device, "rp_filter");
  const isElsewhere = network.addressesOf(host).find(({ address }) => address === source)?.interface !== device;
  const mayDrop = check === 1 || (check === undefined && isElsewhere);
  const nic = `net.ipv4.conf.${device.replaceAll(".", "/")}`;
  const settings = [
    `${nic}.accept_local to 1`,
    ...(mayDrop ? [`${nic}.rp_filter to 2`] : []),
    ...(router !== undefined && forwards(router, 4) === "yes" ? [] : ["net.ipv4.ip_forward to 1"]),
  ];
  return `set ${andList(settings)} under \`sysctls\` of "${host}"`;
}
