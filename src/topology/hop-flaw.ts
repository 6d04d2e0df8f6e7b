import { type Cidr, contains } from "../net/address.ts";
import type { Network } from "../network/network.ts";
import { endOfSubnet } from "./end-of-subnet.ts";
import { reservedFor } from "./reserved-address.ts";

/**
 * Why an address is no single neighbour's. Tried with Linux 6.18: it refuses the broadcast address of any subnet of the host
 * as a next hop, and takes the first address, which no host can have (LVS-CONFIG-026). The first one of an IPv6 subnet means
 * every router there, so it can be a next hop.
 */
export function hopFlaw(network: Network, host: string, hop: Cidr): string | undefined {
  const subnets = hop.family === 4 ? network.addressesOf(host).filter((own) => contains(own, hop)) : [];
  const ends = subnets.map(({ prefix }) => endOfSubnet({ ...hop, prefix }));
  return reservedFor(hop) ?? ends.find((flaw) => flaw !== undefined);
}
