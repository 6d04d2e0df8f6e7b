import { type Family, formatCidr, networkOf } from "../net/address.ts";
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
}

/** Every address of a host, in the order of the file. */
export function hostAddresses(host: Host): readonly HostAddress[] {
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
