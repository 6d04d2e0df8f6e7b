/** The order of rules within one chain of ours: which are out of place, and where a new one belongs. */

/** Keys of rules, in order. */
export interface ChainView {
  /** As they are on the host, somebody else's among them. */
  readonly actual: readonly string[];
  /** As they should be, those that are not there yet among them. */
  readonly wanted: readonly string[];
}

/** A rule to add: at a position that counts from 1, or at the end. */
export interface PlacedRule {
  readonly key: string;
  readonly position: number | "end";
}

/** Rules that come after one that should come after them; moved, the rest is in order. */
export function misplaced({ actual, wanted }: ChainView): ReadonlySet<string> {
  const found = new Set<string>();
  let furthest = -1;
  for (const key of wanted) {
    const at = actual.indexOf(key);
    if (at >= 0 && at < furthest) found.add(key);
    else furthest = Math.max(furthest, at);
  }
  return found;
}

/**
 * Where rules go, given that `removed` are taken out before. What is wanted before them and was not there when the chain
 * was read has been added by an earlier stage. Rules that were there then, and are neither moved now, were taken away by
 * this run: they come back at the end.
 */
export function placeRules(
  { actual, wanted }: ChainView,
  removed: ReadonlySet<string>,
  added: readonly string[],
): readonly PlacedRule[] {
  const chain = actual.filter((key) => !removed.has(key));
  const back = added.filter((key) => chain.includes(key));
  const placed: PlacedRule[] = [];
  const open = new Set(added.filter((key) => !back.includes(key)));
  let at = 0;
  for (const key of wanted) {
    if (open.size === 0) break;
    const index = chain.indexOf(key);
    if (index < 0) {
      chain.splice(at, 0, key);
      if (open.delete(key)) placed.push({ key, position: at === chain.length - 1 ? "end" : at + 1 });
      at += 1;
    } else at = index + 1;
  }
  return [...placed, ...[...open, ...back].map((key) => ({ key, position: "end" as const }))];
}
