/** Return paths: whatever a firewall translated must come back through it, and replies need some route. */
import { andList } from "../../errors/and-list.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import {
  addressLength,
  type Cidr,
  contains,
  formatCidr,
  networkOf,
  parseCidr,
  wholeAddress,
} from "../../net/address.ts";
import { isHidden } from "../../network/legs.ts";
import { asMet } from "../../network/met-director.ts";
import { asAskedBy, type Origin, sourceTowards, targetAddress } from "../../network/origin.ts";
import { pastDirector, pastFirewall, whyLost } from "../../network/reach.ts";
import type { Way } from "../../network/routing.ts";
import { ifItsOwn } from "../address-to-add.ts";
import { answersAny, clientsOf, isAnswered, NOT_TESTED } from "../answered.ts";
import type { Draft } from "../draft.ts";
import { gatewayNow, newGateway, setGateway } from "../gateway-words.ts";
import { hairpinTrouble } from "../hairpin.ts";
import { gatewayPath, hopPath, routeTowards } from "../hop-path.ts";
import { interfaceAddressPath } from "../interface-address-path.ts";
import { hideClients, modesWith, showsClient } from "../other-modes.ts";
import { adviseOverlap, networkOver } from "../overlapping-networks.ts";
import { publishedAddress } from "../published-address.ts";
import { replyWay, unknownRouter } from "../reply-way.ts";
import type { Service } from "../topology.ts";
import { ifItNeverReplies, isUnheard } from "../unheard.ts";

/**
 * LVS-CONFIG-048 for replies that bypass the publishing firewall, LVS-CONFIG-089, a warning, for those that nobody knows about, LVS-CONFIG-056 for replies without a route; a warning,
 * LVS-CONFIG-088, for those to a client that another service answers, while this one answers another client, and another one,
 * LVS-CONFIG-099, for those for which nobody waits.
 */
export function* returnPath(draft: Draft): Iterable<LvsctlError> {
  for (const service of draft.services) {
    const { answeredBy, traits } = draft.modeOf(service);
    if (answeredBy !== traits.answeredBy) continue; // Nobody answers.
    if (answeredBy !== undefined) {
      const repliers = (answeredBy === "director" ? service.directors : service.realServers).map(({ host }) => host);
      const entrance = publishedAddress(draft, service);
      if (entrance !== undefined) {
        const problems = [...checkFirewall(draft, service, entrance.host, repliers)];
        const isBypassed = problems.some(({ isWarning }) => !isWarning);
        yield* problems;
        if (!isBypassed) yield* besideRepliers(draft, service, entrance.host, repliers);
        yield* checkClients(draft, service, isBypassed ? [entrance.host] : [...repliers, entrance.host]);
      } else if (service.publish === undefined) yield* checkClients(draft, service, repliers);
    }
    const hasLocal = traits.settings?.localAddresses !== undefined;
    if (!hasLocal && answeredBy === "director" && draft.modeOf(service).rewrites("source") === true) {
      yield* checkMasquerading(draft, service);
    }
  }
}

function* checkFirewall(
  draft: Draft,
  service: Service,
  firewall: string,
  repliers: readonly string[],
): Iterable<LvsctlError> {
  const mode = draft.modeOf(service);
  if (mode.traits.answeredBy === "real-server" && service.directors.some(({ host }) => host === firewall)) {
    const message = `"${firewall}" is the director too. In mode ${mode.name} real servers answer past the director, which therefore cannot undo the translation (DNAT) of the public address.`;
    const modes = modesWith(draft, (traits) => traits.answeredBy === "director" && showsClient(traits)).join(" or ");
    const way = `, or use the mode ${modes} with the director as the real servers' gateway, or with \`masquerade: true\``;
    const hint = `Publish on a firewall of its own${modes === "" ? "" : way}.`;
    yield draft.problem("LVS-CONFIG-048", ["services", service.name, "publish", "on"], { message, hint });
    return;
  }
  const entrance = draft.addresses.get(firewall)?.filter(({ family }) => family === service.family) ?? [];
  const unknown: ByOutside[] = [];
  for (const host of new Set(repliers)) {
    const way = replyWay(draft, host, service.family, new Set([firewall]));
    if (way === "yes") continue;
    const subnets = new Set(draft.addresses.get(host)?.map(({ network }) => network));
    const near = entrance.find(({ network }) => subnets.has(network));
    if (way === "unknown") {
      unknown.push(byUnknownRouter(draft, service, firewall, host, near?.address));
      continue;
    }
    const now = gatewayNow(draft, host, service.family);
    const message = `"${firewall}" translates the public address of "${entryOf(service.name)}" (DNAT), and only it can translate the replies back; ${now}, so they reach clients from an address that those never asked.`;
    const other = otherFirewall(draft, service, firewall, host);
    const hint =
      other !== undefined
        ? adviseApart(draft, service, firewall, host, other)
        : near === undefined
          ? `Let the gateways lead to "${firewall}".`
          : `${setGateway(draft, host, near.address, `the address of "${firewall}" on its subnet`)}${otherClients(draft, service, firewall, host)}.`;
    yield draft.problem("LVS-CONFIG-048", gatewayPath(draft.hosts, host, service.family), { message, hint });
  }
  yield* toUnknownRouters(draft, service, firewall, unknown);
}

/** The end of a hint that makes a firewall a host's gateway: routes that it needs for the replies of services that are not published. */
function otherClients(draft: Draft, { family }: Service, firewall: string, host: string): string {
  const others = draft.services.filter((one) => {
    const repliers = draft.modeOf(one).answeredBy === "director" ? one.directors : one.realServers;
    return one.publish === undefined && one.family === family && repliers.some((replier) => replier.host === host);
  });
  const lost = others.flatMap((one) =>
    clientsOf(draft, one).flatMap(({ address }) => {
      const reaches = (from: string) => whyLost(draft.network.way(from, address), address.address) === undefined;
      return !reaches(firewall) && reaches(host) ? [formatCidr(networkOf(address))] : [];
    }),
  );
  if (lost.length === 0) return "";
  const networks = [...new Set(lost)];
  return `, and give "${firewall}" ${networks.length > 1 ? "routes" : "a route"} to ${andList(networks)}, where other clients are`;
}

/** A service published on another firewall to which the gateway of this host leads, because it sends the replies of that one too. */
function otherFirewall(draft: Draft, { family }: Service, firewall: string, host: string): Service | undefined {
  return draft.services.find((one) => {
    const { publish, directors, realServers } = one;
    if (publish === undefined || publish.on === firewall || one.family !== family) return false;
    const repliers = draft.modeOf(one).answeredBy === "director" ? directors : realServers;
    return (
      repliers.some((replier) => replier.host === host) &&
      replyWay(draft, host, family, new Set([publish.on])) === "yes"
    );
  });
}

/** A gateway can lead back to one of two firewalls. */
function adviseApart(draft: Draft, service: Service, firewall: string, host: string, other: Service): string {
  const name = `"${entryOf(service.name)}"`;
  const on = other.publish?.on;
  const isDirector = draft.modeOf(service).answeredBy === "director";
  const hasGateways = isDirector && draft.modeOf(service).rewrites("source") === false;
  const leading = `whose gateway leads to "${firewall}"`;
  const apart = isDirector
    ? `write a second file for ${name}, with the clients of "${firewall}"${hasGateways ? ", with real servers" : ""} and with a director of its own ${leading}`
    : `give ${name} other real servers ${leading}`;
  return `One gateway cannot lead back to two firewalls, and "${host}" needs this one for "${entryOf(other.name)}", published on "${on}". Publish both on one firewall, or ${apart}.`;
}

/** A host whose replies go through a router that is not in the file, and what to do about it. */
interface ByOutside {
  readonly host: string;
  readonly router: string;
  readonly hint: string;
}

/** Nobody knows where a router leads that is not in the file. */
function byUnknownRouter(
  draft: Draft,
  { family }: Service,
  firewall: string,
  host: string,
  near: string | undefined,
): ByOutside {
  const router = unknownRouter(draft, host, family) ?? "";
  const first =
    near === undefined ? "" : `${setGateway(draft, host, near, `the address of "${firewall}" on its subnet`)}. `;
  const own = ifItsOwn(draft, firewall, router).trimStart();
  const hint = `${first}${own === "" ? "" : `${own} `}If ${router} sends them to "${firewall}", add it as a host with \`role: firewall\` and \`managed: false\`, and with the \`gateway\` or the \`routes\` that say so.`;
  return { host, router, hint };
}

/** Once for all hosts of a router that can do the same. */
function* toUnknownRouters(
  draft: Draft,
  { name, family }: Service,
  firewall: string,
  all: readonly ByOutside[],
): Iterable<LvsctlError> {
  for (const hint of new Set(all.map((one) => one.hint))) {
    const alike = all.filter((one) => one.hint === hint);
    const names = andList(alike.map(({ host }) => `"${host}"`));
    const [{ host, router } = { host: "", router: "" }] = alike;
    const message = `"${firewall}" translates the public address of "${entryOf(name)}" (DNAT), and only it can translate the replies back. Those of ${names} go through ${router}, a router that is not in the file and would have to send them to "${firewall}".`;
    yield draft.problem("LVS-CONFIG-089", gatewayPath(draft.hosts, host, family), { message, hint });
  }
}

/** A client to whom replies have a shorter way than through the firewall. */
function* besideRepliers(
  draft: Draft,
  service: Service,
  firewall: string,
  repliers: readonly string[],
): Iterable<LvsctlError> {
  if (service.directors.length === 0) return;
  for (const client of clientsOf(draft, service)) {
    const { host: name } = client;
    const address = draft.addresses.get(name)?.find((own) => own.address === client.address.address);
    if (address === undefined || isHidden(draft.hosts, service, client) || isAnswered(draft, name)) continue;
    const [past] = repliers.flatMap((host) => {
      const how = pastFirewall(draft.network, service, host, client);
      return how === undefined ? [] : [{ host, how }];
    });
    if (past === undefined) continue;
    const message = `Replies of "${entryOf(service.name)}" to "${name}" bypass the firewall: ${past.how}.`;
    const isBehind = draft.addresses
      .get(firewall)
      ?.some((own) => own.network === address.network && own.interface !== publishedAddress(draft, service)?.interface);
    const at = interfaceAddressPath(draft, address);
    if (isBehind === true && service.publish?.hairpin !== true) {
      yield draft.problem("LVS-CONFIG-048", at, { message, hint: adviseHairpin(draft, service) });
      continue;
    }
    const mode = draft.modeOf(service);
    const isPast = service.realServers.some(({ host }) => pastDirector(draft.network, service, host, mode, client));
    const asking = isPast ? "" : ", or ask the virtual address itself";
    const hint = `Let "${name}" be on a network that is not that of "${past.host}"${asking}.`;
    const aside = wayAside(draft, past.host, client.address, firewall);
    yield draft.problem("LVS-CONFIG-048", aside?.path ?? at, { message, hint: aside?.hint ?? hint });
  }
}

/** The route or gateway by which a host sends packets past the firewall; undefined if it needs no router for them. */
function wayAside(draft: Draft, host: string, to: Cidr, firewall: string) {
  const sender = draft.hosts.get(host);
  if (sender === undefined || draft.network.nextHop(host, to)?.kind !== "via") return undefined;
  const subnets = new Set(draft.addresses.get(host)?.map(({ network }) => network));
  const near = draft.addresses
    .get(firewall)
    ?.find(({ network, family }) => family === to.family && subnets.has(network));
  const where = near === undefined ? "" : `: ${near.address} is its address on a subnet of "${host}"`;
  return { path: hopPath(sender, to), hint: `Let this lead to "${firewall}"${where}.` };
}

/** Real servers beside the firewall would answer its address past the director, unless that hides it in turn. */
function adviseHairpin(draft: Draft, service: Service): string {
  const isPast = hairpinTrouble(draft, service) !== undefined;
  const way = isPast ? hideClients(draft, service).replace(/^./, (letter) => letter.toLowerCase()) : "";
  const more = isPast ? `, and ${way}, so that real servers answer the director and not the firewall` : "";
  return `Set \`hairpin: true\` under \`publish\`: the firewall then puts its own address in place of those of clients behind it${more}.`;
}

function* checkClients(draft: Draft, service: Service, repliers: readonly string[]): Iterable<LvsctlError> {
  const isDirected = draft.modeOf(service).answeredBy === "director";
  for (const client of clientsOf(draft, service)) {
    const { address } = client;
    const target = targetAddress(asAskedBy(draft.network, client.host, service));
    if (target === undefined || draft.network.way(client.host, target).end === "lost") continue;
    const isTranslated = isHidden(draft.hosts, service, client);
    const met = asMet(draft.network, service, client.host).directors;
    const unmet = service.directors.filter((director) => !met.includes(director)).map(({ host }) => host);
    const told = new Set<string>();
    for (const host of new Set(repliers)) {
      if ((isTranslated && host !== service.publish?.on) || (isDirected && unmet.includes(host))) continue;
      const way = draft.network.way(host, address);
      const trouble = whyLost(way, address.address);
      if (trouble === undefined || told.has(trouble) || isByWrongDevice(draft, way, address)) continue;
      told.add(trouble);
      const last = way.hosts.at(-1) ?? host;
      yield unansweredProblem(draft, service, client, last, trouble);
    }
  }
}

/** `last`: the host at which the way of replies ends. */
function unansweredProblem(draft: Draft, service: Service, client: Origin, last: string, trouble: string): LvsctlError {
  const replies = `Replies of "${entryOf(service.name)}" to "${client.host}"`;
  const advice = adviseWayBack(draft, last, service, client);
  const path = ["hosts", last];
  if (isUnheard(service)) {
    const message = `${replies} would be lost: ${trouble}.`;
    const hint = `${advice} If the service never replies, as with syslog, all is well.`;
    return draft.problem("LVS-CONFIG-099", path, { message, hint }, "key");
  }
  const message = `${replies} are lost: ${trouble}.`;
  if (isAnswered(draft, client.host) && answersAny(draft, service)) {
    const hint = `${advice} ${NOT_TESTED}`;
    return draft.problem("LVS-CONFIG-088", path, { message, hint }, "key");
  }
  const hint = `${advice}${ifItNeverReplies(service, "`verify: none`")}`;
  return draft.problem("LVS-CONFIG-056", path, { message, hint }, "key");
}

/** Whether a route by an interface that does not lead there ends the way: LVS-CONFIG-081 reports it. */
function isByWrongDevice(draft: Draft, { hosts, end, segment }: Way, to: Cidr): boolean {
  const host = draft.hosts.get(hosts.at(-1) ?? "");
  const route = host?.routes[routeTowards(host, to) ?? -1];
  const network = parseCidr(route?.to ?? "");
  if (end !== "unanswered" || route?.via !== undefined || network === undefined || segment === undefined) return false;
  return draft.segmentHoldingBut(segment, network) !== undefined;
}

/** A virtual address whose prefix makes a host look for others on its segment. */
function wideAddress(draft: Draft, host: string, to: Cidr) {
  const own = draft.network.addressesOf(host).filter((one) => contains(one, wholeAddress(to)));
  return own.every(({ isAdded }) => isAdded === true)
    ? own.find(({ prefix, family }) => prefix < addressLength(family))
    : undefined;
}

/** A host without an address of the service's family needs one first; requests may go on coming to it in the other family. */
function adviseWayBack(
  draft: Draft,
  host: string,
  { name, family, realServers }: Service,
  { host: client, address }: Origin,
): string {
  const to = formatCidr(networkOf(address));
  const shared = sharedInterface(draft, host, client, address);
  const route = shared && `\`{ to: ${to}, device: ${shared} }\` under \`routes\``;
  if (draft.addresses.get(host)?.some((own) => own.family === family) !== false) {
    const wide = wideAddress(draft, host, address);
    if (wide !== undefined)
      return `Write the virtual address ${wide.address} without \`prefix\`, or with \`prefix: ${addressLength(wide.family)}\`: with ${wide.prefix}, "${host}" looks for all of ${wide.network} on the segment of ${wide.interface}.`;
    const over = networkOver(draft, host, address);
    if (over !== undefined) return adviseOverlap(over, address, shared);
    const near = route === undefined ? "" : ` "${client}" is on a segment of "${host}" itself: ${route} will do.`;
    return `Give "${host}" ${newGateway(draft, host, address.family)}, or a route to ${to}.${near}`;
  }
  const server = realServers.find((one) => one.host === host);
  const still =
    server === undefined
      ? ""
      : ` Requests still come over IPv${server.family} if the \`realServers\` of "${entryOf(name)}" say \`${host}: { address: ${server.address} }\`.`;
  const byDevice =
    route === undefined ? "" : `the route ${route}, for which it needs no IPv${family} address. Or give it `;
  return `Replies are IPv${family}: give "${host}" ${byDevice}an IPv${family} address in ${to}, or in another network with a \`gateway\`.${still}`;
}

/** The interface by which a host can ask for a client itself; over IPv4 only one with an address from which to ask. */
function sharedInterface(draft: Draft, host: string, client: string, { address, family }: Cidr): string | undefined {
  const segment = draft.addresses.get(client)?.find((own) => own.address === address)?.segment;
  return draft.hosts
    .get(host)
    ?.interfaces.find(
      (nic) => nic.segment === segment && (family === 6 || nic.addresses.some((own) => own.family === family)),
    )?.name;
}

/** Without local addresses a director that hides clients does so behind the address that it has towards the real server. */
function* checkMasquerading(draft: Draft, { name, directors, realServers }: Service): Iterable<LvsctlError> {
  const { network } = draft;
  const told = new Set<string>();
  for (const { host: director } of directors) {
    for (const { host, address, family } of realServers) {
      const source = sourceTowards(network, director, family, parseCidr(address));
      if (source === undefined || host === director) continue;
      const way = network.way(host, source);
      const trouble = whyLost(way, source.address);
      if (trouble === undefined || told.has(trouble)) continue;
      told.add(trouble);
      const last = way.hosts.at(-1) ?? host;
      const message = `"${host}" answers requests of "${entryOf(name)}" to ${source.address}, the address of "${director}" that they come from, and ${trouble}.`;
      const hint = `Give "${last}" ${newGateway(draft, last, family)}, or a route to ${formatCidr(networkOf(source))}.`;
      yield draft.problem("LVS-CONFIG-056", ["hosts", last], { message, hint }, "key");
    }
  }
}
