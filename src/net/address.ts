/** IP addresses and networks: strict parsing, canonical text, containment. Wraps node:net and ip-address. */
import { isIP } from "node:net";
import { Address4, Address6 } from "ip-address";

export type Family = 4 | 6;

/** An address with a prefix length. `address` is canonical text; host bits may be set, as on an interface. */
export interface Cidr {
  readonly address: string;
  readonly prefix: number;
  readonly family: Family;
}

/** The family of a strictly written address, or undefined: `010.0.0.1`, `10.1` and zones (`fe80::1%eth0`) are none. */
export function addressFamily(text: string): Family | undefined {
  const family = text.includes("%") ? 0 : isIP(text);
  return family === 4 || family === 6 ? family : undefined;
}

/** The canonical text of a valid address: IPv6 in RFC 5952 form. Throws a RangeError on anything else. */
export function canonicalAddress(text: string): string {
  const family = addressFamily(text);
  if (family === undefined) throw new RangeError(`not an IP address: ${text}`);
  return family === 4 ? text : new Address6(text).correctForm();
}

/** Parses `172.16.10.1/24`; a bare address gets the whole length. Undefined where the text is no address or prefix. */
export function parseCidr(text: string): Cidr | undefined {
  const [address = "", prefixText, ...rest] = text.split("/");
  const family = addressFamily(address);
  if (family === undefined || rest.length > 0) return undefined;
  const whole = family === 4 ? 32 : 128;
  if (prefixText !== undefined && !/^(0|[1-9][0-9]{0,2})$/.test(prefixText)) return undefined;
  const prefix = prefixText === undefined ? whole : Number(prefixText);
  return prefix > whole ? undefined : { address: canonicalAddress(address), prefix, family };
}

export function formatCidr(cidr: Pick<Cidr, "address" | "prefix">): string {
  return `${cidr.address}/${cidr.prefix}`;
}

/** The network that an address with a prefix lies in, canonical: `172.16.10.1/24` → `172.16.10.0/24`. */
export function networkOf(cidr: Cidr): Cidr {
  const parsed = toAddress(cidr);
  const start = parsed.startAddress();
  return { ...cidr, address: start.correctForm() };
}

/** Whether `network` holds `address` (or all of a smaller network). Families never hold each other. */
export function contains(network: Cidr, address: Cidr): boolean {
  if (network.family !== address.family || network.prefix > address.prefix) return false;
  return networkOf({ ...address, prefix: network.prefix }).address === networkOf(network).address;
}

function toAddress({ address, prefix, family }: Cidr): Address4 | Address6 {
  return family === 4 ? new Address4(`${address}/${prefix}`) : new Address6(`${address}/${prefix}`);
}
