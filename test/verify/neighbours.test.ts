import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Topology } from "../../src/topology/topology.ts";
import { judgeNeighbours, neighbourQuestions } from "../../src/verify/neighbours.ts";
import { loadTopology } from "../helpers/load-topology.ts";

const file = readFileSync("examples/unmanaged.yaml", "utf8");
const { topology } = loadTopology(file, "unmanaged.yaml");
const askers = (...available: readonly string[]) =>
  neighbourQuestions(topology as Topology, new Set(available)).map(
    ({ host, address, asker }) => `${host} ${address} ${asker ? `${asker.host} ${asker.device}` : "nobody"}`,
  );

describe("who asks for a host that lvsctl does not log in to", () => {
  it("is a host on its segment", () => {
    expect(askers("lb", "rs1", "client")).toEqual(["win1 10.0.0.21 lb eth1", "team2 192.0.2.22 lb eth0"]);
    expect(askers("rs1")).toEqual(["win1 10.0.0.21 rs1 eth0", "team2 192.0.2.22 nobody"]);
  });

  it("is nobody for a client, which need not be there", () => {
    const { topology: other } = loadTopology(
      file.replace("{ role: client,", "{ role: client, managed: false,"),
      "unmanaged.yaml",
    );
    const hosts = neighbourQuestions(other as Topology, new Set(["lb"])).map(({ host }) => host);
    expect(hosts).toEqual(["win1", "team2"]);
  });
});

describe("what neighbours answer", () => {
  const question = { host: "win1", device: "eth0", address: "10.0.0.21", asker: { host: "lb", device: "eth1" } };
  const known = new Map([["rs1", new Map([["02:00:00:00:00:02", "eth0"]])]]);
  const judge = (macs: readonly string[] | undefined, asked: typeof question | object = question) =>
    judgeNeighbours([{ ...question, ...asked }], new Map(macs ? [["10.0.0.21", macs]] : []), known);

  it("shows that it is there, and its hardware address", () => {
    const { checks, notes, hardware } = judge(["02:00:00:00:00:07"]);
    expect(checks).toEqual([
      { name: "neighbour", ok: true, detail: "win1 answers for 10.0.0.21 with 02:00:00:00:00:07 (asked by lb)" },
    ]);
    expect(notes).toEqual([]);
    expect(hardware).toEqual(new Map([["win1", new Map([["02:00:00:00:00:07", "eth0"]])]]));
  });

  it("fails if nobody answers, or a host that has another name", () => {
    expect(judge([]).checks).toMatchObject([{ ok: false, detail: expect.stringContaining("no host answers for") }]);
    const taken = judge(["02:00:00:00:00:02"]);
    expect(taken.checks).toMatchObject([{ ok: false, detail: expect.stringContaining("rs1 (on eth0, 02:00") }]);
    expect([...(taken.hardware.get("win1") ?? [])]).toEqual([]);
  });

  it("is noted if nobody can ask", () => {
    expect(judge(undefined)).toMatchObject({ checks: [], notes: [expect.stringContaining("lb cannot ask")] });
    const { notes } = judge(undefined, { asker: undefined });
    expect(notes).toEqual([expect.stringContaining("none of the hosts here is on its segment")]);
  });
});
