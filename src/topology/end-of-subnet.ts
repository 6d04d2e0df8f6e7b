import { type Cidr, networkOf } from "../net/address.ts";

/** Why no host can have the first or last address of a subnet, as the end of a sentence; undefined for all others. */
export function endOfSubnet(address: Cidr): string | undefined {
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
