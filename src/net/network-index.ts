/** Which of many networks holds an address, without looking at each. */
import { type Cidr, formatCidr, networkOf } from "./address.ts";

/** Networks by canonical text. */
export interface NetworkIndex {
  /** The networks that hold the address (or network), the smallest first, as canonical text. */
  holding(address: Cidr): readonly string[];
}

/** Makes an index of networks; host bits are ignored. */
export function indexNetworks(networks: Iterable<Cidr>): NetworkIndex {
  const known = new Set<string>();
  const prefixes = { 4: new Set<number>(), 6: new Set<number>() };
  for (const network of networks) {
    known.add(formatCidr(networkOf(network)));
    prefixes[network.family].add(network.prefix);
  }
  const descending = {
    4: [...prefixes[4]].toSorted((one, other) => other - one),
    6: [...prefixes[6]].toSorted((one, other) => other - one),
  };
  return {
    holding: (address) =>
      descending[address.family]
        .filter((prefix) => prefix <= address.prefix)
        .map((prefix) => formatCidr(networkOf({ ...address, prefix })))
        .filter((network) => known.has(network)),
  };
}
