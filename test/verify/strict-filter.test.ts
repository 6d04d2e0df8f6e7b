import { describe, expect, it } from "vitest";
import type { ReadCommand } from "../../src/shell/read-script.ts";
import type { Topology } from "../../src/topology/topology.ts";
import { isReadOnly } from "../../src/transport/guard.ts";
import type { Transport } from "../../src/transport/transport.ts";
import { parseFilter, readFilters, strictFilterCauses } from "../../src/verify/strict-filter.ts";
import type { Traffic } from "../../src/verify/traffic.ts";

const COUNTERS = (dropped: number) => `TcpExt: SyncookiesSent IPReversePathFilter TCPTimeouts
TcpExt: 3 ${dropped} 7
`;
const SETTINGS = (all: number, eth0: number, eth1: number) =>
  [`all/rp_filter:${all}`, `eth0/rp_filter:${eth0}`, `eth1.100/rp_filter:${eth1}`]
    .map((line) => `/proc/sys/net/ipv4/conf/${line}\n`)
    .join("");

const outputs = (dropped: number, settings: string) =>
  new Map([
    ["netstat", { stdout: COUNTERS(dropped), stderr: "", status: 0 }],
    ["rp_filter", { stdout: settings, stderr: "", status: 0 }],
  ]);

describe("a host's filter", () => {
  it("is strict where the larger value of all and of the interface is 1", () => {
    expect(parseFilter(outputs(9, SETTINGS(0, 1, 0)))).toEqual({ dropped: 9, strict: ["eth0"], loose: [] });
    expect(parseFilter(outputs(9, SETTINGS(1, 0, 2)))).toEqual({ dropped: 9, strict: ["eth0"], loose: ["eth1.100"] });
    expect(parseFilter(outputs(9, SETTINGS(2, 1, 1)))).toEqual({ dropped: 9, strict: [], loose: ["eth0", "eth1.100"] });
  });

  it("is unknown without IPv4, or with a kernel that does not count", () => {
    expect(parseFilter(new Map())).toEqual({ dropped: 0, strict: [], loose: [] });
  });

  it("is read by commands that pass the guard, and hosts that do not filter are left out", async () => {
    const asked: ReadCommand[] = [];
    const host = (name: string, settings: string) =>
      ({
        host: name,
        read: async (commands: readonly ReadCommand[]) => {
          asked.push(...commands);
          return outputs(1, settings);
        },
      }) as unknown as Transport;
    const hosts = ["rs1", "rs2"].map((name) => ({ name, interfaces: [{ name: "eth0" }] }));
    const readings = await readFilters([host("rs1", SETTINGS(0, 1, 0)), host("rs2", SETTINGS(0, 0, 0))], {
      hosts,
    } as unknown as Topology);
    expect([...readings.keys()]).toEqual(["rs1"]);
    expect(asked).toHaveLength(4);
    for (const { argv } of asked) expect(isReadOnly(argv)).toBe(true);
  });
});

describe("a filter as a cause", () => {
  const topology = {
    hosts: [
      { name: "fw", roles: ["firewall"] },
      { name: "rs1", roles: ["real-server"] },
      { name: "other", roles: ["real-server"] },
    ],
    services: [{ name: "web", directors: [{ host: "lb" }], realServers: [{ host: "rs1" }] }],
  } as unknown as Topology;
  const traffic = (answered: number, isOwed = true) =>
    [{ service: "web", from: "client", answers: [{ requests: 4, answered, isOwed }] }] as unknown as Traffic[];
  const at = (host: string, dropped: number) => new Map([[host, { dropped, strict: ["eth0", "eth1.100"], loose: [] }]]);
  const causes = (host: string, grown: number, sent: readonly Traffic[]) =>
    strictFilterCauses(topology, sent, at(host, 5), at(host, 5 + grown));

  it("is the missing route where no interface is strict", () => {
    const at = (dropped: number) => new Map([["rs1", { dropped, strict: [], loose: ["eth0"] }]]);
    const [cause] = strictFilterCauses(topology, traffic(0), at(5), at(9));
    expect(cause?.message).toBe("4 packets were dropped by rp_filter (2 on eth0) during the requests");
    expect(cause?.why).toContain("only if the host has a route to their source");
    expect(cause?.why).toContain("net.ipv4.conf.all.rp_filter: 0, net.ipv4.conf.eth0.rp_filter: 0");
    expect(strictFilterCauses(topology, traffic(0), at(5), at(5))).toEqual([]);
  });

  it("names the host, the interfaces and what to do, where its counter grew and requests got no answer", () => {
    expect(causes("rs1", 4, traffic(0))).toEqual([
      {
        host: "rs1",
        message: "4 packets were dropped by strict rp_filter (1 on eth0, eth1.100) during the requests",
        why: expect.stringContaining(
          "sysctls: { net.ipv4.conf.eth0.rp_filter: 2, net.ipv4.conf.eth1/100.rp_filter: 2 }",
        ),
      },
    ]);
    expect(causes("fw", 1, traffic(3))[0]?.message).toMatch(/^1 packet was/);
  });

  it("is none if all was answered, if the counter stands still, or on a host that the service does not use", () => {
    expect(causes("rs1", 4, traffic(4))).toEqual([]);
    expect(causes("rs1", 4, traffic(0, false))).toEqual([]);
    expect(causes("rs1", 0, traffic(0))).toEqual([]);
    expect(causes("other", 4, traffic(0))).toEqual([]);
  });
});
