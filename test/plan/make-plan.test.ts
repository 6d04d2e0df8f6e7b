import { describe, expect, it } from "vitest";
import type { DesiredResource } from "../../src/compile/desired-state.ts";
import type { LedgerEntry } from "../../src/ledger/ledger.ts";
import type { HostState } from "../../src/plan/host-state.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { hasChanges } from "../../src/plan/plan.ts";
import type { ResourceKind, State } from "../../src/resources/resource.ts";
import { fakeKind, thing } from "../helpers/fake-kind.ts";

function plan(
  desired: readonly State[],
  actual: readonly State[],
  entries: readonly Pick<LedgerEntry, "state" | "original">[] = [],
  kind: ResourceKind = fakeKind(),
  more: readonly DesiredResource[] = [],
) {
  const resources = desired.map(
    (state): DesiredResource => ({
      kind: "thing",
      key: String(state["name"]),
      state,
      stage: "base-network",
      why: "because",
      services: [],
    }),
  );
  const state: HostState = {
    host: "h",
    observed: new Map([
      ["thing", { states: new Map(actual.map((one) => [String(one["name"]), one])), detail: undefined }],
    ]),
    ledger: {
      topology: "t",
      host: "h",
      entries: entries.map(({ state, original }) => ({
        kind: "thing",
        key: String(state["name"]),
        stage: "base-network",
        state,
        original,
      })),
    },
  };
  const wanted = { topology: "t", hosts: new Map([["h", [...resources, ...more]]]) };
  const kinds = new Map([
    ["thing", kind],
    ["shout", fakeKind({ kind: "shout", action: true })],
  ]);
  const made = makePlan(wanted, new Map([["h", state]]), kinds);
  return { made, changes: made.hosts.get("h") ?? [] };
}

describe("makePlan", () => {
  it("creates what is missing and remembers that there was nothing", () => {
    const { changes } = plan([thing("a", 1)], []);
    expect(changes).toMatchObject([{ action: "create", original: undefined, reason: "missing", phase: "build" }]);
    expect(changes[0]?.commands).toEqual(["set-thing a 1"]);
  });

  it("updates what differs, says old and new, and remembers the old", () => {
    const { changes } = plan([thing("a", 2)], [thing("a", 1)]);
    expect(changes).toMatchObject([
      { action: "update", fields: [{ name: "size", before: 1, after: 2 }], original: { size: 1 } },
    ]);
  });

  it("stops for what cannot be removed, and only where it would be", () => {
    const kind = fakeKind({ removalProblem: ({ name }) => ({ message: `${name} is needed.`, hint: "Ask." }) });
    const entries = [{ state: thing("a", 1), original: null }];
    expect(plan([], [thing("a", 1)], entries, kind).made.problems).toEqual([
      { host: "h", description: expect.stringContaining("a"), message: "a is needed.", hint: "Ask." },
    ]);
    expect(plan([thing("a", 1)], [thing("a", 1)], entries, kind).made.problems).toEqual([]);
    expect(plan([thing("a", 2)], [thing("a", 1)], entries, kind).made.problems).toEqual([]);
    expect(plan([], [thing("a", 1)], [{ state: thing("a", 1), original: thing("a", 0) }], kind).made.problems).toEqual(
      [],
    );
    expect(plan([], [], entries, kind).made.problems).toEqual([]);
  });

  it("does not remember what the kernel had made along with something else, even if a ledger does", () => {
    const kind = fakeKind({ isImplied: ({ size }) => size === 0 });
    for (const ledger of [[], [{ state: thing("a", 0), original: thing("a", 0) }]]) {
      const { changes } = plan([thing("a", 1)], [thing("a", 0)], ledger, kind);
      expect(changes).toMatchObject([{ action: "update", original: undefined }]);
    }
  });

  it("changes nothing that is as it should be", () => {
    const { made, changes } = plan([thing("a", 1)], [thing("a", 1)]);
    expect(changes).toMatchObject([{ action: "none", commands: [] }]);
    expect(hasChanges(made)).toBe(false);
  });

  it("keeps the first original of what it owns, however often it changes", () => {
    const { changes } = plan([thing("a", 3)], [thing("a", 2)], [{ state: thing("a", 2), original: thing("a", 1) }]);
    expect(changes).toMatchObject([{ action: "update", original: { size: 1 } }]);
  });

  it("removes what it created and the topology no longer asks for", () => {
    const { changes } = plan([], [thing("a", 1)], [{ state: thing("a", 1), original: null }]);
    expect(changes).toMatchObject([{ action: "delete", phase: "clear", after: undefined }]);
  });

  it("puts back what it replaced", () => {
    const { changes } = plan([], [thing("a", 2)], [{ state: thing("a", 2), original: thing("a", 1) }]);
    expect(changes).toMatchObject([{ action: "update", after: { size: 1 }, reason: "back to what it was" }]);
  });

  it("leaves alone what it does not own", () => {
    expect(plan([], [thing("a", 1)]).changes).toEqual([]);
  });

  it("leaves what somebody has changed since, and says so", () => {
    const { changes } = plan([], [thing("a", 9)], [{ state: thing("a", 2), original: thing("a", 1) }]);
    expect(changes).toMatchObject([{ action: "none", reason: "left: it was changed by somebody else since" }]);
  });

  it("restores what somebody has changed since where the kind says that it is ours", () => {
    const kind = fakeKind({ whenChangedByOthers: "restore" });
    const { changes } = plan([], [thing("a", 9)], [{ state: thing("a", 2), original: null }], kind);
    expect(changes).toMatchObject([{ action: "delete", before: { size: 9 } }]);
  });

  it("has nothing to do about what is gone already", () => {
    expect(plan([], [], [{ state: thing("a", 2), original: null }]).changes).toEqual([]);
  });

  it("runs an action only when what it follows changes", () => {
    const shout = (follows: string): DesiredResource => ({
      kind: "shout",
      key: "x",
      state: thing("x", 0),
      stage: "announce",
      why: "",
      services: [],
      follows: [follows],
    });
    const follower = (actual: State[]) =>
      plan([thing("a", 1)], actual, [], fakeKind(), [shout("h thing a")]).changes[1];
    expect(follower([])).toMatchObject({ action: "update", isAction: true, reason: "follows a change" });
    expect(follower([thing("a", 1)])).toMatchObject({ action: "none" });
    const idle = plan([thing("a", 1)], [thing("a", 1)], [], fakeKind(), [shout("h thing a")]).made;
    expect(idle).not.toHaveProperty("following");
    expect(idle.summary).toEqual({ create: 0, update: 0, delete: 0, none: 2 });
  });

  it("runs an action on one host for a change on another", () => {
    const host = (name: string, resources: readonly DesiredResource[]) => [name, resources] as const;
    const wanted = [
      host("one", [
        {
          kind: "shout",
          key: "x",
          state: thing("x", 0),
          stage: "announce",
          why: "",
          services: [],
          follows: ["two thing a"],
        },
      ]),
      host("two", [{ kind: "thing", key: "a", state: thing("a", 1), stage: "base-network", why: "", services: [] }]),
    ];
    const states = new Map(wanted.map(([name]) => [name, { host: name, observed: new Map(), ledger: undefined }]));
    const kinds = new Map([
      ["thing", fakeKind()],
      ["shout", fakeKind({ kind: "shout", action: true })],
    ]);
    const made = makePlan({ topology: "t", hosts: new Map(wanted) }, states, kinds);
    expect(made.hosts.get("one")).toMatchObject([{ action: "update", reason: "follows a change" }]);
    expect(made.summary).toEqual({ create: 1, update: 0, delete: 0, none: 0 });
    expect(made.following).toBe(1);
  });

  it("collects a kind's problems, with whether the thing is ours", () => {
    const kind = fakeKind({
      problem: (_desired, _observed, owned) => (owned ? undefined : { message: "in the way", hint: "move it" }),
    });
    expect(plan([thing("a", 1)], [], [], kind).made.problems).toMatchObject([{ host: "h", message: "in the way" }]);
    const owned = [{ state: thing("a", 1), original: null }];
    expect(plan([thing("a", 1)], [], owned, kind).made.problems).toEqual([]);
  });
});
