/** The lab's own network, used for logins to its hosts. It overlaps with no address of the topology. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { type Cidr, contains, parseCidr } from "../net/address.ts";
import type { Topology } from "../topology/topology.ts";

/** An IPv4 network with one address for this machine and one for each host. */
export interface ManagementNetwork {
  readonly prefix: number;
  /** This machine's side of the network. */
  readonly controlAddress: string;
  /** In the order of the hosts in the topology. */
  readonly hostAddresses: readonly string[];
}

/** Networks for tests of network devices (RFC 2544), then link-local ones (RFC 3927), as ranges of second octets. */
const POOLS = [
  { first: 198, second: [18, 19] },
  { first: 169, second: [254] },
] as const;

/** Chooses the first free network for a topology's hosts. Throws LVS-LAB-007 when the topology uses them all. */
export function chooseManagementNetwork(topology: Topology): ManagementNetwork {
  const used = usedNetworks(topology);
  const size = topology.hosts.length + 3; // The network's own address, this machine's, and broadcast.
  const prefix = Math.min(24, 32 - Math.ceil(Math.log2(size)));
  if (prefix < 16) throw new LvsctlError("LVS-LAB-007", `A lab has at most 65533 hosts, not ${topology.hosts.length}.`);
  for (const start of candidates(prefix)) {
    const network: Cidr = { address: formatAddress(start), prefix, family: 4 };
    if (used.some((other) => contains(network, other) || contains(other, network))) continue;
    return {
      prefix,
      controlAddress: formatAddress(start + 1),
      hostAddresses: topology.hosts.map((_, index) => formatAddress(start + 2 + index)),
    };
  }
  throw new LvsctlError(
    "LVS-LAB-007",
    "The topology uses all of 198.18.0.0/15 and 169.254.0.0/16; the lab needs a part of them for its own logins.",
    { hint: "Leave part of either free, or choose other addresses for the hosts." },
  );
}

/** Every network that the hosts may have to reach by another route, default routes aside. */
function usedNetworks(topology: Topology): readonly Cidr[] {
  const texts = [
    ...topology.segments.flatMap(({ networks }) => networks),
    ...topology.hosts.flatMap(({ interfaces, gateways, routes }) => [
      ...interfaces.flatMap(({ addresses }) => addresses.map(({ address, prefix }) => `${address}/${prefix}`)),
      ...gateways.map(({ via }) => via),
      ...routes.flatMap(({ to, via }) => [to, ...(via === undefined ? [] : [via])]),
    ]),
    ...topology.services.flatMap(({ vip, match, publish, localAddresses }) => [
      ...(vip === undefined ? [] : [`${vip.address}/${vip.prefix}`]),
      ...match.map(({ address }) => address),
      ...(publish === undefined ? [] : publish.addresses),
      ...localAddresses,
    ]),
  ];
  return texts.flatMap((text) => {
    const cidr = parseCidr(text);
    return cidr?.family === 4 && cidr.prefix > 0 ? [cidr] : [];
  });
}

function* candidates(prefix: number): Generator<number> {
  const step = 2 ** (32 - prefix);
  for (const { first, second } of POOLS) {
    for (const octet of second) {
      const start = first * 2 ** 24 + octet * 2 ** 16;
      for (let offset = 0; offset < 2 ** 16; offset += step) yield start + offset;
    }
  }
}

function formatAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}
