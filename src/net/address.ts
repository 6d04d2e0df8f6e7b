/** IP addresses and networks: strict parsing, canonical text, containment. Wraps node:net and ip-address. */
import { isIP } from "node:net";
import { Address6 } from "ip-address";

/** IPv4 or IPv6. */
export type Family = 4 | 6;

/** An address with a prefix length. `address` is canonical text; host bits may be set, as on an interface. */
export interface Cidr {
  readonly address: string;
  readonly prefix: number;
  readonly family: Family;
}

/** The other address family. */
export function otherFamily(family: Family): Family {
  return family === 4 ? 6 : 4;
}

/** The family of a strictly written address, or undefined: `010.0.0.1`, `10.1` and zones (`fe80::1%eth0`) are not addresses. */
export function addressFamily(text: string): Family | undefined {
  const family = text.includes("%") ? 0 : isIP(text);
  return family === 4 || family === 6 ? family : undefined;
}

/** How a host looks for a neighbour with this address, in words. */
export function asking(address: string): string {
  return addressFamily(address) === 6 ? "by neighbour discovery (NDP)" : "by ARP";
}

/** The number of bits of an address, which is also the prefix length of a single address. */
export function addressLength(family: Family): 32 | 128 {
  return family === 4 ? 32 : 128;
}

/** The canonical text of a valid address: IPv6 in RFC 5952 form. Throws a RangeError on anything else. */
export function canonicalAddress(text: string): string {
  const family = addressFamily(text);
  if (family === undefined) throw new RangeError(`not an IP address: ${text}`);
  return family === 4 ? text : new Address6(text).correctForm();
}

const parsed = new Map<string, Cidr | undefined>();

/** Parses `172.16.10.1/24`; a bare address gets a prefix of 32 or 128. Undefined when the text is neither. */
export function parseCidr(text: string): Cidr | undefined {
  return remembered(parsed, text, parse);
}

function parse(text: string): Cidr | undefined {
  const [address = "", prefixText, ...rest] = text.split("/");
  const family = addressFamily(address);
  if (family === undefined || rest.length > 0) return undefined;
  const whole = addressLength(family);
  if (prefixText !== undefined && !/^(0|[1-9][0-9]{0,2})$/.test(prefixText)) return undefined;
  const prefix = prefixText === undefined ? whole : Number(prefixText);
  return prefix > whole ? undefined : { address: canonicalAddress(address), prefix, family };
}

/** `172.16.10.1/24`. */
export function formatCidr(cidr: Pick<Cidr, "address" | "prefix">): string {
  return `${cidr.address}/${cidr.prefix}`;
}

/** A single address as a network: with a prefix of 32 or 128. */
export function wholeAddress({ address, family }: Pick<Cidr, "address" | "family">): Cidr {
  return { address, prefix: addressLength(family), family };
}

const networks = new Map<string, Cidr>();

/** The network of an address with a prefix, in canonical form: `172.16.10.1/24` → `172.16.10.0/24`. */
export function networkOf(cidr: Cidr): Cidr {
  return remembered(networks, formatCidr(cidr), () => masked(cidr));
}

function masked({ address, prefix, family }: Cidr): Cidr {
  const hostBits = BigInt(addressLength(family) - prefix);
  const kept = (addressBits({ address, family }) >> hostBits) << hostBits;
  return { address: addressFrom(kept, family), prefix, family };
}

/** The first address of a network that a host can have; a single address, or one of a pair, is its own. */
export function firstHost(network: Cidr): string {
  const { address, family, prefix } = networkOf(network);
  if (addressLength(family) - prefix < 2) return network.address;
  return addressFrom(addressBits({ address, family }) + 1n, family);
}

/** The next address after this one that a host of its network can have; undefined after the last. */
export function nextHost({ address, prefix, family }: Cidr): Cidr | undefined {
  const next: Cidr = { address: addressFrom(addressBits({ address, family }) + 1n, family), prefix, family };
  const hostBits = BigInt(addressLength(family) - prefix);
  const isBroadcast = family === 4 && (addressBits(next) + 1n) % (1n << hostBits) === 0n;
  return isBroadcast || networkOf(next).address !== networkOf({ address, prefix, family }).address ? undefined : next;
}

function addressFrom(bits: bigint, family: Family): string {
  if (family === 6) return Address6.fromBigInt(bits).correctForm();
  const number = Number(bits);
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join(".");
}

/** Whether `network` contains `address`, or the whole of a smaller network. IPv4 and IPv6 never contain each other. */
export function contains(network: Cidr, address: Cidr): boolean {
  if (network.family !== address.family || network.prefix > address.prefix) return false;
  const hostBits = BigInt(addressLength(network.family) - network.prefix);
  return addressBits(network) >> hostBits === addressBits(address) >> hostBits;
}

const LINK_LOCAL: Cidr = { address: "fe80::", prefix: 10, family: 6 };

/** Whether an address means something on one segment alone, so that others have the same one elsewhere. */
export function isLinkLocal(address: Pick<Cidr, "address" | "family">): boolean {
  return contains(LINK_LOCAL, wholeAddress(address));
}

/** The same for an address as text; false for what is none. */
export function isLinkLocalText(text: string): boolean {
  const address = parseCidr(text);
  return address !== undefined && isLinkLocal(address);
}

const bits = new Map<string, bigint>();

/** An address as a number of 32 or 128 bits. */
export function addressBits({ address, family }: Pick<Cidr, "address" | "family">): bigint {
  return remembered(bits, address, () => {
    if (family === 6) return new Address6(address).bigInt();
    return BigInt(address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0));
  });
}

/** The rules ask about a topology's few addresses hundreds of times. */
const REMEMBERED = 10_000;

function remembered<Value>(known: Map<string, Value>, text: string, find: (text: string) => Value): Value {
  const value = known.get(text);
  if (value !== undefined || known.has(text)) return value as Value;
  const found = find(text);
  if (known.size >= REMEMBERED) known.clear();
  known.set(text, found);
  return found;
}
