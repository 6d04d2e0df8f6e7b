import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;

function run(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lvsctl-tarball-"));
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  run("npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", folder, root);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
  run("npm", "install", "--silent", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", `./${tarball}`);
  copyFileSync(join(root, "examples/dr.yaml"), join(folder, "dr.yaml"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it("installs from its tarball in an empty folder, without install scripts, and works by npx", () => {
  expect(run("npx", "--no-install", "lvsctl", "--version")).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(run("npx", "--no-install", "lvsctl", "validate", "dr.yaml")).toContain("dr.yaml is valid");
  expect(JSON.parse(run("npx", "--no-install", "lvsctl", "schema"))).toHaveProperty("$schema");
});

it("brings what it needs at run time and no tests or sources", () => {
  const files = readdirSync(join(folder, "node_modules/lvsctl")).sort();
  expect(files).toEqual([
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "README.zh-CN.md",
    "bin",
    "dist",
    "docs",
    "examples",
    "man",
    "package.json",
    "playbooks",
    "schemas",
  ]);
  const installed = (path: string) => readdirSync(join(folder, "node_modules/lvsctl", path));
  expect(installed("docs")).toEqual(readdirSync(join(root, "docs")));
  expect(installed("schemas/output")).toContain("plan-1.schema.json");
  expect(installed("man")).toEqual(["lvsctl.1"]);
  expect(readdirSync(join(folder, "node_modules/lvsctl/dist/lab")).filter((name) => name.endsWith(".sh"))).toContain(
    "host.sh",
  );
});
