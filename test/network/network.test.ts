import { expect, it } from "vitest";
import { networkOf } from "../../src/compile/network-of.ts";
import { loadTopology } from "../helpers/load-topology.ts";

/** The addresses of a director with these services, and the interfaces that have them. */
function addressesWith(...services: readonly string[]): readonly string[] {
  const text = [
    "version: 1",
    "name: addresses",
    "hosts:",
    "  lb: { role: director, interfaces: { a: 10.1.0.1/24, b: 10.2.0.1/24 } }",
    "  rs: { role: real-server, interfaces: { a: 10.1.0.2/24 } }",
    "services:",
    ...services.map((service) => `  ${service}`),
  ].join("\n");
  const { topology, problems } = loadTopology(text, "addresses.yaml");
  if (topology === undefined) throw new Error(problems.map(({ message }) => message).join("\n"));
  const network = networkOf(topology, { host: [], modes: new Map(), features: [] });
  return network.addressesOf("lb").map((one) => `${one.address}/${one.prefix} ${one.interface}`);
}

it("a director has a virtual address once, on however many ports clients ask it", () => {
  expect(addressesWith("web: { mode: dr, vip: 10.1.0.100, ports: [80, 443] }")).toEqual([
    "10.1.0.1/24 a",
    "10.2.0.1/24 b",
    "10.1.0.100/32 a",
  ]);
});

it("a director has each of several virtual addresses", () => {
  expect(addressesWith("web: { mode: dr, vips: [10.1.0.100, 10.2.0.100], port: 80 }")).toEqual([
    "10.1.0.1/24 a",
    "10.2.0.1/24 b",
    "10.1.0.100/32 a",
    "10.2.0.100/32 b",
  ]);
});
