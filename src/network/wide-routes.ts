/** Routes so wide that they stand for a default gateway, or for a part of one, as VPN programs write them. Pure. */
import { addressBits, addressLength, type Cidr, contains, type Family, parseCidr } from "../net/address.ts";
import type { Host } from "../topology/topology.ts";

/** Longer prefixes are for networks that somebody knows. */
const LONGEST: Readonly<Record<Family, number>> = { 4: 8, 6: 16 };

/**
 * Where clients of whom nothing is known may be, as ranges of networks with those prefixes: not in 10.0.0.0/8, nor where no
 * host of the internet is. Source: IANA's registries of special-purpose addresses, of multicast addresses and of global unicast ones.
 */
const INTERNET: Readonly<Record<Family, readonly (readonly [first: number, last: number])[]>> = {
  4: [
    [1, 9],
    [11, 126],
    [128, 223],
  ],
  6: [[0x2000, 0x3fff]],
};

/** Networks, one out of each part of the internet that none of the wide routes of these hosts divides. */
export function partsOfInternet(hosts: Iterable<Host>, family: Family): readonly Cidr[] {
  const ranges = INTERNET[family];
  const networks = [...hosts].flatMap((host) => wideRoutes(host, family).map(({ network }) => network));
  const starts = [
    ...ranges.map(([first]) => first),
    ...networks.flatMap((network) => {
      const first = Number(addressBits(network) >> BigInt(addressLength(family) - LONGEST[family]));
      return [first, first + 2 ** (LONGEST[family] - network.prefix)];
    }),
  ];
  return [...new Set(starts)]
    .filter((start) => ranges.some(([first, last]) => first <= start && start <= last))
    .toSorted((one, other) => one - other)
    .map((start) => ({
      address: family === 4 ? `${start}.0.0.0` : `${start.toString(16)}::`,
      prefix: LONGEST[family],
      family,
    }));
}

/** The index of a host's smallest wide route with such a part. */
export function wideRouteTo(host: Host, part: Cidr): number | undefined {
  return wideRoutes(host, part.family).find(({ network }) => contains(network, part))?.index;
}

/** The indexes of a host's wide routes that together count before every default gateway; undefined if one may still count. */
export function routesToAll(host: Host, family: Family): readonly number[] | undefined {
  const found = partsOfInternet([host], family).map((part) => wideRouteTo(host, part));
  const known = found.filter((index) => index !== undefined);
  return known.length < found.length ? undefined : [...new Set(known)];
}

/** The smallest network first. */
function wideRoutes({ routes }: Host, family: Family): readonly { readonly index: number; readonly network: Cidr }[] {
  return routes
    .flatMap((route, index) => {
      const network = route.family === family ? parseCidr(route.to) : undefined;
      const isWide = network !== undefined && network.prefix > 0 && network.prefix <= LONGEST[family];
      return isWide ? [{ index, network }] : [];
    })
    .toSorted((one, other) => other.network.prefix - one.network.prefix);
}
