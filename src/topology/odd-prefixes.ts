/** Hosts that disagree with the others in their subnet on its size. Pure. */
import { addressLength, type Cidr, contains, formatCidr, networkOf, parseCidr, wholeAddress } from "../net/address.ts";
import { NetworkTable } from "../net/network-table.ts";
import type { Host as HostFile, TopologyFile } from "./generated/topology-file.ts";
import { listOf } from "./hosts.ts";

/** An address as a host has it. */
export interface WrittenAddress extends Cidr {
  readonly host: string;
  readonly interface: string;
  readonly network: string;
}

/** An address with another prefix length than most others there. */
export interface OddPrefix {
  readonly odd: WrittenAddress;
  /** The largest of the subnets that lie inside one another, on whose size hosts disagree. */
  readonly whole: string;
  /** One of the others, in a subnet that holds the odd one's or lies in it. */
  readonly other: WrittenAddress;
  /** The address with the prefix length of the others. */
  readonly better: Cidr;
}

/**
 * The addresses on whose subnets hosts disagree: one subnet lies inside another. Odd are those of the side with fewer
 * addresses, and on a tie those of the smaller subnet. Single addresses (/32, /128) are exempt, and two subnets that one host has
 * on two interfaces: it finds each by the longest prefix. So are two that `networks` lists for one segment, if all addresses
 * in both are in the smaller one: then nobody looks for another where it is not.
 */
export function oddPrefixes(
  hosts: ReadonlyMap<string, HostFile>,
  networks: TopologyFile["networks"],
): readonly OddPrefix[] {
  const all = [...hosts].flatMap(([host, file]) => addressesOf(host, file));
  const subnets = new NetworkTable(all.map((address) => [address, address]));
  const members = grouped(all, ({ network }) => network);
  const wholeOf = (one: WrittenAddress): string => {
    const outer = outerOf(one);
    return outer === undefined ? one.network : wholeOf(outer);
  };
  const outerOf = (one: Cidr) => subnets.smallest({ ...one, prefix: one.prefix - 1 });
  const isNested = (own: readonly WrittenAddress[], outer: WrittenAddress) =>
    own.some((one) =>
      members.get(outer.network)?.some(({ host, interface: device }) => host === one.host && device !== one.interface),
    );
  const listed = Object.values(networks ?? {}).map(
    (own) => new Set(listOf(own).flatMap((text) => networkText(parseCidr(text)))),
  );
  const isListed = (one: WrittenAddress, outer: WrittenAddress) =>
    listed.some((own) => own.has(one.network) && own.has(outer.network)) &&
    members.get(outer.network)?.every((other) => contains(one, wholeAddress(other))) === true;
  const inner = [...members.values()].flatMap((own) => {
    const [first] = own;
    const outer = first && outerOf(first);
    return first === undefined || outer === undefined || isNested(own, outer) || isListed(first, outer) ? [] : [first];
  });
  const insiders = grouped(inner, (one) => outerOf(one)?.network ?? "");
  return [...insiders].flatMap(([network, within]) => {
    const around = members.get(network) ?? [];
    const inside = within.flatMap((one) => members.get(one.network) ?? []);
    const [odd, others] = inside.length > around.length ? [around, inside] : [inside, around];
    return odd.flatMap((one) => {
      const near = subnets.smallest({ ...one, prefix: addressLength(one.family) });
      const other = others.find((candidate) => candidate.network === near?.network) ?? others[0];
      return other === undefined
        ? []
        : [{ odd: one, whole: wholeOf(one), other, better: { ...one, prefix: other.prefix } }];
    });
  });
}

/** The hosts as they would be with the prefix lengths of the others, so that nothing that follows from one is judged. */
export function withoutOddPrefixes(
  hosts: ReadonlyMap<string, HostFile>,
  all: readonly OddPrefix[],
): ReadonlyMap<string, HostFile> {
  const changed = new Map(hosts);
  for (const { odd, better } of all) {
    const file = changed.get(odd.host);
    if (file === undefined) continue;
    const own = listOf(file.interfaces[odd.interface]).map((text) =>
      parseCidr(text)?.address === odd.address ? formatCidr(better) : text,
    );
    changed.set(odd.host, { ...file, interfaces: { ...file.interfaces, [odd.interface]: own } } as HostFile);
  }
  return changed;
}

function addressesOf(host: string, file: HostFile): readonly WrittenAddress[] {
  return Object.entries(file.interfaces).flatMap(([device, own]) =>
    listOf(own).flatMap((text): WrittenAddress[] => {
      const address = parseCidr(text);
      if (address === undefined || address.prefix === addressLength(address.family)) return [];
      return [{ ...address, host, interface: device, network: formatCidr(networkOf(address)) }];
    }),
  );
}

function networkText(network: Cidr | undefined): readonly string[] {
  return network === undefined ? [] : [formatCidr(networkOf(network))];
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const others = groups.get(keyOf(one));
    if (others === undefined) groups.set(keyOf(one), [one]);
    else others.push(one);
  }
  return groups;
}
