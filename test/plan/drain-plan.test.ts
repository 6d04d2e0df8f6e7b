import { describe, expect, it } from "vitest";
import type { DesiredResource, DesiredState } from "../../src/compile/desired-state.ts";
import { type DrainRequest, planDrain } from "../../src/plan/drain-plan.ts";
import { drainedAmong, keepDrained } from "../../src/plan/drained.ts";
import type { HostState } from "../../src/plan/host-state.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { ipvsDestination } from "../../src/resources/ipvs-destination.ts";
import { kinds } from "../../src/resources/kinds.ts";
import type { State } from "../../src/resources/resource.ts";
import { nextLedger } from "../../src/transaction/next-ledger.ts";

const KIND = "ipvs-destination";
const ANN = { since: "2026-11-20T12:00:00.000Z", by: "ann@laptop" };

/** A real server of the service on `port`: `.21` is rs1, `.22` rs2. */
function entry(last: number, port: number, weight: number, more: State = {}): State {
  const service = { address: "172.16.10.10", port, protocol: "tcp" };
  const [state = {}] = ipvsDestination.resolve(
    { service, address: `172.16.10.${last}`, method: "dr", weight },
    { topology: "t", host: "dr" },
  );
  return { ...state, ...more };
}

function resource(state: State): DesiredResource {
  const service = (state["service"] as { port: number }).port === 80 ? "web" : "api";
  const key = ipvsDestination.key(state as never);
  return { kind: KIND, key, state, stage: "real-servers", why: "because", services: [service] };
}

const WANTED = [entry(21, 80, 3), entry(22, 80, 1), entry(21, 81, 2)];
const desired: DesiredState = { topology: "t", hosts: new Map([["dr", WANTED.map(resource)]]) };

/** A director whose ledger has these, and whose table has `actual`. */
function director(ledger: readonly State[], actual: readonly State[] = ledger): ReadonlyMap<string, HostState> {
  const entries = ledger.map((state) => {
    const key = ipvsDestination.key(state as never);
    return { kind: KIND, key, stage: "real-servers", state, original: null } as const;
  });
  const sysctl = { kind: "sysctl", key: "k", stage: "kernel-modules", state: { key: "k", value: "1" } } as const;
  const states = new Map(actual.map((state) => [ipvsDestination.key(state as never), state]));
  const observed = new Map([
    [KIND, { states, detail: undefined }],
    ["sysctl", { states: new Map([["k", { key: "k", value: "0" }]]), detail: undefined }],
  ]);
  const all = [{ ...sysctl, original: { key: "k", value: "0" } }, ...entries];
  return new Map([["dr", { host: "dr", observed, ledger: { topology: "t", host: "dr", entries: all } }]]);
}

const rs1 = { server: "rs1", addresses: new Set(["172.16.10.21"]) };
const drain: DrainRequest = { ...rs1, drain: ANN };
const undrain: DrainRequest = { ...rs1, drain: undefined };

/** The director after a plan has been run on it, as its ledger and its table then are. */
function ran(plan: Plan, before: ReadonlyMap<string, HostState>): ReadonlyMap<string, HostState> {
  const changes = plan.hosts.get("dr") ?? [];
  const ledger = nextLedger("t", "dr", before.get("dr")?.ledger, changes, true);
  return director(ledger.entries.filter(({ kind }) => kind === KIND).map(({ state }) => state));
}

function weights(states: ReadonlyMap<string, HostState>) {
  const found = states.get("dr")?.observed.get(KIND)?.states ?? new Map();
  return Object.fromEntries([...found].map(([key, state]) => [key.replaceAll("172.16.10", ""), state.weight]));
}

const commandsOf = (plan: Plan) => [...plan.hosts.values()].flat().flatMap(({ commands }) => commands);

describe("the plan of a drain", () => {
  it("sets weight 0 in every service of the real server, live, and touches nothing else", () => {
    const plan = planDrain(drain, desired, director(WANTED), kinds);
    expect(commandsOf(plan)).toEqual([
      "ipvsadm -e -t 172.16.10.10:80 -r 172.16.10.21:80 -g -w 0",
      "ipvsadm -e -t 172.16.10.10:81 -r 172.16.10.21:81 -g -w 0",
    ]);
    expect(plan.summary).toEqual({ create: 0, update: 2, delete: 0, none: 2 });
    const refused = expect.stringContaining("no other real server takes connections");
    expect(plan.notes).toMatchObject([{ service: "api", message: refused }]);
    const next = nextLedger("t", "dr", director(WANTED).get("dr")?.ledger, plan.hosts.get("dr") ?? [], true);
    expect(next.entries.map(({ state }) => state["weight"])).toEqual([undefined, 0, 1, 0]);
  });

  it("leaves out other services on request", () => {
    const plan = planDrain({ ...drain, service: "web" }, desired, director(WANTED), kinds);
    expect(commandsOf(plan)).toEqual(["ipvsadm -e -t 172.16.10.10:80 -r 172.16.10.21:80 -g -w 0"]);
    expect(plan.notes).toEqual([]);
  });

  it("changes nothing the second time, and keeps who was first", () => {
    const first = ran(planDrain(drain, desired, director(WANTED), kinds), director(WANTED));
    const again = planDrain({ ...rs1, drain: { since: "later", by: "bob" } }, desired, first, kinds);
    expect(again.summary.update).toBe(0);
    expect(drainedAmong(keepDrained(desired, ran(again, first)))).toMatchObject([{ by: "ann@laptop" }]);
  });

  it("has a problem where somebody has removed the real server", () => {
    const states = director(WANTED, [entry(22, 80, 1), entry(21, 81, 2)]);
    const plan = planDrain(drain, desired, states, kinds);
    expect(plan.problems).toMatchObject([{ host: "dr", hint: expect.stringContaining("lvsctl apply restores it") }]);
  });
});

describe("after a drain", () => {
  const before = director(WANTED);
  const drained = ran(planDrain(drain, desired, before, kinds), before);

  it("has weight 0", () => {
    expect(weights(drained)).toEqual({
      "tcp .10:80 -> .21:80": 0,
      "tcp .10:80 -> .22:80": 1,
      "tcp .10:81 -> .21:81": 0,
    });
  });

  it("is what apply wants, and a plan says so", () => {
    const plan = makePlan(desired, drained, kinds);
    expect(plan.hosts.get("dr")?.filter(({ kind, action }) => kind === KIND && action !== "none")).toEqual([]);
    expect(plan.drained).toEqual([
      { ...ANN, server: "rs1", scope: "server", address: "172.16.10.21", services: ["web", "api"] },
    ]);
    expect(weights(ran(plan, drained))).toEqual(weights(drained));
  });

  it("stays so with another weight, another method, another service and another director in the file", () => {
    const changed = [entry(21, 80, 9, { method: "tun" }), entry(22, 80, 1), entry(21, 82, 7)].map(resource);
    const more = {
      topology: "t",
      hosts: new Map([
        ["dr", changed],
        ["dr2", [resource(entry(21, 80, 3))]],
      ]),
    };
    const kept = keepDrained(more, drained);
    expect([...kept.hosts.values()].flat().map(({ state }) => state["weight"])).toEqual([0, 1, 0, 0]);
  });

  it("is ignored if the ledger's text has control characters", () => {
    const strange = entry(21, 80, 0, { drained: { server: "rs1", since: "now", by: "\u001b[2J", scope: "server" } });
    expect(drainedAmong(keepDrained(desired, director([strange])))).toEqual([]);
  });

  it("ends when the real server is removed", () => {
    const plan = makePlan({ topology: "t", hosts: new Map() }, drained, kinds);
    expect(plan.drained).toBeUndefined();
  });

  it("is put back with the file's weight by undrain", () => {
    const heavier = {
      topology: "t",
      hosts: new Map([["dr", [entry(21, 80, 8), entry(22, 80, 1), entry(21, 81, 2)].map(resource)]]),
    };
    const plan = planDrain(undrain, heavier, drained, kinds);
    expect(plan.hosts.get("dr")?.filter(({ action }) => action === "update")).toMatchObject([
      { fields: [{ name: "weight", before: 0, after: 8 }], reason: "rs1 is undrained" },
      { fields: [{ name: "weight", before: 0, after: 2 }] },
    ]);
    const back = ran(plan, drained);
    expect(makePlan(heavier, back, kinds).drained).toBeUndefined();
    expect(weights(back)).toEqual({ "tcp .10:80 -> .21:80": 8, "tcp .10:80 -> .22:80": 1, "tcp .10:81 -> .21:81": 2 });
  });

  it("is put back in one service alone, and stays drained in the other", () => {
    const back = ran(planDrain({ ...undrain, service: "web" }, desired, drained, kinds), drained);
    expect(weights(back)).toEqual({ "tcp .10:80 -> .21:80": 3, "tcp .10:80 -> .22:80": 1, "tcp .10:81 -> .21:81": 0 });
    expect(makePlan(desired, back, kinds).drained).toMatchObject([{ scope: "service", services: ["api"] }]);
    expect(weights(ran(makePlan(desired, back, kinds), back))).toEqual(weights(back));
  });

  it("stays drained as a whole while another real server is put back in one service", () => {
    const rs2 = { server: "rs2", addresses: new Set(["172.16.10.22"]), drain: ANN };
    const both = ran(planDrain(rs2, desired, drained, kinds), drained);
    const back = ran(planDrain({ ...undrain, service: "web" }, desired, both, kinds), both);
    expect(makePlan(desired, back, kinds).drained).toMatchObject([
      { server: "rs2", scope: "server", services: ["web"] },
      { server: "rs1", scope: "service", services: ["api"] },
    ]);
  });
});

describe("undrain", () => {
  it("changes nothing that is not drained", () => {
    expect(planDrain(undrain, desired, director(WANTED), kinds).summary.update).toBe(0);
  });
});
