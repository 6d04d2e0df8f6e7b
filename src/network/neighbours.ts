/** Which host answers ARP or NDP for an address on a segment. Pure. */
import { addressFamily } from "../net/address.ts";
import type { Host } from "../topology/topology.ts";
import { forwards } from "./forwarding.ts";
import type { HostAddress } from "./host-addresses.ts";
import { interfaceSysctl, writtenSysctls } from "./interface-sysctl.ts";

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

/**
 * The interface of a router that answers ARP on a segment for an address which is not there: one with proxy_arp that has a
 * route to it by another interface, which `leaves` tells. Source: arp_fwd_proxy in net/ipv4/arp.c.
 */
export function proxyOn(
  hosts: Iterable<Host>,
  segment: string,
  leaves: (host: string) => string | undefined,
): { readonly host: string; readonly interface: string } | undefined {
  for (const host of hosts) {
    const nic = host.interfaces.find(
      (one) => one.segment === segment && interfaceSysctl(host, one.name, "proxy_arp") === 1,
    );
    const device = nic && forwards(host, 4) === "yes" ? leaves(host.name) : undefined;
    if (nic !== undefined && device !== undefined && device !== nic.name)
      return { host: host.name, interface: nic.name };
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
