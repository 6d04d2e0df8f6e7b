import { type Cidr, contains, formatCidr, isLinkLocal, parseCidr, wholeAddress } from "../net/address.ts";
import { forwards } from "../network/forwarding.ts";
import type { HostAddress } from "../network/host-addresses.ts";
import type { Draft } from "./draft.ts";
import { hopFlaw } from "./hop-flaw.ts";
import { routeTowards } from "./hop-path.ts";
import { type NearAddress, nearAddress } from "./near-director.ts";
import type { Route } from "./topology.ts";

/** A firewall of the file that is on a segment of a host, and from which packets for a destination arrive. */
interface Beside {
  readonly router: string;
  /** The segment that the two share. */
  readonly segment: string;
  /** Where the packets go: the network of their destination. */
  readonly network: string;
  /** What makes the host send them there, without a full stop. */
  readonly advice: string;
}

/** The same for a host that now sends the packets to a router that is not in the file; `router` may be that host itself. */
export interface RouterBeside extends Beside {
  readonly sender: string;
  readonly outside: string;
}

/**
 * What the last host on a way could do in place of sending packets to a router that is not in the file: send them to one that
 * is, or onto a segment of its own. Of a next hop that cannot be LVS-CONFIG-028 tells.
 */
export function routerBeside(draft: Draft, from: string, to: Cidr): RouterBeside | undefined {
  const { hosts, end } = draft.network.way(from, to);
  const sender = hosts.at(-1) ?? from;
  const next = end === "unknown" ? draft.network.nextHop(sender, to) : undefined;
  if (next?.kind !== "via") return undefined;
  const hop = parseCidr(next.address);
  if (hop !== undefined && !isLinkLocal(hop) && hopFlaw(draft.network, sender, hop) !== undefined) return undefined;
  const beside = besideItself(draft, sender, to) ?? besideOn(draft, hosts, to);
  return beside && { ...beside, sender, outside: next.address };
}

/** A host that has the destination on a segment of its own, from which a route leads away. */
function besideItself(draft: Draft, sender: string, to: Cidr): Beside | undefined {
  const route = writtenRoute(draft, sender, to);
  const own = draft.addresses
    .get(sender)
    ?.find((one) => contains(one, to) && draft.network.answererOn(one.segment, to.address) !== undefined);
  if (own === undefined || route === undefined) return undefined;
  const advice = `Delete the route of "${sender}" to ${route.to}`;
  return { router: sender, segment: own.segment, network: own.network, advice };
}

/** What the last of these hosts, which are the path of a packet so far, could send it to. */
export function besideOn(draft: Draft, hosts: readonly string[], to: Cidr): Beside | undefined {
  const sender = hosts.at(-1) ?? "";
  const able = [...draft.hosts.values()].flatMap((host) => {
    if (hosts.includes(host.name) || forwards(host, to.family) !== "yes") return [];
    const way = draft.network.way(host.name, to);
    const isLeading = way.end === "arrived" && way.hosts.length > 1 && !way.hosts.includes(sender);
    const near = isLeading ? nearOne(draft, sender, host.name, to) : undefined;
    return near === undefined ? [] : [{ router: host.name, near, steps: way.hosts.length }];
  });
  const [first] = able.toSorted((one, other) => one.steps - other.steps);
  if (first === undefined) return undefined;
  const { router, near } = first;
  const network = networkIn(draft, sender, to);
  return { router, segment: near.segment, network, advice: adviseRoute(draft, sender, to, network, near) };
}

/** A new route would not count beside one to the same network, or to a part of it. */
function adviseRoute(draft: Draft, sender: string, to: Cidr, network: string, near: NearAddress): string {
  const written = writtenRoute(draft, sender, to);
  if (written === undefined || prefixOf(written.to) < prefixOf(network)) {
    const own = near.route === undefined ? "the route" : `the routes \`${near.route}\` and`;
    return `Give "${sender}" ${own} \`{ to: ${network}, via: ${near.address} }\``;
  }
  const place = written.via === undefined ? ` in place of \`device: ${written.device}\`` : "";
  const own = near.route === undefined ? "" : `, and give it the route \`${near.route}\``;
  return `Write \`via: ${near.address}\`${place} in the route of "${sender}" to ${written.to}${own}`;
}

/** The route by which a host sends packets there; undefined for its gateway. */
function writtenRoute({ hosts }: Draft, name: string, to: Cidr): Route | undefined {
  const host = hosts.get(name);
  return host?.routes[routeTowards(host, to) ?? -1];
}

function prefixOf(network: string): number {
  return parseCidr(network)?.prefix ?? 0;
}

function nearOne(draft: Draft, sender: string, router: string, { family }: Cidr): NearAddress | undefined {
  const own = draft.addresses.get(router) ?? [];
  return nearAddress(
    draft,
    sender,
    own.filter((address) => address.family === family),
  );
}

/** The smallest network of the file with an address; the address itself if there is none, or if the sender is on that network. */
function networkIn(draft: Draft, sender: string, to: Cidr): string {
  const [smallest] = networksWith(draft, to).toSorted((one, other) => other.prefix - one.prefix);
  const isOwn = draft.addresses.get(sender)?.some(({ network }) => network === smallest?.network) === true;
  return smallest === undefined || isOwn ? formatCidr(wholeAddress(to)) : smallest.network;
}

function networksWith({ addresses }: Draft, address: Cidr): readonly HostAddress[] {
  return [...addresses.values()].flat().filter((own) => contains(own, address));
}

/** Whether an address is in a subnet of a host of the file, other than as an address that lvsctl adds. */
export function isOnNetwork(draft: Draft, address: Cidr): boolean {
  return networksWith(draft, address).length > 0;
}
