/** Resources that are one thing in the kernel, on hosts where one takes the place of the other, or where one needs the other. */
import { describe, expect, it } from "vitest";
import type { LedgerEntry } from "../../src/ledger/ledger.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { kinds } from "../../src/resources/kinds.ts";
import { identity, type State } from "../../src/resources/resource.ts";
import type { ReadOutputs } from "../../src/shell/read-script.ts";
import { nextLedger } from "../../src/transaction/next-ledger.ts";

const CONTEXT = { topology: "t", host: "lb" };
const ROUTE = { to: "192.0.2.100", device: "lo", type: "local", table: 255 };
const BY_HAND = "local 192.0.2.100 dev lo scope host\n";
const BY_KERNEL = "local 192.0.2.100 dev eth0 proto kernel scope host src 192.0.2.100\n";

/** What was found of a kind: what a host's `ip` printed first for it. */
function found(name: string, written: State, stdout: string) {
  const { kind, state } = resolved(name, written);
  const read = kind.read([state], CONTEXT).find(({ argv }) => argv[0] === "ip");
  const outputs: ReadOutputs = new Map([[read?.name ?? "", { stdout, stderr: "", status: 0 }]]);
  return [name, kind.parse(outputs, [state], CONTEXT)] as const;
}

function resolved(name: string, written: State) {
  const kind = kinds.get(name);
  const [state] = kind?.resolve(written, CONTEXT) ?? [];
  if (kind === undefined || state === undefined) throw new Error(`no ${name}`);
  return { kind, state, key: kind.key(state) };
}

function entry(name: string, written: State, original: State | null = null): LedgerEntry {
  const { state, key } = resolved(name, written);
  return { kind: name, key, stage: "director-network", state, original };
}

function wanted(name: string, written: State) {
  const { state, key } = resolved(name, written);
  return { kind: name, key, state, stage: "director-network", why: "", services: [] } as const;
}

function plan(
  asked: readonly ReturnType<typeof wanted>[],
  entries: readonly LedgerEntry[],
  observed: readonly ReturnType<typeof found>[],
) {
  const ledger = { topology: "t", host: "lb", entries };
  const state = { host: "lb", ledger, observed: new Map(observed) };
  const made = makePlan({ topology: "t", hosts: new Map([["lb", asked]]) }, new Map([["lb", state]]), kinds);
  const changes = made.hosts.get("lb") ?? [];
  return {
    steps: changes.flatMap(({ commands }) => commands),
    reasons: changes.map((change) => `${identity(change)}: ${change.action}, ${change.reason}`),
    ledger: nextLedger("t", "lb", ledger, changes, true),
  };
}

describe("a local route that an older ledger has, where the address is asked for now", () => {
  const address = { address: "192.0.2.100", prefix: 32, device: "eth0" };
  const bare = "2: eth0: <UP> mtu 1500\n    inet 192.0.2.5/24 scope global eth0\n";
  const asked = [wanted("address", address)];

  it("adds the address first, then removes that route and never the kernel's", () => {
    const { steps, ledger } = plan(
      asked,
      [entry("route", ROUTE)],
      [found("route", ROUTE, BY_HAND), found("address", address, bare)],
    );
    expect(steps).toEqual([
      "ip address add 192.0.2.100/32 dev eth0",
      "ip -4 route del local 192.0.2.100/32 dev lo table 255 proto boot",
    ]);
    expect(ledger.entries.map(identity)).toEqual(["address 192.0.2.100 dev eth0"]);
  });

  it("does not put back a route that the kernel had made for an address", () => {
    const original = found("route", ROUTE, BY_KERNEL)[1].states.get("192.0.2.100/32 table 255") ?? null;
    expect(original).toMatchObject({ device: "eth0" });
    const { steps } = plan(
      asked,
      [entry("route", ROUTE, original)],
      [found("route", ROUTE, BY_HAND), found("address", address, bare)],
    );
    expect(steps.at(-1)).toBe("ip -4 route del local 192.0.2.100/32 dev lo table 255 proto boot");
  });

  it("removes nothing where only the kernel's route is left", () => {
    const there = `${bare}    inet 192.0.2.100/32 scope global eth0\n`;
    const { steps, reasons, ledger } = plan(
      asked,
      [entry("route", ROUTE), entry("address", address)],
      [found("route", ROUTE, BY_KERNEL), found("address", address, there)],
    );
    expect(steps).toEqual([]);
    expect(reasons).toEqual(["address 192.0.2.100 dev eth0: none, unchanged"]);
    expect(ledger.entries.map(identity)).toEqual(["address 192.0.2.100 dev eth0"]);
  });

  it("sees the route of its own where the kernel's stands before it", () => {
    const [, { states }] = found("route", ROUTE, BY_KERNEL + BY_HAND);
    expect(states.get("192.0.2.100/32 table 255")).toMatchObject({ device: "lo" });
  });
});

it("a local route is as it should be where the kernel has made it, and is not taken for lvsctl's", () => {
  const { reasons, steps, ledger } = plan([wanted("route", ROUTE)], [], [found("route", ROUTE, BY_KERNEL)]);
  expect(reasons).toEqual(["route 192.0.2.100/32 table 255: none, unchanged"]);
  expect(steps).toEqual([]);
  expect(ledger.entries).toEqual([]);
});

describe("a tunnel device that is no longer asked for", () => {
  const device = { device: "tunl0" };
  const onDevice = { address: "192.0.2.100", prefix: 32, device: "tunl0" };
  const original = { device: "tunl0", isUp: false };
  const entries = [entry("tunnel", device, original), entry("address", onDevice)];
  const printed = [
    found("tunnel", device, "4: tunl0@NONE: <NOARP,UP,LOWER_UP> mtu 1480\n"),
    found("address", onDevice, "4: tunl0@NONE: <NOARP,UP> group default\n    inet 192.0.2.100/32 scope global tunl0\n"),
  ];

  it("stays up, and in the ledger, while an address that is asked for is on it", () => {
    const { steps, reasons, ledger } = plan([wanted("address", onDevice)], entries, printed);
    expect(steps).toEqual([]);
    expect(reasons).toContain("tunnel tunl0: none, left: address 192.0.2.100/32 dev tunl0 needs it");
    expect(ledger.entries).toEqual(entries);
  });

  it("goes down after the address", () => {
    const { steps, ledger } = plan([], entries, printed);
    expect(steps).toHaveLength(2);
    expect(steps[0]).toContain("ip address del 192.0.2.100/32 dev tunl0");
    expect(steps[1]).toContain("ip link set tunl0 down");
    expect(ledger.entries).toEqual([]);
  });
});
