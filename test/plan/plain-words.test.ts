/** What a plan objects to, warns of and could not check, whatever is there or missing on the hosts. */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { HostState } from "../../src/plan/host-state.ts";
import { judgedPlan } from "../../src/plan/judged-plan.ts";
import { kinds } from "../../src/resources/kinds.ts";
import type { State } from "../../src/resources/resource.ts";
import { parseSurroundings, type Surroundings } from "../../src/resources/surroundings.ts";
import { randomCases } from "../helpers/long-run.ts";
import { expectPlainTexts } from "../helpers/plain-texts.ts";

const HOSTS = ["lb", "rs1", "web9"] as const;
const MACS = ["02:00:00:00:03:01", "02:00:00:00:03:02"] as const;
const VIP = "172.16.10.10";

/** Resources that get into each other's way, and into that of a login. */
const POOL: readonly (readonly [kind: string, state: State])[] = [
  ["address", { address: VIP, prefix: 32, device: "eth0" }],
  ["address", { address: VIP, prefix: 24, device: "eth0" }],
  ["address", { address: VIP, prefix: 32, device: "lo" }],
  ["address", { address: "fd00::10", prefix: 128, device: "eth0", asSource: false }],
  ["address", { address: "172.16.20.5", prefix: 24, device: "eth1" }],
  ["sysctl", { key: "net.ipv4.conf.all.arp_ignore", value: 1 }],
  ["sysctl", { key: "net.ipv4.conf.all.arp_ignore", value: 2 }],
  ["sysctl", { key: "net.ipv4.conf.all.rp_filter", value: 1 }],
  ["sysctl", { key: "net.ipv4.ip_forward", value: 0 }],
  ["kernel-module", { name: "ip_vs" }],
  ["ipvs-service", { address: VIP, port: 80, scheduler: "rr" }],
  ["ipvs-service", { address: VIP, port: 80, scheduler: "wlc" }],
  ["ipvs-service", { address: VIP, port: 22, scheduler: "rr" }],
  ["ipvs-service", { fwmark: 7, scheduler: "rr" }],
  ["route", { to: "default", via: "172.16.10.1" }],
  ["route", { to: "10.0.0.0/8", via: "172.16.10.2" }],
  ["route", { to: "198.51.100.0/24", device: "eth1" }],
  ["iptables-rule", { table: "filter", chain: "INPUT", rule: ["-p", "tcp", "--dport", "22", "-j", "DROP"] }],
  ["iptables-rule", { table: "nat", chain: "POSTROUTING", rule: ["-s", "172.16.10.0/24", "-j", "MASQUERADE"] }],
];

const context = { topology: "t", host: "h" };
const resolved = POOL.flatMap(([kind, written]) => {
  const known = kinds.get(kind);
  if (!known) throw new Error(kind);
  return known.resolve(written, context).map((state) => ({ kind, key: known.key(state), state }));
});
type One = (typeof resolved)[number];

const some = fc.subarray(resolved, { maxLength: 6 });
const reply = fc.constantFrom(
  undefined,
  { device: "eth0", type: "unicast" },
  { via: "172.16.10.1", device: "eth0", type: "unicast" },
);
const around: fc.Arbitrary<Surroundings> = fc
  .record({
    login: fc.option(
      fc.record({
        family: fc.constant(4 as const),
        client: fc.constantFrom("198.51.100.9", "10.0.0.9", "172.16.10.9"),
        clientPort: fc.constant(40_000),
        address: fc.constantFrom(VIP, "172.16.20.5"),
        port: fc.constantFrom(22, 80),
        reply,
      }),
      { nil: undefined },
    ),
    hardware: fc.subarray([...MACS]).map((macs) => new Map(macs.map((mac) => [mac, "eth0"]))),
    programs: fc.subarray([
      { name: "keepalived", process: 812 },
      { name: "ldirectord", process: 9 },
      { name: "kube-proxy", process: 77 },
      { name: "firewalld", process: 78 },
    ]),
    knowsPrograms: fc.boolean(),
    answered: fc
      .constantFrom(undefined, ...MACS, "none")
      .map((mac) => (mac === "none" ? new Map() : new Map<string, string | undefined>([[VIP, mac]]))),
    unasked: fc.constantFrom(new Map(), new Map([[VIP, "arping is not installed"]])),
  })
  .map((own) => ({ ...parseSurroundings(new Map()), ...own }) as Surroundings);
const given = fc.record({
  wanted: some,
  found: some,
  ledger: some,
  others: some,
  around: fc.option(around, { nil: undefined }),
  isMissing: fc.boolean(),
  ledgerHost: fc.constantFrom("own", ...HOSTS),
});

type Given = typeof given extends fc.Arbitrary<infer T> ? T : never;

const entries = (all: readonly One[]) =>
  all.map((one) => ({ ...one, stage: "virtual-service" as const, original: null }));

function stateOf(host: string, one: Given): HostState {
  const details: Record<string, unknown> = {
    address: { devices: ["lo", "eth0"], addresses: [] },
    "ipvs-service": { hasProgram: !one.isMissing, services: [], thresholds: new Map() },
    "kernel-module": { hasModprobe: !one.isMissing, missing: new Set() },
    "arptables-rule": { program: one.isMissing ? undefined : "arptables" },
  };
  const observed = new Map(
    [...kinds.keys()].map((kind) => {
      const all = one.found.filter((found) => found.kind === kind);
      return [
        kind,
        {
          states: new Map(all.map(({ key, state }) => [key, state])),
          detail: details[kind] ?? kinds.get(kind)?.bare?.()?.detail,
        },
      ];
    }),
  );
  return {
    ...{ host, observed },
    ledger: { topology: "t", host: one.ledgerHost === "own" ? host : one.ledgerHost, entries: entries(one.ledger) },
    others: one.others.length === 0 ? [] : [{ topology: "mail", host, entries: entries(one.others) }],
    ...(one.around === undefined ? {} : { surroundings: one.around }),
  };
}

it("says in plain words what is in the way of a plan, what it could cut off and what could not be checked", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.tuple(given, given, given), fc.boolean(), fc.boolean(), (all, adopt, allowManagementChange) => {
      const desired = new Map(
        HOSTS.map((host, index) => [
          host,
          (all[index]?.wanted ?? []).map((one) => ({
            ...one,
            stage: "publish" as const,
            why: "Why.",
            services: ["web"],
          })),
        ]),
      );
      const states = new Map(HOSTS.map((host, index) => [host, stateOf(host, all[index] as (typeof all)[number])]));
      const plan = judgedPlan({ topology: "t", hosts: desired }, states, kinds, { adopt, allowManagementChange });
      for (const { description, message, hint } of [...plan.problems, ...(plan.warnings ?? [])]) {
        seen.add(message.replace(/\d+|"[^"]*"|lb|rs1|web9/g, "…"));
        expectPlainTexts([description, message, hint]);
        expect(hint).toMatch(/\S[.?]$/);
      }
    }),
    { numRuns: randomCases(300) },
  );
  expect(seen.size).toBeGreaterThan(15);
});
