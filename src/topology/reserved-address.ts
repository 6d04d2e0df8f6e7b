/** Addresses of special kinds, which no single host can have. */
import { type Cidr, parseCidr, wholeAddress } from "../net/address.ts";
import { NetworkTable } from "../net/network-table.ts";

const RESERVED: readonly (readonly [network: string, what: string])[] = [
  ["0.0.0.0/8", "means “this host” and no host can have it"],
  ["127.0.0.0/8", "never leaves a host (loopback)"],
  ["224.0.0.0/4", "is for groups of hosts (multicast)"],
  ["255.255.255.255/32", "is for every host (broadcast)"],
  ["::/127", "means “no address”, or never leaves a host (loopback)"],
  ["::ffff:0:0/96", "stands for an IPv4 address (IPv4-mapped), and IPv6 packets do not have it"],
  ["ff00::/8", "is for groups of hosts (multicast)"],
  ["fe80::/10", "is link-local: other hosts can have it on other segments, and no router passes on what is for it"],
];
const reserved = new NetworkTable(
  RESERVED.flatMap(([text, what]) => {
    const network = parseCidr(text);
    return network === undefined ? [] : [[network, what] as const];
  }),
);

/** What is special about an address, as the end of a sentence that begins with it; undefined for all others. */
export function reservedFor(address: Cidr): string | undefined {
  return reserved.smallest(wholeAddress(address));
}
