/** What becomes of a topology over the years: names, clocks and disks change, and what is said and done stays true. */
import { describe, expect, it } from "vitest";
import { formatLedger, type Ledger, type LedgerEntry, ledgerChecksum, parseLedger } from "../../src/ledger/ledger.ts";
import { salvage } from "../../src/ledger/salvage.ts";
import { driftOf } from "../../src/plan/drift.ts";
import type { HostState } from "../../src/plan/host-state.ts";
import { judgedPlan } from "../../src/plan/judged-plan.ts";
import { splitRun } from "../../src/plan/split-run.ts";
import { kinds } from "../../src/resources/kinds.ts";
import { identity, type Observed, type State } from "../../src/resources/resource.ts";
import { nextLedger } from "../../src/transaction/next-ledger.ts";
import { history } from "../helpers/formats.ts";
import { HOSTS, NEW, OLD, resource } from "../helpers/small-topology.ts";
import { type Desired, World } from "../helpers/world.ts";

const vip = (device: string) =>
  resource("address", "director-network", { address: "172.16.10.10", prefix: 32, device });
const sysctl = (device: string) =>
  resource("sysctl", "base-network", { key: `net.ipv4.conf.${device}.rp_filter`, value: 2 });
const entryOf = (one: ReturnType<typeof vip>, original: State | null = null): LedgerEntry => {
  return { kind: one.kind, key: one.key, stage: one.stage, state: one.state, original };
};

/** A host with these things and these ledgers. */
function host(found: readonly ReturnType<typeof vip>[], ledger?: Ledger, others: readonly Ledger[] = []): HostState {
  const observed = new Map(
    [...kinds.values()].map((kind): [string, Observed] => {
      const own = found.filter((one) => one.kind === kind.kind);
      const detail = kind.kind === "address" ? { devices: ["lo", "ens3"], addresses: [] } : kind.bare().detail;
      return [kind.kind, { states: new Map(own.map(({ key, state }) => [key, state])), detail }];
    }),
  );
  return { host: "dr", observed, ledger, others };
}

function plan(desired: readonly ReturnType<typeof vip>[], state: HostState, topology = "demo") {
  const made = judgedPlan({ topology, hosts: new Map([["dr", desired]]) }, new Map([["dr", state]]), kinds, {});
  const changes = made.hosts.get("dr") ?? [];
  return { ...made, changes, after: nextLedger(topology, "dr", state.ledger, changes, true) };
}

const ledgerOf = (entries: readonly LedgerEntry[], topology = "demo"): Ledger => ({ topology, host: "dr", entries });

describe("an interface that has another name now", () => {
  const before = ledgerOf([entryOf(vip("eth0")), entryOf(sysctl("eth0"), { ...sysctl("eth0").state, value: "0" })]);

  it("takes its address along, which is still lvsctl's and goes with destroy", () => {
    const { problems, summary, after } = plan([vip("ens3")], host([vip("ens3")], before));
    expect(problems).toEqual([]);
    expect(summary).toMatchObject({ create: 0, update: 0, delete: 0 });
    expect(after.entries).toEqual([entryOf(vip("ens3"))]);
    const gone = plan([], host([vip("ens3")], after));
    expect(gone.changes).toMatchObject([{ action: "delete", key: vip("ens3").key }]);
  });

  it("has its address put on it if a restart has lost that", () => {
    const { changes, after } = plan([vip("ens3")], host([], before));
    expect(changes).toMatchObject([{ action: "create", key: vip("ens3").key }]);
    expect(after.entries).toEqual([entryOf(vip("ens3"))]);
  });

  it("leaves somebody else's address alone", () => {
    const { after } = plan([vip("ens3")], host([vip("ens3"), vip("eth0")], before));
    expect(after.entries).toEqual([]);
    const foreign = plan([vip("ens3")], host([vip("ens3")], ledgerOf([])));
    expect(foreign.after.entries).toEqual([]);
    expect(plan([], host([vip("ens3")], foreign.after)).changes).toEqual([]);
  });

  it("is drift until the file names it, and hinders no destroy", () => {
    const state = host([vip("ens3")], before);
    expect(driftOf(state, kinds).differences.map(({ what, key }) => `${what} ${key}`)).toEqual([
      `gone ${vip("eth0").key}`,
      `gone ${sysctl("eth0").key}`,
    ]);
    expect(plan([], state).changes).toEqual([]);
    expect(plan([vip("eth0")], host([], before)).problems[0]?.message).toContain("There is no interface eth0.");
  });
});

describe("a topology that has another name now", () => {
  const service = resource("ipvs-service", "virtual-service", { address: "172.16.10.10", port: 80, scheduler: "rr" });
  const old = ledgerOf([entryOf(vip("ens3")), entryOf(service)], "before");

  it("is stopped by what its old name has, with the way to take that away", () => {
    const { problems } = plan([vip("ens3"), service], host([vip("ens3"), service], undefined, [old]), "after");
    expect(problems).toMatchObject([{ message: expect.stringContaining("The topology before has this on the host") }]);
    expect(problems[0]?.hint).toContain("lvsctl destroy --name before --host dr");
  });

  it("is destroyed by its old name, and can be made by its new one", () => {
    const destroyed = plan([], host([vip("ens3"), service], old), "before");
    expect(destroyed.changes.map(({ action }) => action)).toEqual(["delete", "delete"]);
    const { problems, summary } = plan([vip("ens3"), service], host([]), "after");
    expect(problems).toEqual([]);
    expect(summary.create).toBe(2);
  });

  it("destroys by its new name nothing of its old one", () => {
    expect(plan([], host([vip("ens3"), service], undefined, [old]), "after").changes).toEqual([]);
  });
});

describe("clocks that differ", () => {
  it("do not turn the order of runs around", async () => {
    const world = await made(OLD);
    const late = new Map([...world.machines].map(([name, { ledgers }]) => [name, ledgers.get("demo")]));
    // Somebody's clock was a year ahead.
    for (const [name, ledger] of late) {
      if (!ledger?.run) throw new Error("no run");
      const run = { ...ledger.run, since: new Date(Date.parse(ledger.run.since) + 365 * 86_400_000).toISOString() };
      world.machine(name).ledgers.set("demo", { ...ledger, run });
    }
    expect((await world.do("apply", NEW)).exit).toBe(0);
    const since = [...world.machines.values()].map(({ ledgers }) => ledgers.get("demo")?.run?.since ?? "");
    expect(since.every((time, index) => time > (late.get(HOSTS[index] ?? "")?.run?.since ?? "x"))).toBe(true);
    expect(splitRun(statesOf(world))).toBeUndefined();
  });
});

describe("a host that names a run of a time that no clock shows", () => {
  it.each(["9999-12-31T23:59:59.999Z", "2099-01-01T00:00:00.000Z"])(
    "%s: the others do not take it over",
    async (since) => {
      const world = await made(OLD);
      const { ledgers } = world.machine("rs1");
      const ledger = ledgers.get("demo");
      if (!ledger?.run) throw new Error("no run");
      ledgers.set("demo", { ...ledger, run: { ...ledger.run, since } });
      for (const wanted of [NEW, OLD]) {
        expect((await world.do("apply", wanted)).exit).toBe(0);
        const all = [...world.machines.values()].map((machine) => machine.ledgers.get("demo")?.run?.since ?? "");
        expect(all.filter((time) => !/^2026-/.test(time))).toEqual([]);
        expect(splitRun(statesOf(world))).toBeUndefined();
      }
    },
  );
});

describe("a disk that was restored from a backup", () => {
  it("is told from the other hosts, and apply makes all of them as the file says", async () => {
    const world = await made(OLD);
    const kept = { ...world.machine("rs1").ledgers.get("demo") } as Ledger;
    const files = new Map(world.machine("rs1").resources);
    expect((await world.do("apply", NEW)).exit).toBe(0);
    const wanted = world.states();
    world.machine("rs1").resources.clear();
    world.machine("rs1").have({ resources: files, ledgers: new Map([["demo", kept]]), atBoot: new Map() });
    expect(splitRun(statesOf(world))).toMatchObject({ confirmed: ["dr", "rs2"], rolledBack: ["rs1"] });
    expect((await world.do("apply", NEW)).exit).toBe(0);
    expect(splitRun(statesOf(world))).toBeUndefined();
    expect(world.stateOf("rs1")).toBe(wanted[HOSTS.indexOf("rs1")]);
    expect((await world.do("destroy", {})).exit).toBe(0);
    for (const { ledgers } of world.machines.values()) expect(ledgers.get("demo")?.entries ?? []).toEqual([]);
  });

  it("has things that its ledger does not know: they are nobody's, and stay", () => {
    const { problems, summary, after } = plan([vip("ens3")], host([vip("ens3")], ledgerOf([])));
    expect([problems, summary.none, after.entries]).toEqual([[], 1, []]);
    const other = plan([vip("ens3")], host([resource("address", "announce", { ...vip("ens3").state, prefix: 24 })]));
    expect(other.problems).toMatchObject([{ adoptable: true }]);
  });

  it("has a ledger of what is not there: drift says so, apply makes it, destroy and repair leave it out", () => {
    const entry = entryOf(vip("ens3"));
    const state = host([], ledgerOf([entry]));
    expect(driftOf(state, kinds).differences).toMatchObject([{ what: "gone", key: entry.key }]);
    expect(plan([vip("ens3")], state).changes).toMatchObject([{ action: "create" }]);
    const { changes, after } = plan([], state);
    expect([changes, after.entries]).toEqual([[], []]);
    const { entries, untrue } = salvage([entry], { observed: state.observed, desired: [], others: [], kinds });
    expect([entries, untrue]).toEqual([[], [entry]]);
  });
});

describe("two versions of lvsctl that take turns", () => {
  it.each(history().map(({ name, ledger }) => [name, ledger]))(
    "go on from %s, and write the format of today",
    (_name, text) => {
      const ledger = parseLedger(text, "field", "lb1");
      expect(text).toContain(`"checksum": "${ledgerChecksum(ledger)}",`); // By it a host knows that nothing has changed.
      const desired = ledger.entries.map(({ kind, key, state, stage }) => {
        return { kind, key, state, stage, why: "", services: [] };
      });
      const there = { ...host(desired, ledger), host: "lb1" };
      const made = judgedPlan(
        { topology: "field", hosts: new Map([["lb1", desired]]) },
        new Map([["lb1", there]]),
        kinds,
        {},
      );
      expect(made.summary).toMatchObject({ create: 0, update: 0, delete: 0 });
      const after = nextLedger("field", "lb1", ledger, made.hosts.get("lb1") ?? [], true);
      expect(after.entries.map(identity)).toEqual(ledger.entries.map(identity));
      expect(after.entries.map(({ original }) => original)).toEqual(ledger.entries.map(({ original }) => original));
      expect(parseLedger(formatLedger(after), "field", "lb1").entries).toEqual(after.entries);
    },
  );
});

async function made(desired: Desired): Promise<World> {
  const world = new World(HOSTS);
  expect((await world.do("apply", desired)).exit).toBe(0);
  return world;
}

function statesOf(world: World): ReadonlyMap<string, HostState> {
  return new Map(
    [...world.machines].map(([name, { ledgers }]) => {
      return [name, { host: name, observed: new Map(), ledger: ledgers.get("demo") }];
    }),
  );
}
