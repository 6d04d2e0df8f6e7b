/** Where requests to a service come from, and where they go. Pure. */
import { type Cidr, contains, type Family, firstHost, networkOf, parseCidr, wholeAddress } from "../net/address.ts";
import type { Host, Service } from "../topology/topology.ts";
import type { Network } from "./network.ts";
import { leavingInterface } from "./routing.ts";

/** A host whose requests are judged, with the address that they come from. */
export interface Origin {
  readonly host: string;
  readonly address: Cidr;
}

/**
 * The address from which a host asks a service: the one that it asks if it has that itself, else that of its packets for it.
 * Undefined if it has none of the service's family. Tried with Linux 6.1: a director asks its own virtual address from that
 * address. Source: fib_select_path in the kernel's fib_semantics.c.
 */
export function originOf(network: Network, host: Host, service: Service): Origin | undefined {
  const target = targetAddress(service);
  const address = sourceTowards(network, host.name, service.family, target);
  const isOwn = target !== undefined && network.takes(host.name, target.address);
  return address && { host: host.name, address: isOwn ? target : address };
}

/**
 * The address that a host gives to its own packets for a destination elsewhere: one on the interface by which they leave, in
 * the subnet of their next hop if there is one. The kernel chooses the same for MASQUERADE and for the outer header of a tunnel.
 * An IPv6 address that lvsctl adds is deprecated, so that the kernel prefers any other.
 * Source: inet_select_addr in net/ipv4/devinet.c, which nf_nat_masquerade_ipv4 asks, and ipv6_dev_get_saddr.
 */
export function sourceTowards(
  network: Network,
  host: string,
  family: Family,
  target: Cidr | undefined,
): Cidr | undefined {
  const all = network.addressesOf(host).filter((address) => address.family === family);
  const preferred = all.filter(({ isAdded }) => family === 4 || isAdded !== true);
  const possible = preferred.length > 0 ? preferred : all;
  const device = target && leavingInterface(network, host, target);
  const near = possible.filter((address) => address.interface === device);
  const next = target && network.nextHop(host, target);
  const neighbour = next?.kind === "via" ? parseCidr(next.address) : target;
  const chosen = near.find((address) => neighbour && contains(networkOf(address), neighbour)) ?? near[0] ?? possible[0];
  return chosen && { address: chosen.address, prefix: chosen.prefix, family };
}

/** Where clients send requests: the published address, the VIP, or the first host that the service's mark matches. */
export function targetAddress({ publish, vip, match }: Service): Cidr | undefined {
  const target = parseCidr(publish?.address ?? vip?.address ?? match[0]?.address ?? "");
  return target && wholeAddress({ ...target, address: firstHost(target) });
}
