import { type Cidr, contains, formatCidr, isLinkLocal, parseCidr, wholeAddress } from "../net/address.ts";
import { forwards } from "../network/forwarding.ts";
import type { HostAddress } from "../network/host-addresses.ts";
import type { Draft } from "./draft.ts";
import { hopFlaw } from "./hop-flaw.ts";
import { routeTowards } from "./hop-path.ts";
import { type NearAddress, nearAddress } from "./near-director.ts";

/** A firewall of the file that is on a segment of a host, and from which packets for a destination arrive. */
interface Beside {
  readonly router: string;
  /** The segment that the two share. */
  readonly segment: string;
  /** Where the packets go: the network of their destination. */
  readonly network: string;
  /** The route that the host lacks, for a hint; or two of them, where the router is out of its subnets. */
  readonly routes: string;
}

/** The same for a host that now sends the packets to its default gateway, a router that is not in the file. */
export interface RouterBeside extends Beside {
  readonly sender: string;
  readonly outside: string;
}

/**
 * The router of the file that the last host on a way could use in place of a default gateway that is not in the file. A route
 * that the file has for these packets is taken to be meant, and of a gateway that cannot be LVS-CONFIG-028 tells.
 */
export function routerBeside(draft: Draft, from: string, to: Cidr): RouterBeside | undefined {
  const { hosts, end } = draft.network.way(from, to);
  const sender = hosts.at(-1) ?? from;
  const next = end === "unknown" ? draft.network.nextHop(sender, to) : undefined;
  if (next?.kind !== "via" || hasRoute(draft, sender, to)) return undefined;
  const hop = parseCidr(next.address);
  if (hop !== undefined && !isLinkLocal(hop) && hopFlaw(draft.network, sender, hop) !== undefined) return undefined;
  const beside = besideOn(draft, hosts, to);
  return beside && { ...beside, sender, outside: next.address };
}

/** What the last of these hosts, which are the way of a packet so far, could send it to. */
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
  const network = networkIn(draft, to);
  const own = near.route === undefined ? "the route" : `the routes \`${near.route}\` and`;
  return { router, segment: near.segment, network, routes: `${own} \`{ to: ${network}, via: ${near.address} }\`` };
}

function nearOne(draft: Draft, sender: string, router: string, { family }: Cidr): NearAddress | undefined {
  const own = draft.addresses.get(router) ?? [];
  return nearAddress(
    draft,
    sender,
    own.filter((address) => address.family === family),
  );
}

/** Whether one of the host's own routes leads there, other than one that stands for a gateway. */
function hasRoute({ hosts }: Draft, name: string, to: Cidr): boolean {
  const host = hosts.get(name);
  const route = host?.routes[routeTowards(host, to) ?? -1];
  return route !== undefined && parseCidr(route.to)?.prefix !== 0;
}

/** The smallest network of the file with an address, or the address itself if there is none. */
function networkIn(draft: Draft, to: Cidr): string {
  const [smallest] = networksWith(draft, to).toSorted((one, other) => other.prefix - one.prefix);
  return smallest?.network ?? formatCidr(wholeAddress(to));
}

function networksWith({ addresses }: Draft, address: Cidr): readonly HostAddress[] {
  return [...addresses.values()].flat().filter((own) => contains(own, address));
}

/** Whether an address is in a subnet of a host of the file, other than as an address that lvsctl adds. */
export function isOnNetwork(draft: Draft, address: Cidr): boolean {
  return networksWith(draft, address).length > 0;
}
