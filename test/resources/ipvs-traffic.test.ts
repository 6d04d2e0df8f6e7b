import { describe, expect, it } from "vitest";
import { ipvsConnections, ipvsCounters } from "../../src/resources/ipvs-traffic.ts";
import { isReadOnly } from "../../src/transport/guard.ts";

const key = "tcp 10.0.0.1:80 -> 10.0.0.2:80";
const connections = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  10.0.0.1:80 rr
  -> 10.0.0.2:80                  Route   1      2          3
`;
const counters = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes
  -> RemoteAddress:Port
TCP  10.0.0.1:80                         7       40        0     2400        0
  -> 10.0.0.2:80                         7       40        0     2400        0
`;

describe.each([
  { name: "connections", read: ipvsConnections, stdout: connections, expected: { weight: 1, active: 2, inactive: 3 } },
  {
    name: "counters",
    read: ipvsCounters,
    stdout: counters,
    expected: { connections: 7, packetsIn: 40, bytesIn: 2400 },
  },
])("the $name of real servers", ({ read, stdout, expected }) => {
  const printed = (output: { stdout?: string; status?: number }) =>
    new Map([[read.name, { stdout: "", stderr: "", status: 0, ...output }]]);

  it("are understood", () => {
    expect(read.parse(printed({ stdout }), "lb").get(key)).toMatchObject(expected);
  });

  it("are read by a command that the guard lets pass, where ip_vs is loaded", () => {
    expect(isReadOnly(read.argv)).toBe(true);
    expect(read.onlyIf).toBe("/proc/net/ip_vs");
  });

  it("are none where ip_vs is not loaded", () => {
    expect(read.parse(new Map(), "lb").size).toBe(0);
  });

  it.each([
    ["no program", { status: 127 }, "LVS-FACT-002"],
    ["a program that fails", { status: 1 }, "LVS-FACT-001"],
    ["words that nobody knows", { stdout: "TCP  10.0.0.1:80 rr\n  -> nowhere\n" }, "LVS-FACT-001"],
  ])("cannot be read with %s", (_what, output, code) => {
    expect(() => read.parse(printed(output), "lb")).toThrow(expect.objectContaining({ code }));
  });
});
