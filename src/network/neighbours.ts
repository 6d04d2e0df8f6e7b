/** Which host answers ARP or NDP for an address on a segment. Pure. */
import { addressFamily } from "../net/address.ts";
import type { Host } from "../topology/topology.ts";
import type { HostAddress } from "./host-addresses.ts";
import { writtenSysctls } from "./interface-sysctl.ts";

/**
 * The interface at which requests for an address come in on a segment: one that has it there, or else another one there of a
 * host that has it elsewhere. For IPv6 only the interface itself answers. Tried with Linux 6.18 in network namespaces: with
 * arp_ignore 0 a host answered ARP for an address of its other interface, and of lo, with 1 it did not; it never answered NDP.
 * `leastArpIgnore`: what lvsctl sets on a host. Source: arp_ignore in net/ipv4/arp.c, ndisc_recv_ns in net/ipv6/ndisc.c.
 */
export function answererOn(
  hosts: ReadonlyMap<string, Host>,
  owners: readonly HostAddress[],
  segment: string,
  leastArpIgnore: (host: string) => number,
): HostAddress | undefined {
  const there = owners.find((one) => one.segment === segment);
  if (there !== undefined) return there;
  for (const owner of owners) {
    if (addressFamily(owner.address) === 6) continue;
    const host = hosts.get(owner.host);
    const nic = host?.interfaces.find(
      (one) => one.segment === segment && answersForAll(arpIgnore(host, one.name, leastArpIgnore(host.name))),
    );
    if (nic !== undefined) return { ...owner, interface: nic.name, segment };
  }
  return undefined;
}

/** The arp_ignore that counts on an interface: the larger one of what the file says, and of what lvsctl sets. */
export function arpIgnore(host: Host, device: string, least = 0): number {
  return Math.max(least, ...writtenSysctls(host, device, "arp_ignore").map(({ value }) => Number(value)));
}

/** Whether a kernel with this arp_ignore answers for addresses of other interfaces too: with 4 to 7 as with 0. */
export function answersForAll(value: number): boolean {
  return value !== 1 && value !== 2 && value !== 8;
}
