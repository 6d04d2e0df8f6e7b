/** Addresses that no host can have. */
import type { Path } from "../../document/parse-document.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { type Cidr, isLinkLocal, networkOf, parseCidr, wholeAddress } from "../../net/address.ts";
import { NetworkTable } from "../../net/network-table.ts";
import { linkLocalAddresses } from "../../network/host-addresses.ts";
import type { Draft } from "../draft.ts";
import { interfaceAddressPath } from "../interface-address-path.ts";
import { addressOf } from "../services.ts";

const RESERVED: readonly (readonly [network: string, what: string])[] = [
  ["0.0.0.0/8", "means “this host” and is nobody's address"],
  ["127.0.0.0/8", "never leaves a host (loopback)"],
  ["224.0.0.0/4", "is for groups of hosts (multicast)"],
  ["240.0.0.0/4", "is reserved, or for every host (broadcast)"],
  ["::/127", "means “no address”, or never leaves a host (loopback)"],
  ["ff00::/8", "is for groups of hosts (multicast)"],
  ["fe80::/10", "is link-local: other hosts can have it on other segments, and no router passes on what is for it"],
];
const reserved = new NetworkTable(
  RESERVED.flatMap(([text, what]) => {
    const network = parseCidr(text);
    return network === undefined ? [] : [[network, what] as const];
  }),
);

/** LVS-CONFIG-026 for addresses of a special kind, and for the first and last of a subnet. */
export function* usableAddresses(draft: Draft): Iterable<LvsctlError> {
  const subnets = new NetworkTable([...draft.addresses.values()].flat().map((address) => [address, address.prefix]));
  for (const address of [
    ...[...draft.addresses.values()].flat(),
    ...[...draft.hosts.values()].flatMap(linkLocalAddresses),
  ]) {
    const flaw = (isLinkLocal(address) ? undefined : specialKind(address)) ?? endOfSubnet(address);
    if (flaw !== undefined) yield problem(draft, interfaceAddressPath(draft, address), address.address, flaw);
  }
  for (const [service, { vip, localAddresses = [] }] of draft.addressed) {
    const vipPath = ["services", service, "vip", ...(typeof vip === "object" ? ["address"] : [])];
    const own: (readonly [Path, string | undefined])[] = [
      [vipPath, addressOf(vip)],
      ...localAddresses.map((text, index) => [["services", service, "localAddresses", index], text] as const),
    ];
    for (const [path, text] of own) {
      const address = text === undefined ? undefined : parseCidr(text);
      if (address === undefined) continue;
      const prefix = subnets.smallest(address) ?? address.prefix;
      const flaw = specialKind(address) ?? endOfSubnet({ ...address, prefix });
      if (flaw !== undefined) yield problem(draft, path, address.address, flaw);
    }
  }
}

function specialKind(address: Cidr): string | undefined {
  return reserved.smallest(wholeAddress(address));
}

function endOfSubnet(address: Cidr): string | undefined {
  const { family, prefix } = address;
  if (prefix > (family === 4 ? 30 : 126)) return undefined;
  const network = networkOf(address);
  const subnet = `${network.address}/${prefix}`;
  if (network.address === address.address) return `is the subnet ${subnet} itself, not a host in it`;
  return family === 4 && isBroadcast(address.address, prefix) ? `is the broadcast address of ${subnet}` : undefined;
}

function isBroadcast(address: string, prefix: number): boolean {
  const bits = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return (bits + 1) % 2 ** (32 - prefix) === 0;
}

function problem(draft: Draft, path: Path, address: string, flaw: string): LvsctlError {
  const message = `${address} ${flaw}.`;
  return draft.problem("LVS-CONFIG-026", path, { message, hint: "Choose an address of a single host." });
}
