import { type Family, formatCidr, isLinkLocal, networkOf } from "../net/address.ts";
import type { Host } from "../topology/topology.ts";

/** One address of a host, and where it is in the topology. */
export interface HostAddress {
  readonly host: string;
  readonly interface: string;
  readonly segment: string;
  readonly address: string;
  readonly prefix: number;
  readonly family: Family;
  /** The network that contains it, canonical: `172.16.20.0/24`. */
  readonly network: string;
  /** There if the host has it for a service only. */
  readonly isAdded?: true;
}

/** Every address of a host by which others can know it, in the order of the file: all but the link-local ones. */
export function hostAddresses(host: Host): readonly HostAddress[] {
  return placedAddresses(host).filter((address) => !isLinkLocal(address));
}

/** Those that mean the host on their own segment alone. */
export function linkLocalAddresses(host: Host): readonly HostAddress[] {
  return placedAddresses(host).filter(isLinkLocal);
}

function placedAddresses(host: Host): readonly HostAddress[] {
  return host.interfaces.flatMap(({ name, segment, addresses }) =>
    addresses.map((address) => ({
      host: host.name,
      interface: name,
      segment,
      ...address,
      network: formatCidr(networkOf(address)),
    })),
  );
}
