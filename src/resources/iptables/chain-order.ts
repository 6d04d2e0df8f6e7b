/** The order of rules within one of our chains: which are out of place, and where a new one belongs. */

/** A chain as the keys of its rules. A director with hundreds of real servers has thousands of rules in one chain. */
export interface ChainView {
  /** The rules on the host, in order, including somebody else's. */
  readonly actual: readonly string[];
  /** The rules that should be there, in order, including missing ones. */
  readonly wanted: readonly string[];
  /** The first position of each key in `actual`, counted from 0. */
  readonly places: ReadonlyMap<string, number>;
  /** Where each missing rule of `wanted` goes if all of them are added; in the order of `wanted`. */
  readonly gaps: ReadonlyMap<string, Gap>;
}

interface Gap {
  readonly position: PlacedRule["position"];
  /** The number of gaps before it. */
  readonly rank: number;
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
  const left = removed.size === 0 ? actual : actual.filter((key) => !removed.has(key));
  const gaps = removed.size === 0 ? known : gapsIn(left, wanted);
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
  const chain = [...actual];
  const there = new Set<string>();
  const repeated = new Set<string>();
  for (const key of actual) (there.has(key) ? repeated : there).add(key);
  const gaps = new Map<string, Gap>();
  let at = 0;
  for (const key of wanted) {
    if (there.has(key)) {
      const ahead = repeated.has(key) ? -1 : chain.indexOf(key, at);
      at = (ahead < 0 ? chain.indexOf(key) : ahead) + 1;
      continue;
    }
    chain.splice(at, 0, key);
    there.add(key);
    gaps.set(key, { position: at === chain.length - 1 ? "end" : at + 1, rank: gaps.size });
    at += 1;
  }
  return gaps;
}
