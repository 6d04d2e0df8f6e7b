import { describe, expect, it } from "vitest";
import type { KnownHost } from "../../src/ledger/known-host.ts";
import type { Ledger, LedgerEntry } from "../../src/ledger/ledger.ts";
import type { HostState } from "../../src/plan/host-state.ts";
import { findRemoved, hostsToKnow, withRemoved } from "../../src/plan/removed-hosts.ts";
import type { Host } from "../../src/topology/topology.ts";

type FileHost = Pick<Host, "name" | "roles" | "ssh" | "managed" | "interfaces">;

const entry: LedgerEntry = { kind: "sysctl", key: "k", stage: "base-network", state: {}, original: null };
const known = (name: string, destination = name): KnownHost => ({ name, roles: ["director"], ssh: { destination } });
const host = (name: string, destination = name): FileHost => ({
  ...{ name, roles: ["director"], ssh: { destination } },
  ...{ managed: true, interfaces: [] },
});
const unmanaged = (name: string, address: string): FileHost => ({
  ...host(name),
  managed: false,
  interfaces: [{ name: "eth0", segment: "lan", addresses: [{ address, prefix: 24, family: 4 }] }],
});
const ledger = (name: string, hosts?: readonly KnownHost[]): Ledger => {
  return { topology: "t", host: name, entries: [entry], ...(hosts ? { hosts } : {}) };
};
const states = (...found: readonly (readonly [string, Ledger | undefined])[]): ReadonlyMap<string, HostState> =>
  new Map(found.map(([name, one]) => [name, { host: name, observed: new Map(), ledger: one }]));
const summary = ({ told, missing }: ReturnType<typeof findRemoved>) => [
  ...told.map(({ name, state, renamedTo }) => `${name} ${state}${renamedTo ? ` ${renamedTo}` : ""}`),
  ...missing.map(({ name }) => `${name} missing`),
];

describe("a host that the ledgers know", () => {
  it("is missing if the file no longer names it, and known once however many ledgers name it", () => {
    const others = [known("lb2")];
    const found = findRemoved(
      [host("lb1"), host("rs1")],
      states(["lb1", ledger("lb1", others)], ["rs1", ledger("rs1", others)]),
    );
    expect(summary(found)).toEqual(["lb2 missing"]);
  });

  it("is not missing because --limit leaves it out", () => {
    expect(summary(findRemoved([host("lb1"), host("lb2")], states(["lb1", ledger("lb1", [host("lb2")])])))).toEqual([]);
  });

  it("is renamed if its machine's ledger says so, wherever it is reached now", () => {
    const found = states(["lb1", ledger("lb1", [host("lb2")])], ["gate", ledger("lb2")]);
    expect(summary(findRemoved([host("lb1"), host("gate", "192.0.2.6")], found))).toEqual(["lb2 renamed gate"]);
  });

  it("is renamed if another host of the file is in the same place, even one that --limit leaves out", () => {
    const found = states(["lb1", ledger("lb1", [host("lb2", "192.0.2.6")])]);
    expect(summary(findRemoved([host("lb1"), host("gate", "192.0.2.6")], found))).toEqual(["lb2 renamed gate"]);
    const reached = (more: Partial<KnownHost["ssh"]>) =>
      summary(findRemoved([host("lb1"), { ...host("gate"), ssh: { destination: "192.0.2.6", ...more } }], found));
    expect(reached({ user: "ops", port: 22 })).toEqual(["lb2 renamed gate"]);
    expect(reached({ port: 2222 })).toEqual(["lb2 missing"]);
    expect(reached({ jump: "site-b" })).toEqual(["lb2 missing"]); // The same address in another network.
  });

  it("is replaced if its name is that of a machine elsewhere that has no ledger", () => {
    const knowing = ledger("rs1", [known("lb1", "192.0.2.5")]);
    const file = [host("lb1", "192.0.2.9"), host("rs1")];
    expect(summary(findRemoved(file, states(["rs1", knowing], ["lb1", undefined])))).toEqual(["lb1 replaced"]);
    expect(summary(findRemoved(file, states(["rs1", knowing], ["lb1", ledger("lb1")])))).toEqual([]);
    expect(
      summary(findRemoved([host("lb1", "192.0.2.5"), host("rs1")], states(["rs1", knowing], ["lb1", undefined]))),
    ).toEqual([]);
  });

  it("has things of lvsctl's still if lvsctl no longer logs in to it, by this name or another", () => {
    const found = states(["lb1", ledger("lb1", [known("rs1", "192.0.2.11"), known("rs2"), known("rs3")])]);
    const file = [
      host("lb1"),
      unmanaged("rs1", "10.0.0.1"),
      { ...unmanaged("rs9", "10.0.0.2"), ssh: known("rs2").ssh },
    ];
    expect(summary(findRemoved(file, found))).toEqual(["rs1 unmanaged", "rs2 unmanaged rs9", "rs3 missing"]);
    const renamed = [host("lb1"), unmanaged("win1", "192.0.2.11"), host("rs2"), host("rs3")];
    expect(summary(findRemoved(renamed, found))).toEqual(["rs1 unmanaged win1"]);
  });

  it("is unknown to ledgers of older versions", () => {
    expect(summary(findRemoved([host("lb1")], states(["lb1", ledger("lb1")])))).toEqual([]);
  });
});

describe("what ledgers are to know", () => {
  it("is every host on which something is made, without the paths of keys", () => {
    const hosts = [
      { ...host("lb1"), ssh: { destination: "lb1", user: "ops", identityFile: "/home/ann/.ssh/key" } },
      host("pc"),
    ];
    const desired = { topology: "t", hosts: new Map([["lb1", [{ ...entry, why: "", services: [] }]]]) };
    expect(hostsToKnow(hosts, desired)).toEqual([
      { name: "lb1", roles: ["director"], ssh: { destination: "lb1", user: "ops" } },
    ]);
  });

  it("includes removed hosts until they are clean, and not those that were only renamed", () => {
    const plan = {
      topology: "t",
      hosts: new Map(),
      problems: [],
      summary: { create: 0, update: 0, delete: 0, none: 0 },
    };
    const removed = (["cleaned", "unreached", "left-out", "renamed", "replaced", "unmanaged"] as const).map((state) => {
      return { ...known(state), state };
    });
    const { knownHosts } = withRemoved(plan, [host("lb1")], removed);
    expect(knownHosts?.map(({ name }) => name)).toEqual(["lb1", "cleaned", "unreached", "left-out", "unmanaged"]);
    expect(withRemoved(plan, [host("lb1")], []).removed).toBeUndefined();
  });
});
