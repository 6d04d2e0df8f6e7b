/** Which networks share a layer-2 segment. */
import { type Cidr, formatCidr, networkOf } from "../net/address.ts";
import { NetworkTable } from "../net/network-table.ts";
import type { Segment } from "./topology.ts";

/** The segments of a topology. */
export interface SegmentMap {
  readonly segments: readonly Segment[];
  /** The segment of a network, given as canonical text. */
  of(network: string): string;
  /** The segment of the smallest known network that contains an address. */
  holding(address: Cidr): string | undefined;
  /** The same, unless a network of the other segment contains the address, or the whole of a network, too. */
  holdingBut(segment: string, address: Cidr): string | undefined;
}

/**
 * Merges the networks that share an interface, and those that `named` lists under one name. A segment without a name of its
 * own is called after its first network.
 */
export function findSegments(
  named: ReadonlyMap<string, readonly Cidr[]>,
  interfaces: readonly (readonly Cidr[])[],
): SegmentMap {
  const all = [...named.values(), ...interfaces].flat();
  const sets = new DisjointSets();
  const names = new Map<string, string>();
  for (const [name, networks] of named) {
    const joined = sets.join(networks.map(networkText));
    if (joined !== undefined) names.set(joined, name);
  }
  for (const addresses of interfaces) sets.join(addresses.map(networkText));

  const nameOfRoot = new Map<string, string>();
  for (const [network, name] of names) {
    const root = sets.rootOf(network);
    if (!nameOfRoot.has(root)) nameOfRoot.set(root, name);
  }
  const members = new Map<string, string[]>();
  for (const network of sets.members()) {
    const root = sets.rootOf(network);
    const others = members.get(root);
    if (others === undefined) members.set(root, [network]);
    else others.push(network);
  }
  const segments = new Map(
    [...members].map(([root, networks]) => [root, { name: nameOfRoot.get(root) ?? networks[0] ?? root, networks }]),
  );
  const of = (network: string) => segments.get(sets.rootOf(network))?.name ?? network;
  const table = new NetworkTable(all.map((network) => [network, of(networkText(network))]));
  const holdingBut = (segment: string, address: Cidr) => {
    const all = [...table.holding(address)];
    return all.includes(segment) ? undefined : all[0];
  };
  return { segments: [...segments.values()], of, holding: (address) => table.smallest(address), holdingBut };
}

function networkText(address: Cidr): string {
  return formatCidr(networkOf(address));
}

/** Union-find over strings. */
class DisjointSets {
  readonly #parents = new Map<string, string>();

  /** Merges the sets of these texts, and returns the first text. */
  join(texts: readonly string[]): string | undefined {
    const [first, ...others] = texts;
    if (first === undefined) return undefined;
    const root = this.rootOf(first);
    for (const other of others) this.#parents.set(this.rootOf(other), root);
    return first;
  }

  /** The representative of a text's set; a new text starts a set of its own. */
  rootOf(text: string): string {
    let current = text;
    for (;;) {
      const parent = this.#parents.get(current);
      if (parent === undefined) this.#parents.set(current, current);
      if (parent === undefined || parent === current) return current;
      const grandparent = this.#parents.get(parent) ?? parent;
      this.#parents.set(current, grandparent);
      current = grandparent;
    }
  }

  /** In order of first appearance. */
  members(): Iterable<string> {
    return this.#parents.keys();
  }
}
