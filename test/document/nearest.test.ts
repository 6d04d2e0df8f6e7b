import { expect, it } from "vitest";
import { nearest } from "../../src/document/nearest.ts";

const known = ["gateway", "interfaces", "role", "roles", "routes", "ssh", "sysctls"];

it.each([
  ["gatway", "gateway"],
  ["Gateway", "gateway"],
  ["gatewya", "gateway"],
  ["role", "role"],
  ["rule", "role"],
  ["interface", "interfaces"],
  ["shs", "ssh"],
  ["completely", undefined],
  ["", undefined],
  ["xyz", undefined],
  ["a".repeat(10_000), undefined],
])("near %s is %s", (word, candidate) => {
  expect(nearest(word, known)).toBe(candidate);
});
