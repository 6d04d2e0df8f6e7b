/** What is wrong with a package-lock.json. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
// @ts-expect-error: a script without types
import * as script from "../../scripts/lock.mjs";

const lockFaults: (manifest: object, lock: object) => readonly string[] = script.lockFaults;
const read = (name: string) => JSON.parse(readFileSync(name, "utf8"));
const manifest = read("package.json");

test("the lock file of the project is right", () => {
  expect(lockFaults(manifest, read("package-lock.json"))).toEqual([]);
});

test("another version in package.json is found", () => {
  const changed = { ...manifest, dependencies: { ...manifest.dependencies, yaml: "0.0.1" } };
  expect(lockFaults(changed, read("package-lock.json"))).toEqual([
    '"dependencies" in package.json differs from what package-lock.json has.',
  ]);
});

test("a missing optional package of another platform is found", () => {
  const { packages } = read("package-lock.json");
  const { "node_modules/@biomejs/cli-darwin-arm64": _left, ...others } = packages;
  expect(lockFaults(manifest, { packages: others })).toEqual([
    "package-lock.json lacks @biomejs/cli-darwin-arm64, an optional package of node_modules/@biomejs/biome.",
  ]);
});
