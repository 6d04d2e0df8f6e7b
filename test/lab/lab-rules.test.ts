import { describe, expect, test } from "vitest";
import { assertLabable, assertLabName } from "../../src/lab/lab-rules.ts";
import type { Host, Interface, Topology } from "../../src/topology/topology.ts";
import { drTopology } from "../helpers/dr-topology.ts";

function withHost(change: (host: Host) => Host): Topology {
  return { ...drTopology, hosts: drTopology.hosts.map((host) => (host.name === "rs1" ? change(host) : host)) };
}

function withInterface(change: Partial<Interface>): Topology {
  return withHost((host) => ({ ...host, interfaces: host.interfaces.map((nic) => ({ ...nic, ...change })) }));
}

describe("assertLabable", () => {
  test("takes examples/dr.yaml", () => {
    expect(() => assertLabable(drTopology)).not.toThrow();
  });

  test.each([
    [
      "a host's name with a slash",
      withHost((host) => ({ ...host, name: "../rs1" })),
      /"..\/rs1" cannot be a host's name/,
    ],
    ["two hosts of one name", withHost((host) => ({ ...host, name: "RS2" })), /two hosts have the name rs2/],
    ["an interface with a line break", withInterface({ name: "eth0\nlink" }), /cannot be an interface's name/],
    ["an interface with 16 characters", withInterface({ name: "abcdefghijklmnop" }), /cannot be an interface's name/],
    ["the lab's own interface", withInterface({ name: "mgmt" }), /the lab itself makes the interface mgmt on rs1/],
    ["an unknown segment", withInterface({ segment: "elsewhere" }), /eth0 on rs1 lies on no segment/],
    [
      "a route with a command in it",
      withHost((host) => ({ ...host, routes: [{ to: "10.0.0.0/8", device: "eth0\nlink del eth0", family: 4 }] })),
      /rs1 has a route by "eth0\\nlink del eth0", which is none of its interfaces/,
    ],
    [
      "an address with a command in it",
      withHost((host) => ({ ...host, gateways: [{ family: 4, via: "10.0.0.1\nlink del eth0" }] })),
      /rs1 uses "10.0.0.1\\nlink del eth0", which is no address/,
    ],
  ])("refuses %s", (_, topology, message) => {
    expect(() => assertLabable(topology)).toThrowError(
      expect.objectContaining({ code: "LVS-LAB-007", message: expect.stringMatching(message) }),
    );
  });
});

test.each(["", ".", "..", "a/b", ",a,b", "a b", "-a", "x".repeat(64)])("a lab cannot have the name %j", (name) => {
  expect(() => assertLabName(name)).toThrowError(expect.objectContaining({ code: "LVS-LAB-007" }));
});
