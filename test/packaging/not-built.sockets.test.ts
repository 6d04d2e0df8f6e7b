/** What is said in a clone where nothing has been installed or built. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lvsctl-not-built-"));
  for (const part of ["bin", "scripts", "src", "package.json"])
    cpSync(join(root, part), join(folder, part), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ["bin/lvsctl.js", "lvsctl has not been built yet. In its folder, run: npm ci && npm run build\n"],
  ["scripts/build.mjs", "Building needs the npm packages, and they are not installed. Run first: npm ci\n"],
])("%s says what to do", (script, said) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(folder, script)], { encoding: "utf8" });
  expect({ stdout, stderr, status }).toEqual({ stdout: "", stderr: said, status: 1 });
});
