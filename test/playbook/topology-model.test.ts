import { describe, expect, test } from "vitest";
import { fromModel, modelTypes, toModel } from "../../src/playbook/topology-model.ts";
import { drTopology } from "../helpers/dr-topology.ts";

describe("the topology in expressions", () => {
  test("comes back as it was", () => {
    expect(fromModel(toModel(drTopology, "Topology"))).toEqual(drTopology);
  });

  test("has whole numbers where the topology has numbers", () => {
    const service = toModel(drTopology.services[0], "Service") as { readonly port: unknown };
    expect(service.port).toBe(80n);
  });

  test("is made once, however often it is asked for", () => {
    const topology = toModel(drTopology, "Topology") as { readonly hosts: readonly unknown[] };
    expect(toModel(drTopology, "Topology")).toBe(topology);
    expect(toModel(drTopology.hosts[0], "Host")).toBe(topology.hosts[0]);
  });

  test("names only types that there are", () => {
    const simple = new Set(["string", "int", "bool"]);
    for (const fields of modelTypes.values()) {
      for (const type of Object.values(fields)) {
        const name = /^list<(.+)>$/.exec(type)?.[1] ?? type;
        expect(simple.has(name) || modelTypes.has(name)).toBe(true);
      }
    }
  });
});

describe("a result", () => {
  test.each([[2n ** 60n], [new Uint8Array(2)], [new Date(0)], [[{ a: new Date(0) }]]])(
    "that JSON cannot hold is refused (%#)",
    (value) => {
      expect(() => fromModel(value)).toThrow(RangeError);
    },
  );

  test("of maps and lists is plain", () => {
    expect(fromModel(new Map<string, unknown>([["a", [1n, null, true, "x"]]]))).toEqual({ a: [1, null, true, "x"] });
  });
});
