import { describe, expect, it } from "vitest";
import type { HostDrift } from "../../src/plan/drift.ts";
import { driftToJson, formatDrift } from "../../src/report/drift.ts";
import type { Output } from "../../src/report/output.ts";
import { checked } from "../helpers/checked-json.ts";

const plain: Output = {
  width: 100,
  isTerminal: false,
  write: () => undefined,
  paint: (_style, text) => text,
  showActivity: () => undefined,
  announce: () => undefined,
  lend: () => () => undefined,
};

it("shows little of what a host says without end", () => {
  const endless = `iptables -A INPUT ${"x".repeat(1_000_000)}`;
  const added = { what: "added", kind: "iptables-rule", key: "r", description: endless, remedy: endless } as const;
  const changed = { what: "changed", kind: "sysctl", key: "k", description: endless } as const;
  const differences = [added, { ...changed, fields: [{ name: "value", set: "1", now: endless }] }];
  const drift = {
    topology: "lab",
    rivals: [],
    notes: [],
    hosts: [{ host: "dr", hasLedger: true, checked: 1, differences }],
  };
  expect(formatDrift(drift, {}, plain).length).toBeLessThan(13_000);
});

const hosts: readonly HostDrift[] = [
  {
    host: "dr",
    hasLedger: true,
    checked: 4,
    differences: [
      { what: "gone", kind: "address", key: "a", description: "address 172.16.10.10/32 dev eth0" },
      {
        what: "changed",
        kind: "ipvs-service",
        key: "s",
        description: "IPVS service s",
        fields: [
          { name: "scheduler", set: "rr", now: "wlc" },
          { name: "schedulerFlags", set: [], now: ["a\u001b[2J"] },
        ],
      },
      {
        what: "changed",
        kind: "sysctl",
        key: "k",
        description: "sysctl k = 1",
        fields: [{ name: "value", set: "1", now: undefined }],
      },
      { what: "added", kind: "iptables-rule", key: "r", description: "a rule", remedy: "iptables -D CHAIN -j DROP" },
    ],
  },
  { host: "rs1", hasLedger: true, checked: 1, differences: [] },
  { host: "rs2", hasLedger: false, checked: 0, differences: [] },
];

const ALONE = { rivals: [], notes: [] };
const GIVEN = { file: "dr.yaml", lab: true };

describe("drift for people", () => {
  it("names machines that answer for our addresses, and what nobody could ask", () => {
    const rivals = [{ host: "dr", address: "172.16.10.10", asker: "dr", who: ["pc (on eth0, 02:00:00:00:00:01)"] }];
    const drift = { topology: "t", hosts: hosts.slice(1, 2), rivals, notes: ["fd00::10: dr cannot ask"] };
    expect(formatDrift(drift, GIVEN, plain)).toBe(`rs1  unchanged (1 thing)
! pc (on eth0, 02:00:00:00:00:01) answers for 172.16.10.10 too (asked by dr); clients reach one or
  the other.
Note: fd00::10: dr cannot ask

Other machines answer for 1 of our addresses.
`);
    expect(checked(driftToJson(drift, GIVEN))).toMatchObject({ drift: true, rivals, notes: drift.notes });
  });

  it("says whether there is no host to look at, or nothing on it", () => {
    const summary = (list: typeof hosts) =>
      formatDrift({ topology: "t", hosts: list, ...ALONE }, GIVEN, plain)
        .split("\n")
        .at(-2);
    expect(summary([])).toBe("lvsctl logs in to none of the hosts of t, so there is nothing to compare.");
    expect(summary(hosts.slice(2))).toBe("Nothing of t has been applied to 1 host.");
  });

  it("says host by host what we set, what it is now and what to do", () => {
    expect(formatDrift({ topology: "t", hosts, ...ALONE }, GIVEN, plain)).toBe(`dr
  - address 172.16.10.10/32 dev eth0
      is missing; an apply creates it again
  ~ IPVS service s
      scheduler expected rr, found wlc, schedulerFlags expected none, found ["a\\u001b[2J"]; an apply
      restores it
  ~ sysctl k = 1
      expected 1, found none; an apply restores it
  + a rule
      is not lvsctl's, so apply leaves it alone; to remove it:
      $ iptables -D CHAIN -j DROP
rs1  unchanged (1 thing)
rs2  this topology has nothing on this host

4 differences on 1 host (5 things checked).
To restore what lvsctl has set: lvsctl apply --lab dr.yaml
`);
  });

  it("is short where there is none, and where nothing was applied", () => {
    const [, same, empty] = hosts.map((host) => formatDrift({ topology: "t", hosts: [host], ...ALONE }, GIVEN, plain));
    expect(same).toMatch(/\nNo drift on 1 host \(1 thing checked\)\.\n$/);
    expect(empty).toMatch(/\nNothing of t has been applied to 1 host\.\n$/);
  });
});

it("shows what a terminal would obey as a sign that it is there", () => {
  const difference = { what: "added", kind: "k", key: "r", description: "a\u001b[2J", remedy: "b\u009b2J" } as const;
  const drift = { host: "h", hasLedger: true, checked: 1, differences: [difference] };
  const text = formatDrift({ topology: "t", hosts: [drift], ...ALONE }, GIVEN, plain);
  expect(text).toContain("+ a\ufffd[2J\n");
  expect(text).toContain("$ b\ufffd2J\n");
});

describe("drift for machines", () => {
  it("has every difference with what was set, what is there and what to do", () => {
    expect(checked(driftToJson({ topology: "t", hosts, ...ALONE }, GIVEN))).toMatchObject({
      format: "lvsctl.drift/1",
      topology: "t",
      drift: true,
      hosts: {
        dr: {
          ledger: true,
          checked: 4,
          differences: [
            { what: "gone", kind: "address", id: "a", fields: [], fix: "lvsctl apply --lab dr.yaml" },
            {
              what: "changed",
              fields: [{ name: "scheduler", set: "rr", now: "wlc" }, {}],
              fix: "lvsctl apply --lab dr.yaml",
            },
            { what: "changed", fields: [{ name: "value", set: "1", now: null }] },
            { what: "added", fix: "iptables -D CHAIN -j DROP" },
          ],
        },
        rs1: { ledger: true, differences: [] },
        rs2: { ledger: false },
      },
    });
  });
});
