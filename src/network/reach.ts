/** Whether a client's requests reach a service through a director, and if not, why. Pure. */
import { asking, type Cidr } from "../net/address.ts";
import type { Host, Service } from "../topology/topology.ts";
import { hiddenBehind, isHidden, type Leg, legsOf } from "./legs.ts";
import { asMet, metDirector } from "./met-director.ts";
import type { Network } from "./network.ts";
import { asAskedBy, type Origin, targetAddress, wayToService } from "./origin.ts";
import { ownSource } from "./own-source.ts";
import type { Way } from "./routing.ts";
import { sourceChecks, whyFiltered } from "./source-check.ts";
import type { Treatment } from "./treatment.ts";

/**
 * Why requests from a client do not reach the service through a director, or why nobody can answer them: the end of a
 * sentence, without a full stop. Undefined if they do, as far as the topology tells.
 */
export function whyNot(
  network: Network,
  hosts: ReadonlyMap<string, Host>,
  service: Service,
  mode: Treatment,
  client: Origin,
): string | undefined {
  const target = targetAddress(asAskedBy(network, client.host, service));
  if (target === undefined) return undefined;
  const role = ownRole(network, hosts, service, mode, client);
  return (
    (role && whyOwnRole(client.host, role, target.address)) ??
    whyUnreached(network, client.host, target, service) ??
    whyUnanswered(network, hosts, service, mode, client)
  );
}

/** Why packets for an address do not arrive where they should: at a director, or at the publishing firewall. */
export function whyUnreached(network: Network, from: string, target: Cidr, service: Service): string | undefined {
  const { way, goals, isReached } = wayToService(network, from, target, service);
  return isReached ? undefined : describeEnd(way, target.address, goals);
}

function describeEnd(way: Way, address: string, goals: readonly string[]): string {
  const { hosts, end, segment, loop } = way;
  const last = `"${hosts.at(-1)}"`;
  if (end === "lost") return `${last} has no route to ${address}`;
  if (loop !== undefined) return describeLoop(loop);
  if (end === "arrived") return `${last} takes them, and it is not a director of the service`;
  const missing = `${goals.map((host) => `"${host}"`).join(" and ")} ${goals.length > 1 ? "do" : "does"} not answer for it`;
  return `${last} looks for ${address} ${asking(address)} on the segment ${segment}, where ${missing}`;
}

/** Another role of a client that keeps its requests, or some of them, from being answered. */
export interface OwnRole {
  /**
   * `answers`: a real server that has the virtual address. `has`: one of another service at that address. `chosen`: one that has to be asked through the director.
   * `director`: one that hands requests on as they are. `returned`: a director behind the firewall that publishes the service.
   * `firewall`: that firewall.
   */
  readonly is: "answers" | "has" | "chosen" | "director" | "returned" | "firewall";
  /** Whether other requests of it are answered: those that go to another real server, or to itself. */
  readonly isPartly: boolean;
}

/**
 * What another role of a client means for its own requests; undefined for all others, whether they are answered or not.
 * Tried with Linux 6.1 in each of these roles: test/e2e/own-clients.test.ts.
 */
export function ownRole(
  network: Network,
  hosts: ReadonlyMap<string, Host>,
  service: Service,
  mode: Treatment,
  client: Origin,
): OwnRole | undefined {
  const target = targetAddress(asAskedBy(network, client.host, service));
  const { publish, directors, realServers } = service;
  if (target === undefined || isHidden(hosts, service, client)) return undefined;
  const isIn = (all: readonly { readonly host: string }[]) => all.some(({ host }) => host === client.host);
  const isOnly = realServers.every(({ host }) => host === client.host);
  if (publish?.on === client.host) {
    return service.synproxy?.on === publish.on ? undefined : { is: "firewall", isPartly: false };
  }
  if (isIn(directors)) {
    if (publish !== undefined) return { is: "returned", isPartly: false };
    const isHandedOn = mode.rewrites("destination") === false && network.takes(client.host, target.address);
    return isHandedOn && !isOnly ? { is: "director", isPartly: isIn(realServers) } : undefined;
  }
  const isWritten = network.addressesOf(client.host).some(({ address }) => address === target.address);
  if (network.takes(client.host, target.address) && !isWritten) {
    const isItsOwn = isIn(realServers) && mode.rewrites("destination") === false;
    return { is: isItsOwn ? "answers" : "has", isPartly: false };
  }
  if (!isIn(realServers) || directors.length === 0 || mode.rewrites("source") !== false) return undefined;
  return { is: "chosen", isPartly: !isOnly };
}

/** What happens to requests of a client with such a role to these addresses, one or a list in words: the end of a sentence. */
export function whyOwnRole(client: string, { is, isPartly }: OwnRole, addresses: string): string {
  switch (is) {
    case "answers":
      return `"${client}" is a real server and has ${addresses} itself, so it answers its own requests and the director never sees them`;
    case "has":
      return `"${client}" has ${addresses} itself, for another service, so these requests never leave it and the director does not see them`;
    case "chosen":
      return `the director ${isPartly ? "may choose" : "chooses"} "${client}" itself, and what a host answers to its own address never leaves it`;
    case "director":
      return `"${client}" is a director, so its own requests get ${addresses} as their source, and ${isPartly ? "other " : ""}real servers drop what seems to come from themselves`;
    case "returned":
      return `"${client}" is a director, to which the firewall hands its own requests, and a host drops what comes in from its own address`;
    case "firewall":
      return `"${client}" translates ${addresses} (DNAT) in what comes in, not in its own requests`;
  }
}

/** Why no reply comes back. */
function whyUnanswered(
  network: Network,
  hosts: ReadonlyMap<string, Host>,
  service: Service,
  mode: Treatment,
  client: Origin,
): string | undefined {
  const { directors } = asMet(network, service, client.host);
  const legs = [...legsOf({ network, hosts, service, mode, client })];
  const loop = legs.find(({ way }) => way.loop !== undefined)?.way.loop;
  if (loop !== undefined) return describeLoop(loop);
  if (mode.answeredBy === undefined) return undefined;
  const lost = service.publish && withoutRoute(network, service.publish.on, client);
  if (lost !== undefined) return lost;
  if (isHidden(hosts, service, client)) return pastDirectorHidden(network, hosts, service, mode, client);
  const repliers = mode.answeredBy === "director" ? directors : service.realServers;
  for (const { host } of repliers) {
    const trouble = pastFirewall(network, service, host, client) ?? withoutRoute(network, host, client);
    if (trouble !== undefined) return trouble;
  }
  const past = service.realServers
    .map(({ host }) => pastDirector(network, service, host, mode, client))
    .find((reason) => reason !== undefined);
  return past ?? legs.map((leg) => whyDropped(network, hosts, leg)).find((reason) => reason !== undefined);
}

/** The same where the publishing firewall puts its own address in place of the client's: replies are then for the firewall. */
function pastDirectorHidden(
  network: Network,
  hosts: ReadonlyMap<string, Host>,
  service: Service,
  mode: Treatment,
  client: Origin,
): string | undefined {
  const firewall = service.publish?.on;
  const address = hiddenBehind(network, hosts, service, client);
  if (firewall === undefined || address === undefined) return undefined;
  return service.realServers
    .map(({ host }) => pastDirector(network, service, host, mode, { host: firewall, address }))
    .find((reason) => reason !== undefined);
}

/** Why a host on a part of the way drops its packets for certain. */
function whyDropped(network: Network, hosts: ReadonlyMap<string, Host>, leg: Leg): string | undefined {
  const own = leg.direction === "reply" ? ownSource(network, hosts, leg) : undefined;
  if (own !== undefined)
    return `replies pass "${own.host}", which has their source ${own.source} itself and drops them as forged`;
  for (const check of sourceChecks(network, hosts, leg)) {
    if (check.value !== undefined) return whyFiltered(check, leg.direction === "request" ? "they" : "replies");
  }
  return undefined;
}

function withoutRoute(network: Network, host: string, { address }: Origin): string | undefined {
  return whyLost(network.way(host, address), address.address, "back ");
}

/** The circle in which hosts send packets, as the end of a sentence: each one, and to whom it sends them. */
export function describeLoop(loop: readonly string[]): string {
  const [first, ...others] = loop.map((host) => `"${host}"`);
  if (others.length === 0) return `${first} sends them to itself`;
  const [second, ...more] = others;
  const next = more.map((host, index) => `${others[index]} to ${host}`);
  return [`${first} sends them to ${second}`, ...next, `and ${others.at(-1)} back to ${first}`].join(", ");
}

/**
 * Why packets for another host of the topology do not reach it, or undefined if they may: the last host on their way has no
 * route, or looks for it on a segment where it is not. `back`: a word for replies. A loop is for LVS-CONFIG-085.
 */
export function whyLost({ hosts, end, segment }: Way, address: string, back: "" | "back " = ""): string | undefined {
  const last = `"${hosts.at(-1)}"`;
  if (end === "lost") return `${last} has no route ${back}to ${address}`;
  return end === "unanswered" ? `${last} looks for ${address} on the segment ${segment}, where it is not` : undefined;
}

/** How replies get to a client past the firewall that alone can give them back the address that the client connected to. */
export function pastFirewall(
  network: Network,
  { publish }: Service,
  replier: string,
  { host: client, address }: Origin,
): string | undefined {
  if (publish === undefined) return undefined;
  const { hosts, end } = network.way(replier, address);
  if (end === "unknown" || end === "lost" || end === "loop" || hosts.includes(publish.on)) return undefined;
  const [, next] = hosts;
  const how = next === undefined || next === client ? "directly" : `through "${next}"`;
  return `"${replier}" answers ${address.address} ${how}, past "${publish.on}", which alone can translate the reply back`;
}

/**
 * How the replies of a real server get to a client who is to be answered by a director, and does not see one of them. Another
 * director than the one to which the requests come knows nothing of the connection.
 */
export function pastDirector(
  network: Network,
  service: Service,
  realServer: string,
  mode: Treatment,
  { host: client, address }: Origin,
): string | undefined {
  if (mode.answeredBy !== "director" || mode.rewrites("source") !== false) return undefined;
  const { hosts, end } = network.way(realServer, address);
  const met = metDirector(network, service, client);
  const knowing = met === undefined ? service.directors : [met];
  if (end === "loop" || knowing.some(({ host }) => hosts.includes(host))) return undefined;
  const [, next] = hosts;
  if (end === "unknown") return byOutsideRouter(network, service, realServer, address);
  if (end === "lost") return `"${hosts.at(-1)}" has no route back to ${address.address}`;
  const how = next === undefined || next === client ? "directly" : `through "${next}"`;
  const unseen =
    met === undefined || service.directors.length === 1
      ? "and no director sees these replies"
      : `and "${met.host}", to which its requests come, does not see these replies`;
  return `"${realServer}" answers ${address.address} ${how}, ${unseen}`;
}

/** With several directors nobody knows to which of them a router outside of the file sends replies. */
function byOutsideRouter(
  network: Network,
  { directors: [director, ...others] }: Service,
  realServer: string,
  address: Cidr,
): string | undefined {
  const next = network.nextHop(network.way(realServer, address).hosts.at(-1) ?? realServer, address);
  if (director === undefined || others.length > 0 || next?.kind !== "via") return undefined;
  return `"${realServer}" answers ${address.address} through ${next.address}, a router that is not in the file and would have to send the replies to "${director.host}"`;
}
