/** Whether a client's requests reach a service through a director, and if not, why. Pure. */
import { type Cidr, parseCidr } from "../net/address.ts";
import type { Host, RealServer, Service } from "../topology/topology.ts";
import { interfaceSysctl } from "./interface-sysctl.ts";
import type { Network } from "./network.ts";
import { leavingInterface, type Way } from "./routing.ts";
import type { Treatment } from "./treatment.ts";

/** A host whose requests are judged, with the address that they come from. */
export interface Origin {
  readonly host: string;
  readonly address: Cidr;
}

/**
 * Why requests from a client do not reach the service by way of a director, or why nobody can answer them: the end of a
 * sentence, without a full stop. Undefined if they do, as far as the topology tells.
 */
export function whyNot(
  network: Network,
  hosts: ReadonlyMap<string, Host>,
  service: Service,
  mode: Treatment,
  client: Origin,
): string | undefined {
  const target = targetAddress(service);
  if (target === undefined) return undefined;
  return (
    ownAnswer(network, service, mode, client.host) ??
    whyUnreached(network, client.host, target, service) ??
    whyUnanswered(network, hosts, service, mode, client)
  );
}

/** Where clients send requests: the published address, the VIP, or an address that the service's mark matches. */
export function targetAddress({ publish, vip, match }: Service): Cidr | undefined {
  return parseCidr(publish?.address ?? vip?.address ?? match[0]?.address ?? "");
}

/** Why packets for an address do not arrive where they should: at a director, or at the publishing firewall. */
export function whyUnreached(network: Network, from: string, target: Cidr, service: Service): string | undefined {
  const owners = network.ownersOf(target.address);
  const goals = owners.length === 0 ? service.directors.map(({ host }) => host) : owners.map(({ host }) => host);
  const way = network.way(from, target);
  if (goals.some((host) => way.hosts.includes(host)) || way.end === "unknown") return undefined;
  return describeEnd(way, target.address, goals);
}

function describeEnd({ hosts, end, segment }: Way, address: string, goals: readonly string[]): string {
  const last = `"${hosts.at(-1)}"`;
  if (end === "lost") return `${last} has no route to ${address}`;
  if (end === "loop") return `the routes of ${hosts.map((host) => `"${host}"`).join(", ")} go round in circles`;
  if (end === "arrived") return `${last} takes them, and it is not a director of the service`;
  const missing = `${goals.map((host) => `"${host}"`).join(" and ")} ${goals.length > 1 ? "are" : "is"} not`;
  return `${last} looks for ${address} by ARP on the segment ${segment}, where ${missing}`;
}

/**
 * What happens to the requests of a host that has the VIP itself and to which packets come unchanged: a real server answers
 * itself, and a director gives its own requests the VIP as their source. Undefined for all other hosts.
 */
export function ownAnswer(network: Network, service: Service, mode: Treatment, client: string): string | undefined {
  const target = targetAddress(service);
  if (target === undefined || service.publish !== undefined || mode.rewrites("destination") !== false) return undefined;
  if (!network.takes(client, target.address)) return undefined;
  if (service.directors.some(({ host }) => host === client)) {
    return `"${client}" is a director, so its own requests get ${target.address} as their source, and real servers drop them because they have that address themselves`;
  }
  if (!service.realServers.some(({ host }) => host === client)) return undefined;
  return `"${client}" is a real server and has ${target.address} itself, so it answers its own requests and the director never sees them`;
}

/** Why no reply comes back. A published address is translated back by the firewall, which rules check. */
function whyUnanswered(
  network: Network,
  hosts: ReadonlyMap<string, Host>,
  service: Service,
  mode: Treatment,
  client: Origin,
): string | undefined {
  if (service.publish !== undefined || mode.answeredBy === undefined) return undefined;
  const repliers = mode.answeredBy === "director" ? service.directors : service.realServers;
  for (const { host } of repliers) {
    const way = network.way(host, client.address);
    if (way.end === "lost") return `"${way.hosts.at(-1)}" has no route back to ${client.address.address}`;
  }
  return service.realServers
    .map(
      (realServer) =>
        pastDirector(network, service, realServer.host, mode, client) ??
        strictlyDropped(network, hosts.get(realServer.host), realServer, mode, client),
    )
    .find((reason) => reason !== undefined);
}

/** How the replies of a real server get to a client who is to be answered by a director, and does not see one of them. */
export function pastDirector(
  network: Network,
  { directors }: Service,
  realServer: string,
  mode: Treatment,
  { host: client, address }: Origin,
): string | undefined {
  if (mode.answeredBy !== "director" || mode.rewrites("source") !== false) return undefined;
  const { hosts, end } = network.way(realServer, address);
  if (end === "unknown" || directors.some(({ host }) => hosts.includes(host))) return undefined;
  const [, next] = hosts;
  if (end === "lost") return `"${hosts.at(-1)}" has no route back to ${address.address}`;
  const how = next === undefined || next === client ? "directly" : `by way of "${next}"`;
  return `"${realServer}" answers ${address.address} ${how}, and no director sees these replies`;
}

/**
 * Why a real server drops the requests of a client although they arrive: with strict rp_filter, a packet has to come in by
 * the interface that leads back to its source. Only if the file sets the parameter. Source: RFC 3704 and the kernel's
 * ip-sysctl.rst.
 */
export function strictlyDropped(
  network: Network,
  host: Host | undefined,
  { device }: RealServer,
  mode: Treatment,
  { address }: Origin,
): string | undefined {
  if (host === undefined || address.family !== 4 || mode.answeredBy !== "real-server") return undefined;
  if (mode.rewrites("outer") !== false || interfaceSysctl(host, device, "rp_filter") !== 1) return undefined;
  const back = leavingInterface(network, host.name, address);
  if (back === undefined || back === device) return undefined;
  return `they come in at ${device} of "${host.name}", which would answer ${address.address} by ${back}, and strict rp_filter (1) lets packets in only by the interface that leads back to their source`;
}
