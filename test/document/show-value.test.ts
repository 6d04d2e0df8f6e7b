import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { showYaml } from "../../src/document/show-value.ts";

const schema: unknown = JSON.parse(
  readFileSync(new URL("../../schemas/topology.schema.json", import.meta.url), "utf8"),
);

function examplesIn(part: unknown): readonly unknown[] {
  if (typeof part !== "object" || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) =>
    key === "examples" && Array.isArray(value) ? value : examplesIn(value),
  );
}

describe("a value as the file would have it", () => {
  it.each(examplesIn(schema).map((value) => [JSON.stringify(value), value]))("is YAML for %s", (_, value) => {
    expect(parse(showYaml(value))).toEqual(value);
  });

  it.each([
    "80",
    "1e3",
    "8000-8099",
    "true",
    "~",
    "",
    " a",
    "a: b",
    "a #b",
    "[a]",
    "x,y",
    "0x1f",
    ".5",
    "-",
    "Ethernet 2",
  ])("keeps the text %j", (text) => expect(parse(`[${showYaml(text)}]`)).toEqual([text]));

  it("has quotes only where something else could be read", () => {
    expect(showYaml({ eth0: ["192.0.2.5/24", "2001:db8::1/64"], ports: [80, "8000-8099"], on: true, log: {} })).toBe(
      '{ eth0: [192.0.2.5/24, 2001:db8::1/64], ports: [80, "8000-8099"], on: true, log: {} }',
    );
  });
});
