/** The order of rules within one of our chains: which are out of place, and where a new one belongs. */
import { Tally } from "./tally.ts";

/** A chain as the keys of its rules. A director with hundreds of real servers has thousands of rules in one chain. */
export interface ChainView {
  /** The rules on the host, in order, including somebody else's. */
  readonly actual: readonly string[];
  /** The rules that should be there, in order, including missing ones. */
  readonly wanted: readonly string[];
  /** The first position of each key in `actual`, counted from 0. */
  readonly places: ReadonlyMap<string, number>;
  /**
   * Where each rule of `wanted` goes if it is missing or has been removed, once all missing rules before it are there; in the order
   * of `wanted`.
   */
  readonly gaps: ReadonlyMap<string, Gap>;
}

interface Gap {
  readonly position: PlacedRule["position"];
  /** The number of gaps before it. */
  readonly rank: number;
}

/** A rule in the list that a chain becomes; it knows the rule behind it, and its place in the finished list. */
interface Link {
  next: Link | undefined;
  place: number;
}

/** A rule to add, at a position counted from 1 or at the end. */
export interface PlacedRule {
  readonly key: string;
  readonly position: number | "end";
}

/** Builds the view of a chain once, for all questions about its rules. */
export function chainView(actual: readonly string[], wanted: readonly string[]): ChainView {
  const places = new Map<string, number>();
  for (const [index, key] of actual.entries()) if (!places.has(key)) places.set(key, index);
  return { actual, wanted, places, gaps: gapsIn(actual, wanted) };
}

/** Rules that stand behind a rule they should precede. Once they are moved, the rest is in order. */
export function misplaced({ places, wanted }: ChainView): ReadonlySet<string> {
  const found = new Set<string>();
  let furthest = -1;
  for (const key of wanted) {
    const at = places.get(key) ?? -1;
    if (at >= 0 && at < furthest) found.add(key);
    else furthest = Math.max(furthest, at);
  }
  return found;
}

/**
 * Where to put `added` after `removed` are gone. Missing rules that are wanted before them are assumed to be there: an
 * earlier stage has added them. Rules of `added` that were there when the chain was read, and are not being moved, were
 * removed by this run: they are added back at the end.
 */
export function placeRules(
  { actual, wanted, places, gaps: known }: ChainView,
  removed: ReadonlySet<string>,
  added: readonly string[],
): readonly PlacedRule[] {
  if (added.length === 0) return [];
  const isThere = (key: string) => places.has(key) && !removed.has(key);
  const movesAlone = removed.size === 1 && added.length === 1 && added.every((key) => removed.has(key));
  const left = () => actual.filter((key) => !removed.has(key));
  const gaps = removed.size === 0 || movesAlone ? known : gapsIn(left(), wanted);
  const placed = new Map<string, Gap>();
  for (const key of added) {
    const gap = gaps.get(key);
    if (gap && !isThere(key)) placed.set(key, gap);
  }
  const inOrder = [...placed].sort(([, one], [, other]) => one.rank - other.rank);
  const atEnd = [
    ...new Set(added.filter((key) => !isThere(key) && !placed.has(key))),
    ...added.filter((key) => isThere(key)),
  ];
  return [
    ...inOrder.map(([key, { position }]) => ({ key, position })),
    ...atEnd.map((key) => ({ key, position: "end" as const })),
  ];
}

/** Walks through `wanted` and puts each missing rule right behind its predecessor. */
function gapsIn(actual: readonly string[], wanted: readonly string[]): ReadonlyMap<string, Gap> {
  const head: Link = { next: undefined, place: 0 };
  const links = new Map<string, Link[]>();
  const insert = (key: string, behind: Link): Link => {
    const link = { next: behind.next, place: 0 };
    behind.next = link;
    const copies = links.get(key);
    if (copies) copies.push(link);
    else links.set(key, [link]);
    return link;
  };
  let last = head;
  for (const key of actual) last = insert(key, last);
  const found = [...links.values()].flat();
  last = head;
  const turns = new Map<string, { readonly behind: Link; readonly copies: readonly Link[]; readonly added?: Link }>();
  for (const key of wanted) {
    const behind = last;
    const copies = links.get(key) ?? [];
    last = copies[0] ?? insert(key, behind);
    if (!turns.has(key)) turns.set(key, { behind, copies, ...(copies.length === 0 ? { added: last } : {}) });
  }
  let length = 0;
  for (let link = head.next; link; link = link.next) link.place = ++length;
  const there = new Tally(length);
  for (const { place } of found) there.add(place);
  const gaps = new Map<string, Gap>();
  for (const [key, { behind, copies, added }] of turns) {
    const before = there.upTo(behind.place) - copies.filter(({ place }) => place <= behind.place).length;
    const isLast = before === there.total - copies.length;
    gaps.set(key, { position: isLast ? "end" : before + 1, rank: gaps.size });
    if (added) there.add(added.place);
  }
  return gaps;
}
