import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { networkOf } from "../../src/compile/network-of.ts";
import { Playbooks } from "../../src/playbook/playbooks.ts";
import { kinds } from "../../src/resources/kinds.ts";
import { loadTopology } from "../../src/topology/load-topology.ts";
import { judgeHolders, type Question, questionsOf } from "../../src/verify/holders.ts";

const hardware = new Map([
  ["lb", new Map([["02:00:00:00:00:01", "eth0"]])],
  ["rs1", new Map([["02:00:00:00:00:02", "eth1"]])],
]);
const question: Question = { vip: "10.0.0.1", owners: ["lb"], asker: { host: "lb", device: "eth0" } };
const judge = (macs: readonly string[] | undefined, asked = question) =>
  judgeHolders([asked], new Map(macs ? [[asked.vip, macs]] : []), hardware);

describe("a VIP", () => {
  it("is held by its director alone", () => {
    for (const macs of [[], ["02:00:00:00:00:01"]]) {
      const { checks, notes } = judge(macs);
      expect(checks).toEqual([
        { name: "holder", ok: true, detail: "no other host answers for 10.0.0.1 (asked by lb)" },
      ]);
      expect(notes).toEqual([]);
    }
  });

  it("fails if another host answers, or a stranger, or both", () => {
    expect(judge(["02:00:00:00:00:02"]).checks[0]).toMatchObject({
      ok: false,
      detail: expect.stringContaining("rs1 (on eth1, 02:00:00:00:00:02) answers for 10.0.0.1 too"),
    });
    expect(judge(["02:00:00:00:00:02", "02:00:00:00:00:09"]).checks[0]?.detail).toMatch(
      /rs1 .* and a machine that is none of these hosts \(02:00:00:00:00:09\) answer for/,
    );
  });

  it("may be held by several directors that the topology has on one segment", () => {
    expect(judge(["02:00:00:00:00:02"], { ...question, owners: ["lb", "rs1"] }).checks[0]?.ok).toBe(true);
  });

  it("may be answered for by an unknown address of a director that lvsctl does not log in to, and has to be", () => {
    const asked = { ...question, unmanaged: ["lb"], asker: { host: "rs1", device: "eth1" } };
    const learned = new Map([...hardware, ["lb", new Map<string, string>()]]);
    const of = (macs: readonly string[]) =>
      judgeHolders([asked], new Map([[asked.vip, macs]]), learned).checks.map(({ ok, detail }) => [ok, detail]);
    const VRRP = "00:00:5e:00:01:33";
    expect(of([VRRP])).toEqual([[true, "only lb answers for 10.0.0.1 (asked by rs1)"]]);
    expect(of([])).toEqual([[false, "no host answers for 10.0.0.1 (asked by rs1); it should be lb"]]);
    expect(of([VRRP, "02:00:00:00:00:02"])[0]?.[1]).toContain("rs1 (on eth1, 02:00:00:00:00:02) answers for");
    expect(of([VRRP, "02:00:00:00:00:09"])[0]?.[1]).toContain("none of these hosts (02:00:00:00:00:09) answers for");
    expect(judge([VRRP]).checks[0]?.ok).toBe(false);
  });

  it("is noted if nobody can ask", () => {
    expect(judge(undefined)).toMatchObject({ checks: [], notes: [expect.stringContaining("lb has no arping")] });
    const { notes } = judge(undefined, { ...question, asker: undefined });
    expect(notes).toEqual([expect.stringContaining("none of the hosts here is on its segment")]);
  });
});

describe("who asks", () => {
  it("is the director, by ARP; without it a neighbour that does not have the VIP", () => {
    const askers = askersIn(readFileSync("examples/dr.yaml", "utf8"));
    expect(askers("dr", "rs1", "rs2", "client", "fw")).toEqual([{ host: "dr", device: "eth0" }]);
    expect(askers("fw", "rs1", "rs2")).toEqual([{ host: "fw", device: "eth1" }]);
    expect(askers("rs1", "client")).toEqual([undefined]);
  });

  it("is a neighbour, by NDP", () => {
    const askers = askersIn(`version: 1
name: six
hosts:
  lb: { role: director, interfaces: { eth0: "fd00::5/64" } }
  rs1: { role: real-server, interfaces: { eth0: "fd00::11/64" } }
  pc: { role: client, interfaces: { eth0: "fd00::77/64" } }
services:
  web: { mode: dr, vip: "fd00::100", port: 80, scheduler: rr, realServers: { rs1: {} } }
`);
    expect(askers("lb", "rs1", "pc")).toEqual([{ host: "pc", device: "eth0" }]);
    expect(askers("lb", "rs1")).toEqual([undefined]);
  });

  function askersIn(text: string) {
    const playbooks = new Playbooks(kinds);
    const { topology, problems } = loadTopology(text, "t.yaml", playbooks);
    if (topology === undefined) throw new AggregateError(problems, "not valid");
    const network = networkOf(topology, playbooks.usedBy(topology).playbooks);
    return (...hosts: readonly string[]) => questionsOf(topology, network, new Set(hosts)).map(({ asker }) => asker);
  }
});
