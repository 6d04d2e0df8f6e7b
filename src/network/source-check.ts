/** The reverse-path filter: a kernel that checks whether it could answer drops packets that came in elsewhere. Pure. */
import { type Cidr, parseCidr, wholeAddress } from "../net/address.ts";
import type { Host } from "../topology/topology.ts";
import { interfaceSysctl, writtenSysctls } from "./interface-sysctl.ts";
import type { Leg } from "./legs.ts";
import type { Network } from "./network.ts";
import { sourceTowards } from "./origin.ts";
import { type Destination, leavingInterface } from "./routing.ts";

/** What the filter of one host does with packets of one source. */
export interface SourceCheck {
  readonly host: Host;
  /** The interface at which they come in. */
  readonly device: string;
  readonly source: Destination;
  /** Whether the host has the source itself, and takes such packets (accept_local). */
  readonly isOwn: boolean;
  /** The interface that leads back to their source, or has it; absent if the host has no route to it. */
  readonly back?: string;
  /** The effective rp_filter, which drops them; absent if the file leaves it open. */
  readonly value?: number;
  /** What the file says about it, for `all` and for the interface: the larger value first. */
  readonly written: Host["sysctls"];
}

/** Packets that come in at an interface of a host. */
interface Arriving {
  readonly device: string;
  /** The host that has sent or forwarded them. */
  readonly sender: string;
  readonly source: Destination;
  readonly to: Leg["to"];
}

/**
 * The hosts on this part of a way that drop its packets, or that may. A strict filter (1) lets packets in only by the
 * interface that leads back to their source, a loose one (2) only if there is a route to it. Packets that a host forwards and
 * those that it takes are checked alike. Tried in network namespaces with Linux 6.18, a firewall whose route back to the
 * client left by another interface: of 3 datagrams to another host, and of 3 to the firewall itself, it dropped all with 1
 * for `all` or for the interface, and none with 0 or 2 for either; without a route back it dropped all with 1 and with 2.
 * Source: RFC 3704, the kernel's ip-sysctl.rst, and fib_validate_source in net/ipv4/fib_frontend.c.
 */
export function* sourceChecks(
  network: Network,
  hosts: ReadonlyMap<string, Host>,
  { source, isFromOutside, to, way }: Leg,
): Iterable<SourceCheck> {
  const isOutside = source === undefined && isFromOutside && !("everywhere" in to) && to.family === 4;
  if (source?.family !== 4 && !isOutside) return;
  const from: Destination = source === undefined ? { everywhere: 4 } : wholeAddress(source);
  for (const [index, device] of way.entries.entries()) {
    const host = hosts.get(way.hosts[index + 1] ?? "");
    const sender = way.hosts[index] ?? "";
    const found = host && checkAt(network, host, { device, sender, source: from, to });
    if (found !== undefined) yield found;
  }
}

/**
 * A source that the host has itself is for LVS-CONFIG-036, unless accept_local is set; then the interface that has it is the
 * one that leads back. Of two interfaces on one segment the one that leads back answers ARP for the other, unless arp_ignore
 * keeps it from that, or the other has announced an address of its own. Tried in network namespaces with Linux 6.18 and strict
 * filters: a host was reached at the address of its second interface with arp_ignore 0, and not with 1, nor after a gratuitous
 * ARP from that interface; with loose ones it always was. A host with strict filters whose neighbour asked from an address to
 * which the second interface led back answered by that one, and dropped what came in there from beyond a router; with loose
 * ones it answered by the first, and took it.
 */
function checkAt(network: Network, host: Host, arriving: Arriving): SourceCheck | undefined {
  const { device, source } = arriving;
  const next = network.nextHop(host.name, source);
  const isOwn = next?.kind === "local";
  if (isOwn && interfaceSysctl(host, device, "accept_local") !== 1) return undefined;
  const isElsewhere = "everywhere" in source;
  const owned = network
    .addressesOf(host.name)
    .find(({ address }) => !isElsewhere && address === source.address)?.interface;
  const back = isOwn ? owned : leavingInterface(network, host.name, source);
  if ((next !== undefined || isElsewhere) && back === undefined) return undefined;
  const written = writtenSysctls(host, device, "rp_filter");
  const atLeast = Number(written[0]?.value ?? 0);
  const settled = interfaceSysctl(host, device, "rp_filter");
  const value = settled ?? (back === undefined && atLeast > 0 ? atLeast : undefined);
  if (value === 0 || (back !== undefined && (value === 2 || isBeside(network, host, arriving, back)))) return undefined;
  return {
    ...{ host, device, source, written, isOwn },
    ...(back === undefined ? {} : { back }),
    ...(value === undefined ? {} : { value }),
  };
}

/**
 * Whether packets for an interface come in at the one that leads back to their source. What services add is announced. A strict
 * filter lets an interface answer ARP only if it leads back to who asks.
 */
function isBeside(network: Network, { name: host, interfaces }: Host, arriving: Arriving, back: string): boolean {
  const { device, to } = arriving;
  const isAnnounced = network
    .addressesOf(host)
    .some((one) => one.isAdded && one.interface === device && "address" in to && one.address === to.address);
  const segmentOf = (device: string) => interfaces.find(({ name }) => name === device)?.segment;
  if (device === back) return true;
  const asker = askedFrom(network, arriving);
  if (asker !== undefined && leavingInterface(network, host, asker) !== back) return false;
  return !isAnnounced && segmentOf(device) === segmentOf(back) && network.answersForOthers(host, back);
}

/**
 * The address from which the sender asks for its next hop: the packet's source if that is its own, else the one that it has
 * there. Source: arp_solicit in net/ipv4/arp.c. What services add is no such source, because they set arp_announce.
 */
function askedFrom(network: Network, { sender, source, to }: Arriving): Cidr | undefined {
  if (!("everywhere" in source)) {
    const isOwn = network.addressesOf(sender).some((one) => one.isAdded !== true && one.address === source.address);
    if (isOwn) return source;
  }
  const next = network.nextHop(sender, to);
  const asked = next?.kind === "via" ? parseCidr(next.address) : "everywhere" in to ? undefined : to;
  return asked && sourceTowards(network, sender, 4, asked);
}

/** Why packets are dropped, or where they are, as the end of a sentence. `they`: how it calls them. */
export function whyFiltered(check: SourceCheck, they: string): string {
  const { host, device, source, back, value } = check;
  const where = `${they} come in at ${device} of "${host.name}", which`;
  if (back === undefined) {
    const filter = value === undefined ? `where rp_filter is on, the kernel` : `with rp_filter = ${value} the kernel`;
    return `${where} has no route to ${sourceName(source)}: ${filter} drops packets whose source it could not answer${openWords(check)}`;
  }
  const filter = value === undefined ? "rp_filter, where it is strict (1)," : "strict rp_filter (1)";
  const has = check.isOwn ? `has ${sourceName(source)} on ${back}` : `would answer ${sourceName(source)} by ${back}`;
  return `${where} ${has}, and ${filter} lets packets in only by the interface that leads back to their source${openWords(check)}`;
}

/** What to call the source of packets. */
export function sourceName(source: Destination): string {
  return "everywhere" in source ? "clients on other networks" : source.address;
}

function openWords({ device, value, written: [first] }: SourceCheck): string {
  if (value !== undefined) return "";
  if (first === undefined) return ". The file does not set it, and distributions differ";
  const other = /\.all\./.test(first.key.replaceAll("/", ".")) ? device : "all";
  return `. The file sets ${first.key} to ${first.value}, and not that of ${other}; the larger counts`;
}
