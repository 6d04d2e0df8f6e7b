import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { chooseManagementNetwork } from "../../src/lab/management-network.ts";
import { formatControlBatch, formatHostBatch, formatSwitchBatch } from "../../src/lab/network-batch.ts";
import type { Host } from "../../src/topology/topology.ts";
import { drTopology } from "../helpers/dr-topology.ts";

const network = chooseManagementNetwork(drTopology);

function expectCase(name: string, actual: string): void {
  const file = new URL(`../fixtures/lab/dr/${name}`, import.meta.url);
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(file, actual);
  expect(actual).toBe(readFileSync(file, "utf8"));
}

describe("the network of examples/dr.yaml", () => {
  test.each(["uml", "native", "qemu"] as const)("on engine %s", (engine) => {
    expectCase(`control.${engine}.batch`, formatControlBatch(engine, network));
    expectCase(`switch.${engine}.batch`, formatSwitchBatch(engine, drTopology, network));
  });

  test.each(drTopology.hosts.map((host, index) => [host.name, host, index] as const))(
    "on host %s",
    (name, host, index) => {
      expectCase(`${name}.batch`, formatHostBatch(host, network.hostAddresses[index] ?? "", network));
    },
  );
});

test("IPv6 addresses are there at once, and routes go after addresses", () => {
  const host: Host = {
    name: "rs1",
    roles: ["real-server"],
    managed: true,
    ssh: { destination: "rs1" },
    interfaces: [
      {
        name: "ens3",
        segment: "sw1",
        addresses: [
          { address: "2001:db8::1", prefix: 64, family: 6 },
          { address: "192.0.2.0", prefix: 31, family: 4 },
        ],
      },
    ],
    gateways: [{ family: 6, via: "2001:db8::ff" }],
    routes: [
      { to: "2001:db8:1::/48", via: "2001:db8::fe", family: 6 },
      { to: "2001:db8:2::/64", device: "ens3", family: 6 },
    ],
    sysctls: [],
  };
  expect(formatHostBatch(host, "198.18.0.2", network).split("\n").slice(3, -1)).toEqual([
    "link set dev ens3 up",
    "addr add 2001:db8::1/64 nodad dev ens3",
    "addr add 192.0.2.0/31 dev ens3",
    "route add 2001:db8:2::/64 dev ens3 proto 198",
    "route add ::/0 via 2001:db8::ff proto 198",
    "route add 2001:db8:1::/48 via 2001:db8::fe proto 198",
  ]);
});

test("routers that are in no subnet of the host are named with their interface, after the routes that lead to them", () => {
  const host: Host = {
    name: "rs1",
    roles: ["real-server"],
    managed: true,
    ssh: { destination: "rs1" },
    interfaces: [],
    gateways: [
      { family: 4, via: "203.0.113.1", device: "eth0" },
      { family: 6, via: "fe80::1", device: "eth0" },
    ],
    routes: [
      { to: "10.0.0.0/8", via: "203.0.113.2", device: "eth0", family: 4 },
      { to: "203.0.113.0/30", device: "eth0", family: 4 },
    ],
    sysctls: [],
  };
  expect(formatHostBatch(host, "198.18.0.2", network).split("\n").slice(3, -1)).toEqual([
    "route add 203.0.113.0/30 dev eth0 proto 198",
    "route add 0.0.0.0/0 via 203.0.113.1 dev eth0 proto 198",
    "route add ::/0 via fe80::1 dev eth0 proto 198",
    "route add 10.0.0.0/8 via 203.0.113.2 dev eth0 proto 198",
  ]);
});
