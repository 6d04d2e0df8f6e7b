/** If the director answers clients and real servers see the client's address, replies need a route through the director. */
import type { Path } from "../../document/parse-document.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import { contains, formatCidr, networkOf, parseCidr, wholeAddress } from "../../net/address.ts";
import { isHidden } from "../../network/legs.ts";
import { asMet } from "../../network/met-director.ts";
import { type Origin, sourceTowards } from "../../network/origin.ts";
import { pastDirector, pastFirewall } from "../../network/reach.ts";
import { ifItsOwn } from "../address-to-add.ts";
import { clientsOf, isAnswered, originsOf } from "../answered.ts";
import type { Draft } from "../draft.ts";
import { gatewayNow } from "../gateway-words.ts";
import { hairpinTrouble } from "../hairpin.ts";
import { gatewayPath, hopPath, routeTowards } from "../hop-path.ts";
import { interfaceAddressPath } from "../interface-address-path.ts";
import { adviseGateway, type NearAddress, nearDirector } from "../near-director.ts";
import { hideClients } from "../other-modes.ts";
import { publishedAddress } from "../published-address.ts";
import { replyWay, unknownRouter } from "../reply-way.ts";
import type { Director, Service } from "../topology.ts";
import { ifItNeverReplies } from "../unheard.ts";

/** Without a connection's entry nothing waits for replies. */
const ONE_WAY = "`onePacket: true` and `verify: none`";

/**
 * LVS-CONFIG-037 for a real server whose replies do not pass the director, LVS-CONFIG-038 for a client on its subnet; a warning,
 * LVS-CONFIG-088, if another service answers that client.
 */
export function* repliesThroughDirector(draft: Draft): Iterable<LvsctlError> {
  for (const service of draft.services) {
    const mode = draft.modeOf(service);
    if (mode.answeredBy !== "director" || mode.rewrites("source") !== false) continue;
    const hairpin = [...hairpinPast(draft, service)];
    yield* hairpin;
    if (hairpin.length > 0) continue;
    const beside = [...clientsBeside(draft, service)];
    yield* beside;
    if (beside.some(({ code }) => code === "LVS-CONFIG-038")) continue;
    const gateways = [...checkGateways(draft, service)];
    yield* gateways;
    if (beside.length + gateways.length === 0) yield* checkClients(draft, service);
  }
}

/** A route leads some clients' replies through the director: a client whose replies take another way gets no answer. */
function* checkClients(draft: Draft, service: Service): Iterable<LvsctlError> {
  if (service.directors.length === 0) return;
  for (const client of clientsOf(draft, service)) {
    for (const { host } of service.realServers) yield* checkClient(draft, service, host, client);
  }
}

function* checkClient(draft: Draft, service: Service, host: string, client: Origin): Iterable<LvsctlError> {
  const mode = draft.modeOf(service);
  const how = pastDirector(draft.network, service, host, mode, client);
  if (how === undefined || service.publish !== undefined || isAnswered(draft, client.host)) return;
  const outside = outsideRouter(draft, host, client);
  const message = `In mode ${mode.name} the director has to see the replies: ${how}.`;
  const hideThem = hideClients(draft, service).replace(/^./, (letter) => letter.toLowerCase());
  const met = asMet(draft.network, service, client.host);
  const [director, ...others] = met.directors;
  const { sender, near, circle } = nearestSender(draft, met, host, client);
  const written = ownRoute(draft, sender, client);
  const way =
    near === undefined
      ? `Let the routers between "${host}" and "${client.host}" lead through ${others.length > 0 ? "a director" : `"${director?.host}"`}`
      : adviseRoute(sender, near, written === undefined ? newRoute(draft, sender, client) : undefined);
  const own = ifItsOwn(draft, director?.host ?? "", outside?.via ?? "");
  const known = outside === undefined ? "" : `${own} ${knowRouter(outside.via, `"${director?.host}"`)}`;
  const rest = `real servers then see the director's address.${ifItNeverReplies(service, ONE_WAY)}`;
  if (circle !== undefined) {
    const why = `"${circle}" is also on the way of "${director?.host}" to "${client.host}": a route there would lead replies in a loop`;
    const words = `${hideClients(draft, service)}: ${rest} Or give "${director?.host}" an interface on a subnet of "${host}", and make its address there the gateway. ${why}.`;
    yield draft.problem("LVS-CONFIG-037", ["hosts", sender], { message, hint: words }, "key");
    return;
  }
  const hint = `${way}.${known} Or ${hideThem}: ${rest}`;
  const path = outside?.path ?? written;
  if (path === undefined) yield draft.problem("LVS-CONFIG-037", ["hosts", sender, "routes"], { message, hint }, "key");
  else yield draft.problem("LVS-CONFIG-037", path, { message, hint });
}

interface NearSender {
  readonly sender: string;
  readonly near: NearAddress | undefined;
  /** The first router that could, if all that could are on a director's own way to the client. */
  readonly circle?: string;
}

/** The first host on the way of a reply that could send it to a director itself; the real server if none could. */
function nearestSender(draft: Draft, service: Service, host: string, { address }: Origin): NearSender {
  const { hosts, end } = draft.network.way(host, address);
  const senders = end === "arrived" ? hosts.slice(0, -1) : hosts;
  const inside = { ...service, directors: service.directors.map((director) => facing(draft, director, host, service)) };
  const all = senders.map((sender) => ({ sender, near: nearDirector(draft, sender, inside) }));
  const beyond = service.directors.flatMap((director) => draft.network.way(director.host, address).hosts.slice(1));
  const able = all.filter(({ near }) => near !== undefined);
  const best = able.find(({ sender }) => !beyond.includes(sender));
  if (best !== undefined || able[0] === undefined) return best ?? { sender: host, near: undefined };
  return { sender: host, near: undefined, circle: able[0].sender };
}

/** A director with the address that it has towards a real server: where it expects replies. */
function facing({ network }: Draft, director: Director, host: string, { family, realServers }: Service): Director {
  const target = parseCidr(realServers.find((one) => one.host === host)?.address ?? "");
  return { ...director, address: sourceTowards(network, director.host, family, target)?.address ?? director.address };
}

/** Where a new route to a client has to lead: one to the host's own subnet would not count. */
function newRoute({ network }: Draft, sender: string, { address }: Origin): string {
  const isOwn = network.nextHop(sender, address)?.kind === "connected";
  return formatCidr(isOwn ? wholeAddress(address) : networkOf(address));
}

/** The place of a host's own route to a client, which would count before a wider one. */
function ownRoute({ hosts }: Draft, name: string, { address }: Origin): Path | undefined {
  const host = hosts.get(name);
  return host === undefined || routeTowards(host, address) === undefined ? undefined : hopPath(host, address);
}

/** `to`: for a new route; without it the one that is there is to lead elsewhere. */
function adviseRoute(host: string, { address, route }: NearAddress, to: string | undefined): string {
  if (to !== undefined) {
    const first = route === undefined ? "" : `\`${route}\` and `;
    return `Give "${host}" the route ${first}\`{ to: ${to}, via: ${address} }\``;
  }
  const first = route === undefined ? "" : `, and give "${host}" the route \`${route}\``;
  return `Write \`via: ${address}\` here${first}`;
}

/** The router that is not in the file and gets replies to a client, and where the file names it. */
function outsideRouter(draft: Draft, realServer: string, { address }: Origin) {
  const { hosts, end } = draft.network.way(realServer, address);
  const sender = draft.hosts.get(hosts.at(-1) ?? "");
  const next = sender && end === "unknown" ? draft.network.nextHop(sender.name, address) : undefined;
  return sender && next?.kind === "via" ? { via: next.address, path: hopPath(sender, address) } : undefined;
}

/** What to do if a router that is not in the file does send replies to the director. */
function knowRouter(router: string, director: string): string {
  return `If ${router} sends them to ${director}, add it as a host with \`role: firewall\` and \`managed: false\`, and with the \`gateway\` or the \`routes\` that say so.`;
}

/** With `hairpin` the publishing firewall is itself the client that real servers answer. */
function* hairpinPast(draft: Draft, service: Service): Iterable<LvsctlError> {
  const { name, publish } = service;
  if (publish?.hairpin !== true) return;
  const how = hairpinTrouble(draft, service);
  if (how === undefined) return;
  const message = `With \`hairpin\` "${publish.on}" puts its own address in place of those of clients behind it, and in mode ${draft.modeOf(service).name} the director has to see the replies to that address: ${how}.`;
  const hint = `${hideClients(draft, service)}: real servers then see the director's address, and answer that. Or put them on a network that is not the firewall's.`;
  yield draft.problem("LVS-CONFIG-038", ["services", name, "publish", "hairpin"], { message, hint });
}

function* clientsBeside(draft: Draft, service: Service): Iterable<LvsctlError> {
  const directors = new Set(service.directors.map(({ host }) => host));
  const realServers = service.realServers.filter(({ host }) => !directors.has(host));
  for (const { host, address } of originsOf(draft, service)) {
    const client = draft.addresses.get(host)?.find((own) => own.address === address.address);
    // A director asks from the virtual address: checkClients.
    if (client === undefined || directors.has(host)) continue;
    const neighbour = realServers.find(
      ({ host }) => draft.network.nextHop(host, client)?.kind === "connected" && host !== client.host,
    );
    if (neighbour === undefined || isPastFirewall(draft, service, { host, address })) continue;
    const isTranslated = draft.modeOf(service).rewrites("destination") === true;
    const answer = isTranslated
      ? `directly from ${neighbour.address}, an address that it never asked`
      : "directly, past the director";
    const isOnSubnet = draft.addresses.get(neighbour.host)?.some((own) => contains(own, wholeAddress(client)));
    const where = isOnSubnet ? "is on the subnet of" : "is reached without a router by";
    const message = `"${client.host}" (${client.address}) ${where} "${neighbour.host}", a real server of "${entryOf(service.name)}". It would be answered ${answer}.`;
    const isSpare = isAnswered(draft, client.host);
    const code = isSpare ? "LVS-CONFIG-088" : "LVS-CONFIG-038";
    const otherwise = isSpare
      ? "`lvsctl verify` sends no requests from this client to that service."
      : "Or put the client elsewhere.";
    const hint = `${hideClients(draft, service)}: real servers then see the director's address in place of the client's. ${otherwise}${ifItNeverReplies(service, ONE_WAY)}`;
    yield draft.problem(code, interfaceAddressPath(draft, client), { message, hint });
  }
}

/** A client whose replies from the director bypass the publishing firewall too: LVS-CONFIG-048 says what helps against both. */
function isPastFirewall(draft: Draft, service: Service, client: Origin): boolean {
  const isBeside = service.directors.some(
    ({ host }) => pastFirewall(draft.network, service, host, client) !== undefined,
  );
  if (!isBeside || publishedAddress(draft, service) === undefined) return false;
  return !isHidden(draft.hosts, service, client) && !isAnswered(draft, client.host);
}

function* checkGateways(draft: Draft, service: Service): Iterable<LvsctlError> {
  const directors = new Set(service.directors.map(({ host }) => host));
  if (directors.size === 0) return;
  const mode = draft.modeOf(service);
  for (const { host } of service.realServers) {
    if (directors.has(host)) continue;
    const answer = replyWay(draft, host, service.family, directors);
    if (answer === "yes" || (answer === "unknown" && directors.size > 1)) continue;
    const clients = clientsOf(draft, service);
    if (areSeen(draft, service, host, clients)) continue;
    const byRoute = clients.filter((client) => ownRoute(draft, host, client) !== undefined);
    const told = byRoute.flatMap((client) => [...checkClient(draft, service, host, client)]);
    yield* told;
    if (told.length > 0 && byRoute.length === clients.length) continue;
    // Of clients in the file more is known than of a router that is not in it.
    const others = clients.filter((client) => !byRoute.includes(client));
    const isFar = answer === "unknown" || nearDirector(draft, host, service) === undefined;
    const beside = isFar ? [...besideTheRouter(draft, service, host, others)] : [];
    yield* beside;
    if (beside.length > 0) continue;
    const outside = answer === "unknown" ? unknownRouter(draft, host, service.family) : undefined;
    const why =
      mode.rewrites("destination") === true ? ", to turn the real server's address back into the virtual one" : "";
    const message = `In mode ${mode.name} the director has to see the replies${why}; ${whereTo(draft, host, service, outside)}.`;
    const hint = [...advise(draft, host, service, outside)].join(" ");
    yield draft.problem("LVS-CONFIG-037", gatewayPath(draft.hosts, host, service.family), { message, hint });
  }
}

/** Whether routers on the way send the replies to every client in the file through a director, whatever they do with others. */
function areSeen(draft: Draft, service: Service, host: string, clients: readonly Origin[]): boolean {
  const mode = draft.modeOf(service);
  const isSeen = (client: Origin) => pastDirector(draft.network, service, host, mode, client) === undefined;
  return service.publish === undefined && clients.length > 0 && clients.every(isSeen);
}

/** The clients in the file whose replies take a way past the director that the file knows to its end. */
function* besideTheRouter(
  draft: Draft,
  service: Service,
  host: string,
  clients: readonly Origin[],
): Iterable<LvsctlError> {
  for (const client of clients) {
    if (outsideRouter(draft, host, client) === undefined) yield* checkClient(draft, service, host, client);
  }
}

function whereTo(draft: Draft, host: string, { family }: Service, outside: string | undefined): string {
  if (outside === undefined) return `${gatewayNow(draft, host, family)}, so replies never reach it`;
  const next = draft.network.nextHop(host, { everywhere: family });
  const gateway = next?.kind === "via" ? next.address : undefined;
  const now = gateway === undefined ? `the next hop of "${host}" is ${outside}` : gatewayNow(draft, host, family);
  const then = gateway === undefined || outside === gateway ? "" : `, from where they go on to ${outside}`;
  return `${now}${then}, a router that is not in the file and would have to send them to the director`;
}

function* advise(draft: Draft, host: string, service: Service, outside: string | undefined): Iterable<string> {
  const isNear = nearDirector(draft, host, service) !== undefined;
  const name = service.directors[0]?.host ?? "";
  const director = `"${name}"`;
  if (isNear || outside === undefined) yield `${adviseGateway(draft, host, service)}.`;
  else
    yield `"${host}" reaches no address of ${director} by itself: ${outside} has to send the replies to ${director}.`;
  // A router that sends replies to the director cannot be the one by which they leave it.
  const exit = draft.network.nextHop(name, { everywhere: service.family });
  const isExit = isNear && exit?.kind === "via" && exit.address === outside;
  if (outside !== undefined && !isExit) {
    const own = ifItsOwn(draft, name, outside);
    if (own !== "") yield own.trimStart();
    const told = knowRouter(outside, director);
    yield isNear ? told : told.replace(`${outside} sends them to ${director}`, "it does");
  }
  const hideThem = hideClients(draft, service).replace(/^./, (letter) => letter.toLowerCase());
  yield `Or ${hideThem}: real servers then see the director's address, and only need a route back to that address.${ifItNeverReplies(service, ONE_WAY)}`;
}
