import { expect, test } from "vitest";
import type { Ledger, LedgerEntry } from "../../src/ledger/ledger.ts";
import type { PlannedChange } from "../../src/plan/plan.ts";
import { bootPlaces, reliesOn } from "../../src/resources/boot-order.ts";
import { kinds } from "../../src/resources/kinds.ts";
import type { State } from "../../src/resources/resource.ts";
import { bootStepsOf } from "../../src/transaction/at-boot.ts";

const context = { topology: "web-lab", host: "dr" };

test("every kind is restored after a restart, or is on disk", () => {
  const neither = [...kinds.values()].filter(({ comesBack, outlivesRestart }) => !comesBack && !outlivesRestart);
  expect(neither.map(({ kind }) => kind)).toEqual([]);
});

test.each([
  ["kernel-module", "sysctl", "a parameter has to have its module"],
  ["sysctl", "address", "no address may answer ARP before it is kept from it"],
  ["arptables-rule", "address", "no address may answer ARP before it is kept from it"],
  ["tunnel", "address", "an address needs its device"],
  ["address", "route", "a gateway has to be within reach"],
  ["ipvs-service", "ipvs-destination", "a real server belongs to a service"],
  ["web-server", "ipvs-service", "no request is sent to a web server that does not run yet"],
  ["web-server", "gratuitous-arp", "nothing is announced before everything is in place"],
  ["address", "gratuitous-arp", "nothing is announced before everything is in place"],
])("%s comes back before %s: %s", (first, then) => {
  const places: readonly unknown[] = bootPlaces;
  const place = (name: string) => places.indexOf(kinds.get(name)?.comesBack);
  expect(place(first)).toBeGreaterThanOrEqual(0);
  expect(place(first)).toBeLessThan(place(then));
});

test("each place relies only on places that come before it", () => {
  const places: readonly string[] = bootPlaces;
  for (const [place, others] of Object.entries(reliesOn)) {
    for (const other of others) expect(places.indexOf(other)).toBeLessThan(places.indexOf(place));
  }
});

test("each step says its place", () => {
  const all = [change("boot-unit", {}), change("kernel-module", { name: "ip_vs" })];
  expect(stepsComingBack(all, all)).toMatchObject([{ what: "kernel module ip_vs", place: "kernel modules" }]);
});

test("only the parameters that keep a host silent are relied on by its addresses", () => {
  const keys = ["net.ipv4.conf.all.arp_ignore", "net.ipv4.conf.all.arp_announce", "net.netfilter.nf_conntrack_max"];
  const all = [change("boot-unit", {}), ...keys.map((key) => change("sysctl", { key, value: "1" }))];
  expect(stepsComingBack(all, all).map(({ place }) => place)).toEqual([
    "ARP parameters",
    "ARP parameters",
    "kernel parameters",
  ]);
});

test("nothing is restored without a unit of ours", () => {
  const address = change("address", { address: "172.16.10.10", device: "lo" });
  expect(comingBack([address], [address])).toEqual([]);
});

test("restores in boot order, whatever the order of the plan; leaves files on disk alone", () => {
  const all = [
    change("boot-unit", {}),
    change("gratuitous-arp", { address: "172.16.10.10", device: "eth0" }, "announce"),
    change("ipvs-destination", { service: web, address: "172.16.20.20", method: "dr" }, "real-servers"),
    change("ipvs-service", { ...web, scheduler: "rr" }, "virtual-service"),
    change("file", { path: "/var/lib/lvsctl/web-lab/x", content: "x" }),
    change("address", { address: "172.16.10.10", device: "eth0" }, "director-network"),
    change("sysctl", { key: "net.ipv4.vs.conntrack", value: "1" }, "director-network"),
    change("kernel-module", { name: "ip_vs" }),
  ];
  expect(comingBack(all, all)).toEqual([
    "kernel module ip_vs",
    "sysctl net.ipv4.vs.conntrack = 1",
    "address 172.16.10.10/32 dev eth0",
    "IPVS service tcp 172.16.10.10:80 (rr)",
    "real server tcp 172.16.10.10:80 -> 172.16.20.20:80 (dr, weight 1)",
    "gratuitous ARP for 172.16.10.10 on eth0",
  ]);
});

test("the host's own network is its distribution's, but a module that somebody else has loaded is needed all the same", () => {
  const unit = change("boot-unit", {});
  const theirs = [
    change("address", { address: "172.16.20.10", prefix: 24, device: "eth0" }, "base-network"),
    change("kernel-module", { name: "nf_conntrack" }),
  ];
  const ours = change("route", { to: "10.0.0.0/8", via: "172.16.20.1" }, "base-network");
  expect(comingBack([unit, ...theirs, ours], [unit, ours])).toEqual([
    "kernel module nf_conntrack",
    "route 10.0.0.0/8 via 172.16.20.1",
  ]);
});

const web = { address: "172.16.10.10", port: 80, protocol: "tcp" };

function change(kind: string, written: State, stage: PlannedChange["stage"] = "kernel-modules"): PlannedChange {
  const found = kinds.get(kind);
  const [after = {}] = found?.resolve(written, context) ?? [];
  return {
    ...{ kind, key: found?.key(after) ?? "", host: context.host, action: "create", before: undefined, after },
    ...{ description: "", fields: [], reason: "", why: "", stage, phase: "build", commands: [], original: undefined },
    isAction: found?.action ?? false,
  };
}

/** What comes back, in order. */
function comingBack(changes: readonly PlannedChange[], owned: readonly PlannedChange[]): readonly string[] {
  return stepsComingBack(changes, owned).map(({ what }) => what);
}

function stepsComingBack(changes: readonly PlannedChange[], owned: readonly PlannedChange[]) {
  const entries = owned.map(
    ({ kind, key, stage, after = {} }): LedgerEntry => ({ kind, key, stage, state: after, original: null }),
  );
  const ledger: Ledger = { ...context, entries };
  const found = { states: new Map(), detail: { addresses: [], devices: ["eth0"], mayBeBusyBox: false } };
  return bootStepsOf(changes, ledger, new Map([["address", found]]), kinds);
}
