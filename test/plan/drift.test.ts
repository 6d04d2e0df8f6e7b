import { describe, expect, it } from "vitest";
import { type Difference, driftOf } from "../../src/plan/drift.ts";
import type { ResourceKind, State } from "../../src/resources/resource.ts";
import { fakeKind, thing } from "../helpers/fake-kind.ts";

interface Case {
  readonly title: string;
  /** What the ledger says that we set. */
  readonly set: readonly State[];
  readonly actual: readonly State[];
  readonly kind?: Partial<ResourceKind>;
  readonly differences: readonly Partial<Difference>[];
}

const part = { kind: "thing", key: "x", description: "thing x", remedy: "remove x" } as never;

const cases: readonly Case[] = [
  { title: "nothing where all is as we set it", set: [thing("a", 1)], actual: [thing("a", 1)], differences: [] },
  {
    title: "a changed field with what we set and what it is",
    set: [thing("a", 1)],
    actual: [thing("a", 2)],
    differences: [
      {
        what: "changed",
        kind: "thing",
        key: "a",
        description: "thing a of size 1",
        fields: [{ name: "size", set: 1, now: 2 }],
      },
    ],
  },
  {
    title: "what is gone",
    set: [thing("a", 1), thing("b", 1)],
    actual: [thing("b", 1)],
    differences: [{ what: "gone", key: "a" }],
  },
  {
    title: "things in the order in which they were made",
    set: [thing("b", 1), thing("a", 1)],
    actual: [],
    differences: [{ key: "b" }, { key: "a" }],
  },
  {
    title: "nothing of somebody else's",
    set: [thing("a", 1)],
    actual: [thing("a", 1), thing("z", 9)],
    differences: [],
  },
  {
    title: "something foreign inside of ours, with the command that removes it",
    set: [thing("a", 1)],
    actual: [thing("a", 1)],
    kind: { foreignParts: (states, _observed, ours) => (states.length === 1 && ours.has("thing a") ? [part] : []) },
    differences: [{ what: "added", key: "x", description: "thing x", remedy: "remove x" }],
  },
];

function drift({ set, actual, kind }: Pick<Case, "set" | "actual" | "kind">) {
  const entries = set.map((state) => {
    return { kind: "thing", key: String(state["name"]), stage: "base-network", state, original: null } as const;
  });
  const states = new Map(actual.map((one) => [String(one["name"]), one]));
  const observed = new Map([["thing", { states, detail: undefined }]]);
  const ledger = { topology: "t", host: "h", entries };
  return driftOf({ host: "h", ledger, observed }, new Map([["thing", fakeKind(kind)]]));
}

describe("drift", () => {
  it.each(cases)("names $title", ({ differences, ...found }) => {
    const { hasLedger, checked, differences: seen } = drift(found);
    expect(seen).toMatchObject(differences);
    expect(seen.length).toBe(differences.length);
    expect({ hasLedger, checked }).toEqual({ hasLedger: true, checked: found.set.length });
  });

  it("finds none where nothing was applied", () => {
    const found = driftOf({ host: "h", ledger: undefined, observed: new Map() }, new Map());
    expect(found).toEqual({ host: "h", hasLedger: false, checked: 0, differences: [] });
  });
});
