/** Values by network, looked up by address as a router looks up routes: without visiting every entry. */
import { addressBits, addressLength, type Cidr, type Family } from "./address.ts";

type ByPrefix<V> = ReadonlyMap<number, ReadonlyMap<bigint, V>>;

/** A table of networks. Of two entries for one network the first counts. Host bits of an entry are ignored. */
export class NetworkTable<V> {
  readonly #families: Readonly<Record<Family, ByPrefix<V>>>;

  constructor(entries: Iterable<readonly [network: Cidr, value: V]>) {
    const families = { 4: new Map<number, Map<bigint, V>>(), 6: new Map<number, Map<bigint, V>>() };
    for (const [network, value] of entries) {
      const byPrefix = families[network.family];
      const networks = byPrefix.get(network.prefix) ?? new Map<bigint, V>();
      byPrefix.set(network.prefix, networks);
      const key = prefixBits(addressBits(network), network.family, network.prefix);
      if (!networks.has(key)) networks.set(key, value);
    }
    this.#families = { 4: longestFirst(families[4]), 6: longestFirst(families[6]) };
  }

  /** The value of the smallest network that contains the address, or the whole of a network. */
  smallest(address: Cidr): V | undefined {
    for (const value of this.holding(address)) return value;
    return undefined;
  }

  /** The values of all networks that contain the address, or the whole of a network; the smallest first. */
  *holding(address: Cidr): Iterable<V> {
    const bits = addressBits(address);
    for (const [prefix, networks] of this.#families[address.family]) {
      if (prefix > address.prefix) continue;
      const value = networks.get(prefixBits(bits, address.family, prefix));
      if (value !== undefined) yield value;
    }
  }
}

function prefixBits(bits: bigint, family: Family, prefix: number): bigint {
  return bits >> BigInt(addressLength(family) - prefix);
}

function longestFirst<V>(byPrefix: ReadonlyMap<number, ReadonlyMap<bigint, V>>): ByPrefix<V> {
  return new Map([...byPrefix].toSorted(([one], [other]) => other - one));
}
