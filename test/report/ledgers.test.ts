import { describe, expect, it } from "vitest";
import { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import type { DescribedEntry } from "../../src/ledger/described-ledger.ts";
import { formatJson } from "../../src/report/json.ts";
import { formatLedgers, formatProposals, ledgersToJson } from "../../src/report/ledgers.ts";
import type { Output } from "../../src/report/output.ts";
import { checked } from "../helpers/checked-json.ts";

const output: Output = {
  width: 80,
  isTerminal: false,
  write: () => {},
  paint: (_style, text) => text,
  showActivity: () => undefined,
  announce: () => undefined,
  lend: () => () => undefined,
};
const path = "/var/lib/lvsctl/web/ledger.json";
const problem = new LvsctlError("LVS-LEDGER-001", `The ledger ${path} cannot be used: it is empty.`, {
  hint: "Mend it.",
});

const forward: DescribedEntry = {
  ...{ kind: "sysctl", key: "net.ipv4.ip_forward", stage: "base-network" },
  ...{ state: { value: "1" }, original: { value: "0" } },
  description: "sysctl net.ipv4.ip_forward = 1",
  originalDescription: "sysctl net.ipv4.ip_forward = 0",
};
const vip: DescribedEntry = {
  ...{ kind: "address", key: "10.0.0.9 dev lo", stage: "real-server-address", state: {}, original: null },
  description: "address 10.0.0.9/32 dev lo",
};

describe("ledgers", () => {
  const hosts = [
    { host: "dr", path, entries: [forward, vip], problem: undefined, others: ["admin"] },
    { host: "rs1", path, entries: undefined, problem, others: [] },
    { host: "rs2", path, entries: undefined, problem: undefined, others: [] },
  ];

  it("tell people what was made and what was there before", () => {
    expect(formatLedgers({ topology: "web", hosts }, output)).toBe(`dr  /var/lib/lvsctl/web/ledger.json
    sysctl net.ipv4.ip_forward = 1  (before: sysctl net.ipv4.ip_forward = 0)
    address 10.0.0.9/32 dev lo  (was not there before)
  also on this host: admin

rs1  the ledger is not usable

rs2  this topology has nothing on this host
`);
  });

  it("tell machines the same", () => {
    expect(JSON.parse(formatJson(checked(ledgersToJson({ topology: "web", hosts }))))).toEqual({
      format: "lvsctl.ledgers/1",
      topology: "web",
      hosts: {
        dr: {
          ...{ path, state: "whole", problem: null, otherTopologies: ["admin"] },
          entries: [
            {
              ...{ kind: "sysctl", id: "net.ipv4.ip_forward", stage: "base-network" },
              ...{ state: { value: "1" }, original: { value: "0" }, description: "sysctl net.ipv4.ip_forward = 1" },
            },
            {
              ...{ kind: "address", id: "10.0.0.9 dev lo", stage: "real-server-address", state: {}, original: null },
              description: "address 10.0.0.9/32 dev lo",
            },
          ],
        },
        rs1: {
          ...{ path, state: "damaged", entries: [], otherTopologies: [] },
          problem: { code: "LVS-LEDGER-001", message: problem.message, hint: "Mend it." },
        },
        rs2: { path, state: "none", problem: null, entries: [], otherTopologies: [] },
      },
    });
  });
});

describe("a repair", () => {
  const keptAs = `${path}.damaged-20261120T130001Z`;
  const nothing = { entries: [], found: [], untrue: [], unclear: [], hosts: [], unreadable: [] };
  const known = [
    { name: "dr", roles: ["director"], ssh: { destination: "192.0.2.5", user: "ops" } },
    { name: "rs3", roles: ["real-server"], ssh: { destination: "rs3" } },
  ];
  const proposal = { host: "rs1", path, problem, ...nothing, keptAs, hasDesired: true };

  it("says what it saves, finds and leaves out, and shows nothing that a terminal would obey", () => {
    const more = {
      entries: [forward, vip],
      found: [vip],
      untrue: [{ ...vip, description: "address 10.0.0.8/32 dev lo" }],
      unclear: ["sysctl net.ipv4.conf.all.arp_ignore = 1"],
      hosts: known,
      unreadable: ['    {"kind":"web\u001b[31m-serv\u202eer'],
    };
    expect(formatProposals([{ ...proposal, ...more }], {}, output)).toBe(`rs1  /var/lib/lvsctl/web/ledger.json
  The ledger /var/lib/lvsctl/web/ledger.json cannot be used: it is empty.
  Saved; matches the host:
    sysctl net.ipv4.ip_forward = 1  (before: sysctl net.ipv4.ip_forward = 0)
  Found on the host as the topology asks for it; what was there before is
    unknown, and destroy removes it:
    address 10.0.0.9/32 dev lo
  Left out, because it does not match the host:
    address 10.0.0.8/32 dev lo
  Left out, because the host may always have had it; destroy leaves it
    unchanged:
    sysctl net.ipv4.conf.all.arp_ignore = 1
  The topology's other hosts, as this ledger knows them:
    dr (ops@192.0.2.5)
    rs3 (rs3)
  Not readable:
    {"kind":"web�[31m-serv�er
  The damaged one is kept as
    /var/lib/lvsctl/web/ledger.json.damaged-20261120T130001Z; lvsctl never
    deletes it.
`);
  });

  it("says where it puts what others could have made, if they could", () => {
    const exposed = { ...proposal, problem: new LvsctlError("LVS-LEDGER-003", "It is somebody else's.") };
    const moved = `moved to ${keptAs}.others`;
    expect(formatProposals([exposed], {}, output).replaceAll(/\s+/g, " ")).toContain(moved);
    expect(formatProposals([proposal], {}, output)).not.toContain("others");
  });

  it("says so when nothing can be saved, and that the file may help", () => {
    const text = formatProposals([{ ...proposal, unreadable: ["x"], hasDesired: false }], {}, output);
    expect(text).toContain("With the topology's file instead of --name, more may be found.");
    expect(text).toContain("Nothing can be saved: there will be no ledger");
    expect(text).not.toContain("other hosts");
  });
});
