/** The order of rules within one chain of ours: which are out of place, and where a new one belongs. */

/** A chain by the keys of its rules. A director with hundreds of real servers has thousands of them in one chain. */
export interface ChainView {
  /** As they are on the host, in order, somebody else's among them. */
  readonly actual: readonly string[];
  /** As they should be, in order, those that are not there yet among them. */
  readonly wanted: readonly string[];
  /** Where each key of `actual` is first, counted from 0. */
  readonly places: ReadonlyMap<string, number>;
  /** Where those of `wanted` go that are not there, when all of them are added; in the order of `wanted`. */
  readonly gaps: ReadonlyMap<string, Gap>;
}

interface Gap {
  readonly position: PlacedRule["position"];
  /** How many gaps come before it. */
  readonly rank: number;
}

/** A rule to add: at a position that counts from 1, or at the end. */
export interface PlacedRule {
  readonly key: string;
  readonly position: number | "end";
}

/** A view of a chain, worked out once for all questions about its rules. */
export function chainView(actual: readonly string[], wanted: readonly string[]): ChainView {
  const places = new Map<string, number>();
  for (const [index, key] of actual.entries()) if (!places.has(key)) places.set(key, index);
  return { actual, wanted, places, gaps: gapsIn(actual, wanted) };
}

/** Rules that come after one that should come after them; moved, the rest is in order. */
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
 * Where rules go, given that `removed` are taken out before. What is wanted before them and was not there when the chain
 * was read has been added by an earlier stage. Rules that were there then and are not being moved were taken away by this
 * run: they come back at the end.
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

/** Goes through what is wanted and puts what is missing behind its predecessor. */
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
