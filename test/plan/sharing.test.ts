/** Two topologies on one host: who has what, what stays for the other, and what neither may take. */
import { describe, expect, it } from "vitest";
import type { DesiredResource } from "../../src/compile/desired-state.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import type { HostState } from "../../src/plan/host-state.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { type IpvsTimeoutsState, ipvsTimeouts } from "../../src/resources/ipvs-timeouts.ts";
import { kinds } from "../../src/resources/kinds.ts";
import type { ResourceKind, State } from "../../src/resources/resource.ts";
import { nextLedger } from "../../src/transaction/next-ledger.ts";
import { fakeKind, thing } from "../helpers/fake-kind.ts";

/** A host with things on it and the ledgers of several topologies, on which plans are carried out. */
class Host {
  readonly actual: Map<string, State>;
  readonly ledgers = new Map<string, Ledger>();
  private readonly kind: ResourceKind;

  constructor(actual: readonly State[], kind: ResourceKind = fakeKind()) {
    this.actual = new Map(actual.map((state) => [String(state["name"]), state]));
    this.kind = kind;
  }

  plan(topology: string, wanted: readonly State[]) {
    const ledgers = [...this.ledgers.values()];
    const state: HostState = {
      host: "h",
      observed: new Map([["thing", { states: new Map(this.actual), detail: undefined }]]),
      ledger: this.ledgers.get(topology),
      others: ledgers.filter((ledger) => ledger.topology !== topology),
    };
    const desired = { topology, hosts: new Map([["h", wanted.map(resource)]]) };
    return makePlan(desired, new Map([["h", state]]), new Map([["thing", this.kind]]));
  }

  /** Plans and carries it out; gives the changes. */
  apply(topology: string, wanted: readonly State[]) {
    const { problems, hosts } = this.plan(topology, wanted);
    expect(problems).toEqual([]);
    const changes = hosts.get("h") ?? [];
    for (const { key, action, after } of changes) {
      if (action === "none") continue;
      if (after) this.actual.set(key, after);
      else this.actual.delete(key);
    }
    const next = nextLedger(topology, "h", this.ledgers.get(topology), changes, true);
    if (next.entries.length > 0) this.ledgers.set(topology, next);
    else this.ledgers.delete(topology);
    return changes;
  }

  get sizes(): Record<string, unknown> {
    return Object.fromEntries([...this.actual].map(([name, { size }]) => [name, size]));
  }
}

function resource(state: State): DesiredResource {
  const key = String(state["name"]);
  return { kind: "thing", key, state, stage: "base-network", why: "", services: [] };
}

describe.each([
  ["the first", ["a", "b"]],
  ["the second", ["b", "a"]],
])("two topologies that need the same, of which %s goes first", (_which, order) => {
  const before = [thing("forward", 0), thing("foreign", 7)];
  const both = [thing("forward", 1), thing("vip", 1)];
  const host = () => {
    const made = new Host(before);
    made.apply("a", [...both, thing("of-a", 1)]);
    made.apply("b", [...both, thing("of-b", 1), thing("foreign", 7)]);
    return made;
  };

  it("leaves what the other needs, and the last one puts back what was there before either", () => {
    const shared = host();
    const [first = "", last = ""] = order;
    const left = shared.apply(first, []);
    expect(left.filter(({ reason }) => reason === `left: the topology ${last} needs it`)).toHaveLength(2);
    expect(shared.sizes).toEqual({ forward: 1, vip: 1, foreign: 7, [`of-${last}`]: 1 });
    expect(shared.apply(last, both).map(({ action }) => action)).toEqual(["none", "none", "delete"]);
    shared.apply(last, []);
    expect(shared.sizes).toEqual({ forward: 0, foreign: 7 });
    expect(shared.ledgers.size).toBe(0);
  });

  it("leaves what one of them asks for no longer", () => {
    const shared = host();
    const [first = "", last = ""] = order;
    shared.apply(first, [thing(`of-${first}`, 1)]);
    expect(shared.sizes).toMatchObject({ forward: 1, vip: 1 });
    shared.apply(first, both);
    shared.apply(last, []);
    expect(shared.sizes).toMatchObject({ forward: 1, vip: 1 });
    shared.apply(first, []);
    expect(shared.sizes).toEqual({ forward: 0, foreign: 7 });
  });
});

describe("a resource of two topologies", () => {
  it("is noted for the second without any change, and only for one that another topology has", () => {
    const host = new Host([thing("forward", 0), thing("foreign", 7)]);
    host.apply("a", [thing("forward", 1)]);
    expect(host.apply("b", [thing("forward", 1), thing("foreign", 7)])).toMatchObject([
      { action: "none", shares: true },
      { action: "none" },
    ]);
    expect(host.ledgers.get("b")?.entries).toMatchObject([{ key: "forward", original: { size: 0 } }]);
    expect(host.apply("b", [thing("forward", 1)])[0]).not.toHaveProperty("shares");
  });

  it("keeps the original of the first when somebody has changed it in the meantime", () => {
    const host = new Host([thing("forward", 0)]);
    host.apply("a", [thing("forward", 1)]);
    host.actual.set("forward", thing("forward", 5));
    expect(host.apply("b", [thing("forward", 1)])).toMatchObject([{ action: "update", original: { size: 0 } }]);
  });

  it("stops the plan when they want different states, and names the other topology and the way out", () => {
    const host = new Host([]);
    host.apply("a", [thing("forward", 1)]);
    const { problems } = host.plan("b", [thing("forward", 2), thing("own", 1)]);
    expect(problems).toEqual([
      {
        host: "h",
        description: "thing forward of size 2",
        message: "The topology a has set this on the host to something else: thing forward of size 1.",
        hint: "Let both ask for the same, or for different hosts. Or remove the other topology: lvsctl destroy --name a --host h.",
      },
    ]);
    expect(host.plan("a", [thing("forward", 2)]).problems).toEqual([]);
  });

  it("stops the plan where the kind is one topology's alone, even when both ask for the same", () => {
    const host = new Host([], fakeKind({ exclusive: true }));
    host.apply("a", [thing("service", 1)]);
    expect(host.plan("b", [thing("service", 1)]).problems).toMatchObject([
      { message: expect.stringContaining("Two topologies cannot share it") },
    ]);
    expect(host.plan("a", [thing("service", 1)]).problems).toEqual([]);
  });

  it("names the topology that has what is in the way", () => {
    const problem: ResourceKind["problem"] = (_desired, observed, _owned, ours = new Set()) =>
      observed.states.has("other") && !ours.has("other") ? { message: "In the way.", hint: "" } : undefined;
    const host = new Host([thing("other", 1)], fakeKind({ problem }));
    expect(host.plan("b", [thing("x", 1)]).problems).toMatchObject([{ message: "In the way." }]);
    host.ledgers.set("a", { topology: "a", host: "h", entries: [entryOf(thing("other", 1))] });
    expect(host.plan("b", [thing("x", 1)]).problems).toMatchObject([
      { message: "The topology a conflicts with this one. In the way." },
    ]);
  });

  it("is not said to be somebody else's where another topology has it", () => {
    const problem: ResourceKind["problem"] = (_desired, _observed, owned) =>
      owned ? undefined : { message: "Not ours.", hint: "" };
    const host = new Host([], fakeKind({ problem }));
    host.ledgers.set("a", { topology: "a", host: "h", entries: [entryOf(thing("vip", 1))] });
    expect(host.plan("b", [thing("vip", 1)]).problems).toEqual([]);
  });
});

describe("a machine with another host's ledger", () => {
  const ledger: Ledger = { topology: "t", host: "two", entries: [entryOf(thing("a", 1))] };
  const states = new Map([["one", { host: "one", observed: new Map(), ledger }]]);
  const problemsWith = (hosts: readonly string[]) =>
    makePlan(
      { topology: "t", hosts: new Map(hosts.map((host) => [host, []])) },
      states,
      new Map([["thing", fakeKind()]]),
    ).problems;

  it("is taken for a wrong turn when that host is in the topology", () => {
    expect(problemsWith(["one", "two"])).toMatchObject([{ host: "one", message: expect.stringContaining("of two") }]);
  });

  it("is taken for the host under an earlier name when it is not", () => {
    expect(problemsWith(["one", "three"])).toEqual([]);
  });
});

it("is one topology's alone: an IPVS service, a web server's port, a responder's port", () => {
  const exclusive = [...kinds.values()].filter((kind) => kind.exclusive).map(({ kind }) => kind);
  expect(exclusive.sort()).toEqual(["ipvs-service", "responder", "web-server"]);
});

it("stops a plan where two topologies want different IPVS timeouts, which a host has only once", () => {
  const theirs = { tcp: 7200, tcpfin: 120, udp: 300 };
  const key = ipvsTimeouts.key(theirs);
  const entry = { kind: "ipvs-timeouts", key, stage: "director-network", state: theirs, original: null } as const;
  const state: HostState = {
    host: "h",
    observed: new Map([["ipvs-timeouts", { states: new Map([[key, theirs]]), detail: undefined }]]),
    ledger: undefined,
    others: [{ topology: "a", host: "h", entries: [entry] }],
  };
  const plan = (wanted: IpvsTimeoutsState) => {
    const own = { ...entry, state: wanted, why: "", services: [] };
    return makePlan({ topology: "b", hosts: new Map([["h", [own]]]) }, new Map([["h", state]]), kinds);
  };
  expect(plan(theirs).problems).toEqual([]);
  expect(plan({ ...theirs, tcp: 60 }).problems).toMatchObject([{ message: expect.stringContaining("topology a") }]);
});

function entryOf(state: State): Ledger["entries"][number] {
  return { kind: "thing", key: String(state["name"]), stage: "base-network", state, original: null };
}
