/** Where rules go in a chain, against the plain walk through it that the quick answers have to agree with. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chainView, misplaced, placeRules } from "../../../src/resources/iptables/chain-order.ts";
import { randomCases } from "../../helpers/long-run.ts";

const rules = fc.array(fc.constantFrom(..."abcdefghij"), { maxLength: 12 });
const distinct = fc.uniqueArray(fc.constantFrom(..."abcdefghij"), { maxLength: 10 });

describe("placeRules", () => {
  it("puts each rule behind its predecessor, one by one or all at once", () => {
    const view = chainView(["a", "theirs", "d"], ["a", "b", "c", "d", "e"]);
    const alone = ["b", "c", "e"].flatMap((key) => placeRules(view, new Set(), [key]));
    expect(alone).toEqual([
      { key: "b", position: 2 },
      { key: "c", position: 3 },
      { key: "e", position: "end" },
    ]);
    expect(placeRules(view, new Set(), ["e", "c", "b"])).toEqual(alone);
  });

  it("agrees with a walk through the whole chain, whatever is there, wanted, removed and added", () => {
    fc.assert(
      fc.property(rules, rules, distinct, distinct, (actual, wanted, gone, added) => {
        const removed = new Set(gone);
        expect(placeRules(chainView(actual, wanted), removed, added)).toEqual(walk(actual, wanted, removed, added));
      }),
      { numRuns: randomCases(5_000) },
    );
  });

  it("agrees with it for a rule that moves alone, as a plan shows it", () => {
    fc.assert(
      fc.property(rules, rules, fc.constantFrom(..."abcdefghij"), (actual, wanted, key) => {
        const moved = new Set([key]);
        expect(placeRules(chainView(actual, wanted), moved, [key])).toEqual(walk(actual, wanted, moved, [key]));
      }),
      { numRuns: randomCases(5_000) },
    );
  });
});

describe("misplaced", () => {
  it("names rules that come after one that should follow them", () => {
    expect(misplaced(chainView(["c", "x", "a", "b"], ["a", "b", "c", "d"]))).toEqual(new Set(["c"]));
    expect(misplaced(chainView(["a", "b"], ["a", "b"]))).toEqual(new Set());
  });
});

/** Goes through what is wanted with the chain as it becomes, searching it again for every rule. */
function walk(
  actual: readonly string[],
  wanted: readonly string[],
  removed: ReadonlySet<string>,
  added: readonly string[],
) {
  const chain = actual.filter((key) => !removed.has(key));
  const back = added.filter((key) => chain.includes(key));
  const placed: { key: string; position: number | "end" }[] = [];
  const open = new Set(added.filter((key) => !back.includes(key)));
  let at = 0;
  for (const key of wanted) {
    const index = chain.indexOf(key);
    if (index >= 0) {
      at = index + 1;
      continue;
    }
    chain.splice(at, 0, key);
    if (open.delete(key)) placed.push({ key, position: at === chain.length - 1 ? "end" : at + 1 });
    at += 1;
  }
  return [...placed, ...[...open, ...back].map((key) => ({ key, position: "end" as const }))];
}
