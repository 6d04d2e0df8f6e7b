/** Whether clients can reach virtual addresses, and directors can reach real servers. */
import type { Path } from "../../document/parse-document.ts";
import { setting } from "../../document/schema-problem.ts";
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
import type { HostAddress } from "../../network/host-addresses.ts";
import { asAskedBy, sourceTowards, targetAddress } from "../../network/origin.ts";
import { whyLost, whyUnreached } from "../../network/reach.ts";
import type { Draft } from "../draft.ts";
import { routeTowards } from "../hop-path.ts";
import { nearDirector } from "../near-director.ts";
import { adviseOverlap, networkOver } from "../overlapping-networks.ts";
import { publishedAddress } from "../published-address.ts";
import { besideOn, isOnNetwork } from "../router-beside.ts";
import type { Host, Service } from "../topology.ts";

/**
 * LVS-CONFIG-047 for an unreachable virtual address, LVS-CONFIG-057 for a real server that the director cannot reach, and
 * LVS-CONFIG-087, a warning, for a service that no client reaches although there are routes to it, and LVS-CONFIG-093, another
 * one, for an address on no network of the file to which a host beside the director knows no way but an unknown router.
 */
export function* reachability(draft: Draft): Iterable<LvsctlError> {
  for (const service of draft.services) {
    yield* fromFirewall(draft, service);
    // If both have to be on one segment, LVS-CONFIG-035 reports what is wrong.
    if (draft.modeOf(service).traits.reach !== "segment") yield* toRealServers(draft, service);
  }
  const lost = new Set<string>();
  for (const client of draft.someClients) {
    for (const problem of fromClient(draft, client.name)) {
      lost.add(client.name);
      yield problem;
    }
  }
  yield* toServices(
    draft,
    draft.withRole("client").filter(({ name }) => !lost.has(name)),
  );
}

/**
 * Each address of a service once. A client that has no route to it at all was hardly meant for it, unless none has one, and the
 * address is on no network of the file: then it may be mistyped.
 */
function* toServices(draft: Draft, clients: readonly Host[]): Iterable<LvsctlError> {
  const seen = new Set<string>();
  for (const service of draft.services.filter((one) => isJudged(draft, one))) {
    const name = entryOf(service.name);
    for (const [target, path] of targetsOf(draft, service)) {
      const key = `${name} ${target.address}`;
      if (seen.has(key)) continue;
      seen.add(key);
      yield* fromBeside(draft, service, target, path, clients);
      const able = clients.filter((client) => draft.network.nextHop(client.name, target) !== undefined);
      const asked = able.length === 0 && isNowhere(draft, service, target) ? clients : able;
      const [first, ...others] = asked.map((client) => whyNotFrom(draft, client.name, target, service));
      if (first === undefined || others.includes(undefined)) continue;
      const message = `No client in the file can reach "${name}" at ${target.address}: ${first}.`;
      const sent = clients.some(({ managed }) => managed)
        ? "sends no requests to it"
        : "sends its requests from the machine where it runs";
      const last = draft.network.way(asked[0]?.name ?? "", target).hosts.at(-1) ?? "";
      const device = adviseInterface(draft, service, target, last);
      const hint = `${device ?? "Correct the address, or add a route to it to the hosts on the way."} If its clients are not in the file, this is no mistake, and \`lvsctl verify\` ${sent}.`;
      yield draft.problem("LVS-CONFIG-087", ["services", service.name, ...path], { message, hint });
    }
  }
}

/** Whether a single address is on no network of the file; one of a whole network that a mark is for stands for others. */
function isNowhere(draft: Draft, { match }: Service, target: Cidr): boolean {
  const networks = match.flatMap(({ address }) => parseCidr(address) ?? []);
  return (
    !isOnNetwork(draft, target) &&
    !networks.some((one) => one.prefix < (one.family === 4 ? 32 : 128) && contains(one, target))
  );
}

/** Where clients find a service, and where in it that is written. */
function targetsOf(draft: Draft, service: Service): readonly (readonly [Cidr, Path])[] {
  const at = (target: Cidr | undefined, path: Path) => (target === undefined ? [] : [[target, path] as const]);
  if (service.publish !== undefined) return at(targetAddress(service), ["publish", "address"]);
  const vip = draft.serviceFiles.get(service.name)?.vip;
  if (vip !== undefined) return at(targetAddress(service), ["vip", ...(typeof vip === "object" ? ["address"] : [])]);
  return service.match.flatMap((one, index) =>
    at(targetAddress({ ...service, match: [one] }), ["match", index, "address"]),
  );
}

/** Whether there is a director to be reached, and an address that other rules do not object to. */
function isJudged(draft: Draft, service: Service): boolean {
  if (service.directors.length === 0) return false;
  return service.publish === undefined || publishedAddress(draft, service) !== undefined;
}

/** Why a client does not reach a service; undefined if it does, if it has the address itself, or if another rule says why. */
function whyNotFrom(draft: Draft, client: string, target: Cidr, service: Service): string | undefined {
  const trouble = whyUnreached(draft.network, client, target, service);
  return draft.network.takes(client, target.address) || isLoop(draft, client, target) ? undefined : trouble;
}

/** Once for each address, from the first host that sends its packets away although it could reach the director itself. */
function* fromBeside(
  draft: Draft,
  service: Service,
  target: Cidr,
  path: Path,
  clients: readonly Host[],
): Iterable<LvsctlError> {
  const { publish, directors } = service;
  const inside = publish === undefined ? target : parseCidr(publish.to);
  if (inside === undefined || isOnNetwork(draft, inside)) return;
  const segments = new Set(directors.flatMap(({ host }) => segmentsOf(draft, host)));
  for (const from of publish === undefined ? clients.map(({ name }) => name) : [publish.on]) {
    const { hosts, end } = draft.network.way(from, inside);
    const last = hosts.at(-1) ?? from;
    const next = end === "unknown" ? draft.network.nextHop(last, inside) : undefined;
    const passed = directors.some(({ host }) => hosts.includes(host));
    if (next?.kind !== "via" || passed || !segmentsOf(draft, last).some((segment) => segments.has(segment))) continue;
    const goals = directors.map(({ host }) => `"${host}"`).join(" or ");
    const message = `${inside.address} is on no network of the file. "${last}" sends requests for it to ${next.address}, a router that is not in the file and would have to send them to ${goals}, which is on a segment of "${last}".`;
    const hint = `${adviseRoute(draft, service, inside, hosts)} If ${next.address} sends them to ${goals}, add it as a host with \`role: firewall\` and \`managed: false\`, and with the \`routes\` that say so.`;
    yield draft.problem("LVS-CONFIG-093", ["services", service.name, ...(publish === undefined ? path : ["vip"])], {
      message,
      hint,
    });
    return;
  }
}

function segmentsOf(draft: Draft, host: string): readonly string[] {
  return draft.hosts.get(host)?.interfaces.map(({ segment }) => segment) ?? [];
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
  yield draft.problem("LVS-CONFIG-047", ["services", name, "publish", "on"], {
    message,
    hint: adviseRoute(draft, service, vip, draft.network.way(publish.on, vip).hosts),
  });
}

/** A client is there for testing, so it has to reach something, but not everything. */
function* fromClient(draft: Draft, client: string): Iterable<LvsctlError> {
  const troubles: { readonly service: Service; readonly target: Cidr; readonly trouble: string }[] = [];
  for (const service of draft.services) {
    const target = targetAddress(asAskedBy(draft.network, client, service));
    if (target === undefined || !isJudged(draft, service)) return;
    const trouble = whyNotFrom(draft, client, target, service);
    if (trouble === undefined) return;
    troubles.push({ service, target, trouble });
  }
  const [first] = troubles;
  if (first === undefined) return;
  const to = `"${entryOf(first.service.name)}" (${first.target.address})`;
  const message = `The client "${client}" can reach no service. To ${to}: ${first.trouble}.`;
  const hint = adviseClient(draft, client, first.service, first.target);
  yield draft.problem("LVS-CONFIG-047", ["hosts", client], { message, hint }, "key");
}

/** By where the way ends: at a host without a route, on a segment without a director, or at a host that is none. */
function adviseClient(draft: Draft, client: string, service: Service, target: Cidr): string {
  const { hosts, end } = draft.network.way(client, target);
  const last = hosts.at(-1) ?? client;
  if (end === "arrived") return `Let the hosts on the way have another next hop than "${last}".`;
  const isAble = draft.addresses.get(last)?.some(({ family }) => family === target.family) !== false;
  if (!isAble) return `Give "${last}" an IPv${target.family} address, and a \`gateway\` of that family.`;
  if (service.publish !== undefined && end !== "lost")
    return `Add a route to ${target.address} that leads to "${service.publish.on}" to the hosts on the way.`;
  const near = service.publish === undefined && end === "lost" ? nearDirector(draft, last, service) : undefined;
  if (end === "lost" && near === undefined)
    return `Give "${last}" a \`gateway\`, or a route to ${target.address} under \`routes\`.`;
  if (near === undefined || !isOnNetwork(draft, target)) return adviseRoute(draft, service, target, hosts);
  const first = near.route === undefined ? "the route" : `the routes \`${near.route}\` and`;
  return `Give "${last}" a \`gateway\`, or ${first} \`{ to: ${target.address}, via: ${near.address} }\`.`;
}

/** LVS-CONFIG-085 reports these. */
function isLoop(draft: Draft, from: string, to: Cidr): boolean {
  return draft.network.way(from, to).loop !== undefined;
}

/** `hosts`: the way of requests, up to where it ends or leaves the file. */
function adviseRoute(draft: Draft, service: Service, vip: Cidr, hosts: readonly string[]): string {
  const last = hosts.at(-1) ?? "";
  const device = adviseInterface(draft, service, vip, last);
  if (device !== undefined) return device;
  const near = nearDirector(draft, last, service);
  const first = near?.route === undefined ? "" : `\`${near.route}\` and `;
  const hasOne = draft.hosts.get(last)?.routes.some(({ to }) => to === formatCidr(vip));
  const route =
    near === undefined
      ? (adviseNewInterface(draft, service, last) ?? "add routes on the way that lead to the director")
      : hasOne
        ? `write \`via: ${near.address}\` in the route of "${last}" to ${vip.address}`
        : `give "${last}" the route ${first}\`{ to: ${vip.address}, via: ${near.address} }\``;
  const isThere = service.directors.some(({ host }) => draft.addresses.get(host)?.some((own) => contains(own, vip)));
  const beside = besideOn(draft, hosts, vip);
  if (!isThere) {
    const hasGateway = draft.hosts.get(last)?.gateways.some(({ family }) => family === vip.family) === true;
    const gateway = near !== undefined || hasGateway ? "" : `, and give "${last}" a \`gateway\``;
    const choose = `hoose a virtual address in a subnet on the director's segment${gateway}`;
    if (near !== undefined || beside === undefined) return `C${choose}${gateway === "" ? "" : ";"}, or ${route}.`;
    return `${beside.advice}: "${beside.router}" leads there. Or c${choose}.`;
  }
  if (beside !== undefined) return `${beside.advice}: "${beside.router}" leads there.`;
  return `${route.replace(/^./, (letter) => letter.toUpperCase())}.`;
}

/** A host without a way to a director may be the router that hosts beside that name and that is not in the file: a clause. */
function adviseNewInterface(draft: Draft, { directors, family }: Service, name: string): string | undefined {
  const { interfaces = [] } = draft.hosts.get(name) ?? {};
  const gateways = [...draft.hosts.values()].flatMap((host) =>
    host.gateways.flatMap(({ via }) => parseCidr(via) ?? []),
  );
  const unowned = gateways.filter(({ address }) => draft.network.ownersOf(address).length === 0);
  const [found] = directors
    .flatMap(({ host }) => draft.addresses.get(host) ?? [])
    .filter((own) => own.family === family)
    .flatMap((own) => unowned.filter((via) => contains(own, via)).map(({ address }) => ({ ...own, address })));
  if (found === undefined) return undefined;
  const devices = Array.from({ length: interfaces.length + 1 }, (_, index) => `eth${index}`);
  const free = devices.find((device) => interfaces.every((nic) => nic.name !== device)) ?? "";
  return `give "${name}" an interface on ${found.network}, with the address that hosts there have as their gateway: \`${setting([free], formatCidr(found))}\``;
}

/** Where a director is on the segment of a host that looks for the address, and has it on another interface. */
function adviseInterface(draft: Draft, { vip, directors }: Service, { address, family }: Cidr, last: string) {
  const { end, segment } = draft.network.way(last, wholeAddress({ address, family }));
  if (end !== "unanswered" || vip?.address !== address) return undefined;
  for (const { host, device } of directors) {
    const nic = draft.hosts.get(host)?.interfaces.find((one) => one.segment === segment);
    if (nic === undefined || nic.name === device) continue;
    const why =
      family === 6 ? "where alone it answers for it" : "and its arp_ignore keeps it from answering for it elsewhere";
    return `"${host}" has ${address} on ${device}, ${why}: write \`interface: ${nic.name}\` for this address.`;
  }
  return undefined;
}

/** What leads a director to a real server, and where that is missing: at the last host on the way that there is. */
function adviseWay(draft: Draft, director: string, target: HostAddress | undefined): readonly [Path, string] {
  if (target === undefined) return [["hosts", director, "gateway"], `Give "${director}" a \`gateway\`.`];
  const last = draft.network.way(director, target).hosts.at(-1) ?? director;
  const isOnSubnet = draft.addresses.get(director)?.some(({ network }) => network === target.network) === true;
  const sender = draft.hosts.get(director);
  const route = sender && routeTowards(sender, wholeAddress(target));
  if (isOnSubnet && route !== undefined)
    return [["hosts", director, "routes", route], `Delete this route: "${director}" is on ${target.network} itself.`];
  const beside = besideOn(draft, draft.network.way(director, target).hosts, wholeAddress(target));
  if (beside !== undefined) return [["hosts", last, "gateway"], `${beside.advice}: "${beside.router}" leads there.`];
  const over = networkOver(draft, last, target);
  const there = draft.hosts.get(last)?.interfaces.find(({ segment }) => segment === target.segment);
  if (over !== undefined && over.segment !== target.segment)
    return [["hosts", last, "gateway"], adviseOverlap(over, target, there?.name)];
  if (last === director) return [["hosts", director, "gateway"], `Give "${director}" ${adviseSubnet(draft, target)}.`];
  return [["hosts", last], `Give "${last}" a route to ${target.network}, or "${director}" one through another router.`];
}

/** An interface beside a real server, or a way to it; one with an address alone is beside others by its route to their network. */
function adviseSubnet(draft: Draft, target: HostAddress): string {
  const isAlone = target.prefix === addressLength(target.family);
  const wide = draft.hosts
    .get(target.host)
    ?.routes.flatMap(({ to, via, device }) =>
      via === undefined && device === target.interface ? (parseCidr(to) ?? []) : [],
    )
    .find((one) => contains(one, wholeAddress(target)));
  if (isAlone && wide === undefined) return `a \`gateway\`, or a route to ${target.network}`;
  const network = isAlone && wide !== undefined ? formatCidr(networkOf(wide)) : target.network;
  return `an interface on ${network}, or a \`gateway\` or a route that leads there`;
}

/** Once for all real servers of one network. */
function* toRealServers(draft: Draft, service: Service): Iterable<LvsctlError> {
  for (const { host } of service.directors) {
    const lost = service.realServers.flatMap((realServer) => {
      const target = draft.ownerOf(realServer.address);
      // A director without an address of that family is reported by LVS-CONFIG-031.
      const isAble = draft.addresses.get(host)?.some(({ family }) => family === realServer.family) === true;
      const trouble = target && isAble ? whyLost(draft.network.way(host, target), realServer.address) : undefined;
      return target === undefined || trouble === undefined ? [] : [{ target, trouble }];
    });
    for (const network of new Set(lost.map(({ target }) => target.network))) {
      const alike = lost.filter(({ target }) => target.network === network);
      const names = [...new Set(alike.map(({ target }) => `"${target.host}"`))];
      const who = `real server${names.length > 1 ? "s" : ""} ${andList(names)}`;
      const [first] = alike;
      const from =
        first &&
        draft.network.nextHop(host, first.target) &&
        sourceTowards(draft.network, host, first.target.family, first.target);
      const as = from === undefined ? "" : ` (${from.address})`;
      const message = `Requests from the director "${host}"${as} do not reach the ${who}: ${first?.trouble}.`;
      const [path, hint] = adviseWay(draft, host, first?.target);
      yield draft.problem("LVS-CONFIG-057", path, { message, hint }, "key");
    }
  }
}
