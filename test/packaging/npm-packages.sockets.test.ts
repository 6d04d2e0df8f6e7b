/** When the scripts install the npm packages, with an npm in place of the real one that only says how it was called. */
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";

const INSTALLING = "Installing the npm packages of package-lock.json into node_modules.\n";
const CALL = "npm ci --ignore-scripts --no-audit --no-fund\n";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lvsctl-npm-"));
  cpSync(fileURLToPath(new URL("../../scripts/setup.mjs", import.meta.url)), join(folder, "scripts/setup.mjs"));
  mkdirSync(join(folder, "programs"));
  writeFileSync(join(folder, "programs/npm"), '#!/bin/sh\necho npm "$@"\n', { mode: 0o755 });
  lock("package-lock.json", { a: { version: "1.0.0" }, b: { version: "1.0.0", optional: true } });
});
afterEach(() => rmSync(folder, { recursive: true }));

function lock(name: string, packages: Readonly<Record<string, object>>): void {
  const listed = Object.entries(packages).map(([path, one]) => [`node_modules/${path}`, one]);
  writeFileSync(join(folder, name), JSON.stringify({ packages: { "": {}, ...Object.fromEntries(listed) } }));
}

function have(packages: Readonly<Record<string, object>>): void {
  for (const name of Object.keys(packages)) {
    mkdirSync(join(folder, "node_modules", name), { recursive: true });
    writeFileSync(join(folder, "node_modules", name, "package.json"), "{}");
  }
  lock("node_modules/.package-lock.json", packages);
}

function install() {
  const script = `import { installNpmPackages } from ${JSON.stringify(join(folder, "scripts/setup.mjs"))}; installNpmPackages();`;
  const env = { ...process.env, PATH: `${join(folder, "programs")}:${process.env["PATH"]}` };
  const argv = ["--input-type=module", "-e", script];
  const { stdout, stderr, status } = spawnSync(process.execPath, argv, { encoding: "utf8", env });
  return { stdout, stderr, status };
}

it("leaves packages alone that are those of the lock file, without an optional one of another platform", () => {
  have({ a: { version: "1.0.0" } });
  expect(install()).toEqual({ stdout: "", stderr: "", status: 0 });
});

it("installs them where there are none", () => {
  expect(install()).toEqual({ stdout: CALL, stderr: INSTALLING, status: 0 });
});

it.each([
  ["one has another version", { a: { version: "0.9.0" } }],
  ["one is missing", { c: { version: "1.0.0" } }],
  ["an optional one has another version", { a: { version: "1.0.0" }, b: { version: "0.9.0" } }],
])("installs them where %s", (_about, packages) => {
  have(packages);
  expect(install()).toEqual({ stdout: CALL, stderr: INSTALLING, status: 0 });
});

it("installs them where a folder is gone", () => {
  have({ a: { version: "1.0.0" } });
  rmSync(join(folder, "node_modules/a"), { recursive: true });
  expect(install().stdout).toBe(CALL);
});

it("takes them from no program that uses them", async () => {
  have({ a: { version: "0.9.0" } });
  const program = join(folder, "node_modules/a/program.mjs");
  writeFileSync(program, "console.log('up'); setInterval(() => {}, 1000);");
  const user = spawn(process.execPath, [program], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    await new Promise((resolve) => user.stdout.once("data", resolve));
    expect(install()).toEqual({
      stdout: "",
      stderr: `node_modules has other packages than package-lock.json, and process ${user.pid} is using them. When it has ended, run: npm ci\n`,
      status: 1,
    });
  } finally {
    user.kill();
  }
});
