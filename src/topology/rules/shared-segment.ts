/** If a mode hands packets over within a segment, real servers have to be on one of the director's, and its routes stay on it. */
import { andList } from "../../errors/and-list.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { addressLength, isLinkLocalText, parseCidr, wholeAddress } from "../../net/address.ts";
import { NetworkTable } from "../../net/network-table.ts";
import type { HostAddress } from "../../network/host-addresses.ts";
import type { Draft } from "../draft.ts";
import { newGateway } from "../gateway-words.ts";
import { routeTowards } from "../hop-path.ts";
import { interfaceAddressPath } from "../interface-address-path.ts";
import type { ModeTraits } from "../mode-traits.ts";
import { modesWith, orForOne, orUse } from "../other-modes.ts";
import { adviseOverlap, networkOver } from "../overlapping-networks.ts";
import type { Director, Host, Interface, Service } from "../topology.ts";

/** LVS-CONFIG-035 for a real server on another segment, LVS-CONFIG-057 for one on the same that routes lead past. */
export function* sharedSegment(draft: Draft): Iterable<LvsctlError> {
  for (const service of draft.services) {
    if (draft.modeOf(service).traits.reach !== "segment") continue;
    const far = new Map<HostAddress, Director[]>();
    for (const director of service.directors) yield* checkDirector(draft, service, director, far);
    for (const [address, directors] of far) yield onOtherSegment(draft, service, directors, address, far.size);
  }
}

/** Adds the real servers on other segments than the director's to `all`, so that each is told once. */
function* checkDirector(
  draft: Draft,
  service: Service,
  director: Director,
  all: Map<HostAddress, Director[]>,
): Iterable<LvsctlError> {
  const own = draft.addresses.get(director.host) ?? [];
  const segments = new Set(own.map(({ segment }) => segment));
  const subnets = new NetworkTable(own.map((address) => [address, address.network]));
  const realServers = service.realServers.flatMap(({ host, address }) => {
    const found = draft.ownerOf(address);
    return found?.host === host ? [found] : [];
  });
  const far = realServers.filter(
    (address) => !segments.has(address.segment) && subnets.smallest(wholeAddress(address)) === undefined,
  );
  for (const address of realServers) {
    if (far.includes(address)) all.set(address, [...(all.get(address) ?? []), director]);
    else yield* checkRoute(draft, service, director.host, address);
  }
}

/** Why a router between a director and its real servers cannot be. */
function whyNear(draft: Draft, service: Service): string {
  const mode = draft.modeOf(service);
  const isUnchanged = mode.rewrites("destination") === false && mode.rewrites("outer") === false;
  return isUnchanged
    ? `In mode ${mode.name} requests leave the director with the virtual address as their destination, and a router between them would send them back to it`
    : `The mode ${mode.name} is only for real servers on a segment of the director's`;
}

function onOtherSegment(
  draft: Draft,
  service: Service,
  directors: readonly Director[],
  own: HostAddress,
  farOnes: number,
): LvsctlError {
  const { traits } = draft.modeOf(service);
  const who = andList(directors.map(({ host, address }) => `"${host}" (${address})`));
  const message = `"${own.host}" (${own.address}) and the director${directors.length > 1 ? "s" : ""} ${who} are on different segments. ${whyNear(draft, service)}.`;
  const isRouted = ({ reach, answeredBy }: ModeTraits) => reach === "routed" && answeredBy === traits.answeredBy;
  const all = orUse(draft, isRouted);
  const way =
    farOnes < service.realServers.length
      ? orForOne(draft, service.name, own.host, isRouted)
      : all && `${all} for real servers behind routers`;
  const hint = `Put ${directors.length > 1 ? "all" : "both"} in one subnet${joinSegments(draft, directors, own)}${way}.`;
  return draft.problem("LVS-CONFIG-035", interfaceAddressPath(draft, own), { message, hint });
}

/** The middle of a hint: what the file has to say if subnets share a segment; a router would not lead from one to the other. */
function joinSegments(draft: Draft, directors: readonly Director[], { network }: HostAddress): string {
  const beside = directors.flatMap(({ host, address }) => {
    const found = draft.ownerOf(address);
    return found?.host === host ? [found] : [];
  });
  const subnets = andList([...new Set([...beside.map((one) => one.network), network])]);
  const routes = andList(
    beside.map(({ host, interface: device }) => `"${host}" the route \`{ to: ${network}, device: ${device} }\``),
  );
  return `; or, if they share a segment, list ${subnets} under one name in \`networks\` and give ${routes}`;
}

/**
 * IPVS hands a request to the next hop of the director's route to the real server, whatever shares a segment. Source:
 * __ip_vs_get_out_rt and ip_vs_dr_xmit in the kernel's ip_vs_xmit.c.
 */
function* checkRoute(draft: Draft, service: Service, director: string, own: HostAddress): Iterable<LvsctlError> {
  const host = draft.hosts.get(director);
  const target = wholeAddress(own);
  // A director without an address of that family is reported by LVS-CONFIG-031.
  if (host === undefined || !draft.addresses.get(director)?.some(({ family }) => family === own.family)) return;
  const trouble = whyPast(draft, service, host, own);
  if (trouble === undefined) return;
  const route = routeTowards(host, target);
  const message = `Requests from the director "${director}" do not reach the real server "${own.host}": ${trouble}.`;
  const over = route === undefined ? networkOver(draft, director, own) : undefined;
  const way =
    over === undefined
      ? adviseRoute(host, own, route)
      : adviseOverlap(over, own, host.interfaces.find(({ segment }) => segment === own.segment)?.name);
  const hint = `${way}${adviseTunnel(draft, service, host, own)}`;
  const path = route === undefined ? interfaceAddressPath(draft, own) : ["hosts", director, "routes", route];
  yield draft.problem("LVS-CONFIG-057", path, { message, hint });
}

/** How a director's route leads past a real server on its segment, without the last full stop; undefined if it does not, as far as the file tells. */
function whyPast(draft: Draft, service: Service, host: Host, own: HostAddress): string | undefined {
  const { network, ownerOf } = draft;
  const { name, gateways } = host;
  const next = network.nextHop(name, wholeAddress(own));
  const both = `, although both are on the segment ${own.segment}`;
  if (next === undefined) return `"${name}" has no route to ${own.address}${both}`;
  if (next.kind === "local") return undefined;
  if (next.kind === "connected") {
    // A virtual address whose network contains it is for reachability.
    const isRouted = routeTowards(host, wholeAddress(own)) !== undefined;
    if (next.segment === own.segment || !(isRouted || networkOver(draft, name, own))) return undefined;
    return `"${name}" looks for ${own.address} on the segment ${next.segment}, where it is not`;
  }
  const router = ownerOf(next.address)?.host;
  if (router === own.host) return undefined;
  const isGateway = gateways.some(({ via }) => via === next.address);
  // A link-local address in a route may be the real server's.
  if (router === undefined && !isGateway && isLinkLocalText(next.address)) return undefined;
  const named = router === undefined ? "" : ` ("${router}")`;
  return `the route of "${name}" to ${own.address} leads by the router ${next.address}${named}${both}. ${whyNear(draft, service)}`;
}

/** Hosts with an address alone on their subnet are mostly machines in a cloud, whose network may hand over no frames between them. */
function adviseTunnel(draft: Draft, service: Service, director: Host, own: HostAddress): string {
  const { traits } = draft.modeOf(service);
  if (own.prefix !== addressLength(own.family)) return "";
  const modes = modesWith(draft, ({ reach, answeredBy }) => reach === "routed" && answeredBy === traits.answeredBy);
  const hasGateway = director.gateways.some(({ family }) => family === own.family);
  const gateway = hasGateway ? "" : `, and give "${director.name}" ${newGateway(draft, director.name, own.family)}`;
  return modes.length === 0
    ? ""
    : ` If the network carries packets by their addresses alone, as those of most clouds do, use the mode ${modes.join(" or ")} instead${gateway}.`;
}

/** The route that leads there by the interface on the segment, and comes before the one that leads past. */
function adviseRoute({ name, interfaces, routes }: Host, own: HostAddress, index: number | undefined): string {
  const there = interfaces.filter(({ segment }) => segment === own.segment);
  const hasAddress = ({ addresses }: Interface) => own.family === 6 || addresses.some(({ family }) => family === 4);
  const nic = there.find(hasAddress);
  const old = index === undefined ? undefined : parseCidr(routes[index]?.to ?? "");
  if (nic === undefined) {
    const [bare] = there;
    return bare === undefined
      ? `Delete this route: "${name}" is on the network of ${own.address} itself.`
      : `Give ${bare.name} of "${name}" an IPv4 address in the network of ${own.address}.`;
  }
  const isNarrow = old !== undefined && old.prefix >= own.prefix;
  const route = `\`{ to: ${isNarrow ? routes[index ?? 0]?.to : own.network}, device: ${nic.name} }\``;
  return isNarrow ? `Write ${route} in place of this route.` : `Give "${name}" the route ${route} under \`routes\`.`;
}
