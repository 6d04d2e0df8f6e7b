import { describe, expect, it } from "vitest";
import type { Plan } from "../../src/plan/plan.ts";
import type { ReadOutputs } from "../../src/shell/read-script.ts";
import type { Service, Topology } from "../../src/topology/topology.ts";
import type { Transport } from "../../src/transport/transport.ts";
import { startCounting } from "../../src/verify/passed.ts";
import type { Traffic } from "../../src/verify/traffic.ts";
import { judge } from "../../src/verify/verification.ts";

const realServer = (host: string, address: string) => ({ host, address, port: 123, weight: 1 });
const time = {
  name: "time",
  protocol: "udp",
  port: 123,
  scheduler: "rr",
  vip: { address: "10.0.2.100", family: 4, prefix: 32 },
  testPage: false,
  ...{ verify: {}, match: [], family: 4 },
  directors: [{ host: "lb" }],
  realServers: [realServer("rs1", "192.168.57.11"), realServer("rs2", "192.168.57.12")],
} as unknown as Service;
const traffic: Traffic = {
  ...{ service: "time", from: "client" },
  answers: [
    {
      ...{ type: "udp", target: "udp 10.0.2.100:123", requests: 4, retried: 0, answered: 0, timedOut: 4 },
      ...{ byRealServer: new Map(), foreignAnswers: 0, errors: [], isNamed: false, isOwed: false },
    },
  ],
};
const nothingPlanned = { topology: "t", hosts: new Map(), problems: [], summary: {} } as unknown as Plan;

/** A director whose real servers have had so many connections at each reading. */
function director(...readings: readonly (readonly [number, number])[]): Transport {
  const left = [...readings];
  return {
    host: "lb",
    read: async (): Promise<ReadOutputs> => {
      const [one, other] = left.shift() ?? [0, 0];
      const stdout = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes
  -> RemoteAddress:Port
UDP  10.0.2.100:123                      ${one + other}        9        ${one}        9        0
  -> 192.168.57.11:123                   ${one}        4        ${one}        4        0
  -> 192.168.57.12:123                   ${other}        5        0        5        0
`;
      return new Map([["ipvs-counters", { stdout, stderr: "", status: 0 }]]);
    },
  } as unknown as Transport;
}

async function verdict(...readings: readonly (readonly [number, number])[]) {
  const count = await startCounting([time], [director(...readings)]);
  const counted = await count([traffic]);
  return judge({ name: "t", services: [time], hosts: [] } as unknown as Topology, counted, nothingPlanned, []);
}

describe("what passed the directors", () => {
  it("is their counters' growth, and stands in for answers that nobody owes", async () => {
    const { ok, checks, services } = await verdict([10, 20], [12, 22]);
    expect(checks.map(({ detail }) => detail)).toEqual([
      "4 connections passed the directors for 4 requests; 2 packets came back through them",
      "rr: rs1 2, rs2 2",
    ]);
    expect(ok).toBe(true);
    expect(services.get("time")).toMatchObject({ requests: 4, failed: 0 });
  });

  it("is read again a little later if the kernel has not yet added up all of it", async () => {
    const { ok, checks } = await verdict([10, 20], [11, 20], [12, 22]);
    expect(checks[0]?.detail).toMatch(/^4 connections passed/);
    expect(ok).toBe(true);
  });

  it("is read again while a busy director's kernel is late", async () => {
    const { ok, checks } = await verdict([10, 20], [11, 20], [11, 20], [12, 21], [12, 22]);
    expect(checks[0]?.detail).toMatch(/^4 connections passed/);
    expect(ok).toBe(true);
  });

  it("shows what never arrived, and what was distributed badly", async () => {
    const missing = await verdict([10, 20], ...Array<[number, number]>(4).fill([10, 21]));
    expect(missing.checks[0]?.detail).toBe("the directors counted only 1 connection for 4 requests");
    expect(missing.ok).toBe(false);
    expect(missing.services.get("time")?.failed).toBe(3);
    expect((await verdict([0, 0], [4, 0])).ok).toBe(false);
  });

  it("says nothing about the distribution if others use the service meanwhile", async () => {
    const { ok, checks } = await verdict([0, 0], [9, 1]);
    expect(ok).toBe(true);
    expect(checks).toHaveLength(1);
  });

  it("does not ask the directors if the answers carry names", async () => {
    const count = await startCounting([{ ...time, testPage: true }], [director()]);
    expect(await count([traffic])).toEqual([traffic]);
  });

  it("is counted by mark for a firewall-mark service", async () => {
    const { vip: _vip, ...rest } = time;
    const marked = {
      ...{ ...rest, fwmark: 17, match: [{ address: "10.0.2.100", protocol: "udp", ports: ["123"] }] },
      realServers: time.realServers.map((server) => ({ ...server, port: 0 })),
    } as Service;
    const lists = [1, 5].map(
      (count) => `IP Virtual Server version 1.2.1 (size=4096)
FWM  17                                  ${count}        9        0        9        0
  -> 192.168.57.11:0                     ${count}        4        0        4        0
`,
    );
    const lb = {
      host: "lb",
      read: async () => new Map([["ipvs-counters", { stdout: lists.shift() ?? "", stderr: "", status: 0 }]]),
    } as unknown as Transport;
    const count = await startCounting([marked], [lb]);
    const [counted] = await count([traffic]);
    expect(counted?.passed?.byRealServer).toEqual(
      new Map([
        ["rs1", 4],
        ["rs2", 0],
      ]),
    );
  });

  it("is unknown where no director could be asked", async () => {
    const count = await startCounting([time], []);
    const { notes } = judge(
      { name: "t", services: [time], hosts: [] } as unknown as Topology,
      await count([traffic]),
      nothingPlanned,
      [],
    );
    expect(notes).toEqual(["time: requests were sent from client, but no director could be asked about them"]);
  });
});
