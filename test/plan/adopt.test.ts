/** Taking over what somebody else has made: what the ledger says then, and what destroy makes of it. */
import { describe, expect, it } from "vitest";
import type { Ledger } from "../../src/ledger/ledger.ts";
import type { HostState } from "../../src/plan/host-state.ts";
import { judgedPlan } from "../../src/plan/judged-plan.ts";
import { hasChanges } from "../../src/plan/plan.ts";
import type { Problem, ResourceKind, State } from "../../src/resources/resource.ts";
import { nextLedger } from "../../src/transaction/next-ledger.ts";
import { fakeKind, thing } from "../helpers/fake-kind.ts";

const IN_THE_WAY: Problem = { message: "in the way", hint: "--adopt", adoptable: true };

/** A kind to which somebody else's thing of another size is in the way, and which can be taken over. */
const adoptable: Partial<ResourceKind> = {
  problem: (desired, { states }, owned) => {
    const actual = states.get(String(desired["name"]));
    return owned || actual === undefined || actual["size"] === desired["size"] ? undefined : IN_THE_WAY;
  },
};

function planned(
  wanted: readonly State[],
  found: readonly State[],
  options: {
    readonly kind?: Partial<ResourceKind>;
    readonly ledger?: Ledger;
    readonly adopt?: boolean;
    readonly lab?: boolean;
  } = {},
) {
  const kinds = new Map([["thing", fakeKind(options.kind ?? adoptable)]]);
  const resources = wanted.map((state) => ({
    kind: "thing",
    key: String(state["name"]),
    state,
    stage: "publish" as const,
    why: "",
    services: [],
  }));
  const states = new Map(found.map((state) => [String(state["name"]), state]));
  const state: HostState = {
    host: "h",
    ledger: options.ledger,
    observed: new Map([["thing", { states, detail: undefined }]]),
  };
  const desired = { topology: "t", hosts: new Map([["h", resources]]) };
  const plan = judgedPlan(desired, new Map([["h", state]]), kinds, {
    adopt: options.adopt ?? options.lab === undefined,
    lab: options.lab ?? false,
  });
  const changes = plan.hosts.get("h") ?? [];
  return { plan, changes, next: nextLedger("t", "h", options.ledger, changes, true) };
}

describe("in a lab, without --adopt", () => {
  /** Things from 100 on are the lab's. */
  const kind = { ...adoptable, isOfLab: (state: State) => Number(state["size"]) >= 100 };

  it("what the lab has made gives way, and destroy puts it back", () => {
    const { plan, changes, next } = planned([thing("a", 1)], [thing("a", 100)], { kind, lab: true });
    expect(plan.problems).toEqual([]);
    expect(changes).toMatchObject([{ action: "update", adopts: true }]);
    const destroyed = planned([], [thing("a", 1)], { kind, ledger: next, lab: true });
    expect(destroyed.changes).toMatchObject([{ action: "update", after: { size: 100 } }]);
  });

  it("what somebody has made by hand stops the plan as ever, also beside what the lab has made", () => {
    const { plan, changes } = planned([thing("a", 1), thing("b", 1)], [thing("a", 2), thing("b", 100)], {
      kind,
      lab: true,
    });
    expect(plan.problems).toMatchObject([{ description: "thing a of size 1", message: "in the way" }]);
    expect(changes.map(({ adopts }) => adopts === true)).toEqual([false, true]);
  });

  it("what is as wanted stays the lab's", () => {
    const { plan, next } = planned([thing("a", 100)], [thing("a", 100)], { kind, lab: true });
    expect(plan.adopted).toBeUndefined();
    expect(next.entries).toEqual([]);
  });

  it("and elsewhere the marks of a lab count for nothing", () => {
    const { plan } = planned([thing("a", 1)], [thing("a", 100)], { kind, lab: false });
    expect(plan.problems).toMatchObject([{ message: "in the way" }]);
  });
});

describe("adopt", () => {
  it("without it the plan is stopped, and what is as wanted stays somebody else's", () => {
    const { plan, next } = planned([thing("a", 1), thing("b", 1)], [thing("a", 2), thing("b", 1)], { adopt: false });
    expect(plan.problems).toMatchObject([{ message: "in the way", adoptable: true }]);
    expect(next.entries.map(({ key }) => key)).toEqual(["a"]);
    expect(plan.adopted).toBeUndefined();
  });

  it("takes over what differs, and destroy puts it back", () => {
    const { plan, changes, next } = planned([thing("a", 1)], [thing("a", 2)]);
    expect(plan.problems).toEqual([]);
    expect(changes).toMatchObject([{ action: "update", adopts: true, reason: "size differs; taken over" }]);
    expect(next.entries).toMatchObject([{ state: { size: 1 }, original: { size: 2 } }]);
    const destroyed = planned([], [thing("a", 1)], { ledger: next });
    expect(destroyed.changes).toMatchObject([{ action: "update", after: { size: 2 }, reason: "back to what it was" }]);
  });

  it("takes over what is unchanged, which is a change; destroy leaves it as it was", () => {
    const { plan, changes, next } = planned([thing("a", 1)], [thing("a", 1)]);
    expect(changes).toMatchObject([{ action: "none", adopts: true, commands: [] }]);
    expect(plan.adopted).toBe(1);
    expect(hasChanges(plan)).toBe(true);
    expect(next.entries).toMatchObject([{ key: "a", original: { size: 1 } }]);
    const destroyed = planned([], [thing("a", 1)], { ledger: next });
    expect(destroyed.changes).toMatchObject([{ action: "none" }]);
    expect(destroyed.next.entries).toEqual([]);
  });

  it("what was there and would have ended by itself since does not come back; what still lasts does", () => {
    const kind = { ...adoptable, isOver: ({ until }: State) => until === "past" };
    const destroyed = (until: string, size = 1) => {
      const { next } = planned([thing("a", 1)], [{ ...thing("a", size), until }], { kind });
      return planned([], [thing("a", 1)], { kind, ledger: next });
    };
    expect(destroyed("past", 2).changes).toMatchObject([
      { action: "delete", reason: "no longer asked for; what was there before has expired" },
    ]);
    expect(destroyed("past", 2).changes[0]?.after).toBeUndefined();
    expect(destroyed("future", 2).changes).toMatchObject([{ action: "update", after: { size: 2 } }]);
    expect(destroyed("past").changes).toMatchObject([{ action: "none" }]);
  });

  it("a second time there is nothing to take over", () => {
    const first = planned([thing("a", 1)], [thing("a", 1)]);
    const second = planned([thing("a", 1)], [thing("a", 1)], { ledger: first.next });
    expect(hasChanges(second.plan)).toBe(false);
    expect(second.next).toEqual(first.next);
  });

  it("what bears our own name goes at the end, whatever it was", () => {
    const kind = { ...adoptable, bearsOurName: () => true };
    const { next } = planned([thing("a", 1)], [thing("a", 2)], { kind });
    expect(next.entries).toMatchObject([{ original: null }]);
    expect(planned([], [thing("a", 1)], { kind, ledger: next }).changes).toMatchObject([{ action: "delete" }]);
  });

  it("keeps its hands off what it does not ask for, what is missing, and what stops it for another reason", () => {
    const kind = { problem: () => ({ message: "no such thing", hint: "" }) };
    const { plan, changes } = planned([thing("a", 1)], [thing("b", 1)], { kind });
    expect(plan.problems).toHaveLength(1);
    expect(changes).toMatchObject([{ key: "a", action: "create" }]);
    expect(plan.adopted).toBeUndefined();
  });
});
