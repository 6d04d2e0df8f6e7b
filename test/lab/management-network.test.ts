import { describe, expect, test } from "vitest";
import { chooseManagementNetwork } from "../../src/lab/management-network.ts";
import type { Host, Topology } from "../../src/topology/topology.ts";
import { drTopology } from "../helpers/dr-topology.ts";

const [firstHost] = drTopology.hosts;
if (firstHost === undefined) throw new Error("the topology has hosts");

function withRoutes(...to: readonly string[]): Topology {
  const routes = to.map((network) => ({ to: network, via: "10.0.2.1", family: 4 as const }));
  return { ...drTopology, hosts: drTopology.hosts.map((host): Host => ({ ...host, routes })) };
}

describe("chooseManagementNetwork", () => {
  test("gives every host an address in the first network for tests", () => {
    expect(chooseManagementNetwork(drTopology)).toEqual({
      prefix: 24,
      controlAddress: "198.18.0.1",
      hostAddresses: ["198.18.0.2", "198.18.0.3", "198.18.0.4", "198.18.0.5", "198.18.0.6"],
    });
  });

  test.each([
    [["198.18.0.7/32"], "198.18.1.1"],
    [["198.18.0.0/16"], "198.19.0.1"],
    [["198.18.0.0/15"], "169.254.0.1"],
    [["198.0.0.0/8", "169.254.0.0/17"], "169.254.128.1"],
    [["0.0.0.0/0", "2001:db8::/32"], "198.18.0.1"],
  ])("keeps out of %j", (routes, control) => {
    expect(chooseManagementNetwork(withRoutes(...routes)).controlAddress).toBe(control);
  });

  test("keeps out of the addresses of services too", () => {
    const [service] = drTopology.services;
    if (service === undefined) throw new Error("the topology has a service");
    const services = [{ ...service, vip: { address: "198.18.0.9", family: 4 as const, prefix: 32 } }];
    expect(chooseManagementNetwork({ ...drTopology, services }).controlAddress).toBe("198.18.1.1");
  });

  test("grows with the number of hosts", () => {
    const hosts = Array.from({ length: 600 }, (_, index): Host => ({ ...firstHost, name: `h${index}` }));
    const network = chooseManagementNetwork({ ...drTopology, hosts });
    expect(network.prefix).toBe(22);
    expect(new Set(network.hostAddresses).size).toBe(600);
    expect(network.hostAddresses.at(-1)).toBe("198.18.2.89");
  });

  test("says so when nothing is free", () => {
    const full = withRoutes("198.18.0.0/15", "169.254.0.0/16");
    expect(() => chooseManagementNetwork(full)).toThrowError(expect.objectContaining({ code: "LVS-LAB-007" }));
  });
});
