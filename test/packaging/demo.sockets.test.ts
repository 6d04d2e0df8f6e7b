/** The last words of `npm run demo`, with an lvsctl in place of the real one that needs no lab. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

/** Fails in what begins with a word of FAIL; WRONG is what real servers answer in place of their names. */
const LVSCTL = `
const call = process.argv.slice(2).join(" ");
const failing = (process.env.FAIL ?? "").split(",").filter((start) => start !== "");
if (failing.some((start) => call.startsWith(start))) {
  console.log("so far");
  console.error("LVS-X-001 It went wrong.");
  process.exit(5);
}
const port = / --local-port (\\d+)/.exec(call)?.[1];
if (port) console.log(process.env.WRONG ?? \`rs\${1 + (port % 2)}\`);
if (call.startsWith("destroy")) console.log("nothing to destroy");
if (call.includes("|| true") && call.includes(" client -- curl")) console.log("curl: nobody");
`;
const SETUP = `
export const root = ${JSON.stringify("ROOT")};
export const needRoot = () => {};
export const setUp = async () => {};
export const say = (text) => console.error(text);
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lvsctl-demo-"));
  for (const part of ["bin", "scripts"]) mkdirSync(join(folder, part));
  cpSync(fileURLToPath(new URL("../../scripts/demo.mjs", import.meta.url)), join(folder, "scripts/demo.mjs"));
  writeFileSync(join(folder, "scripts/setup.mjs"), SETUP.replace("ROOT", folder));
  writeFileSync(join(folder, "bin/lvsctl.js"), LVSCTL);
});
afterAll(() => rmSync(folder, { recursive: true }));

const AGAIN = "To see it again, one command after the other:\n  sudo bin/lvsctl.js lab up examples/dr.yaml\n";
const DOWN = "The lab has been taken down.\n";

test.each<[about: string, env: NodeJS.ProcessEnv, status: number, last: string]>([
  [
    "that goes well",
    {},
    0,
    "\nDone in N s. Next: open examples/dr.yaml, change something, and try the same commands by hand.\n",
  ],
  [
    "whose lab does not come up",
    { FAIL: "lab up" },
    1,
    `\nFailed after N s.\nlvsctl lab up examples/dr.yaml ended with exit code 5.\nWhat it printed is above.\n${AGAIN}${DOWN}`,
  ],
  [
    "in which a command fails",
    { FAIL: "plan" },
    1,
    `\nFailed after N s.\nlvsctl plan --lab examples/dr.yaml ended with exit code 5.\nWhat it printed is above.\n${AGAIN}  sudo bin/lvsctl.js plan --lab examples/dr.yaml\n${DOWN}`,
  ],
  [
    "in which a command on a host fails",
    { FAIL: "lab ssh examples/dr.yaml dr" },
    1,
    `\nFailed after N s.\nlvsctl lab ssh examples/dr.yaml dr -- ipvsadm -Ln ended with exit code 5.\nIt printed:\n  so far\n${AGAIN}  sudo bin/lvsctl.js lab ssh examples/dr.yaml dr -- ipvsadm -Ln\n${DOWN}`,
  ],
  [
    "in which something is not ok",
    { WRONG: "rs9" },
    1,
    `\nFailed after N s.\nNot ok: answers alternate.\n${AGAIN}  sudo bin/lvsctl.js apply --lab --yes examples/dr.yaml\n${DOWN}`,
  ],
  [
    "that fails, and whose lab does not go down either",
    { FAIL: "destroy,lab down" },
    1,
    `\nFailed after N s.\nlvsctl destroy --lab --yes examples/dr.yaml ended with exit code 5.\nWhat it printed is above.\n${AGAIN}  sudo bin/lvsctl.js destroy --lab --yes examples/dr.yaml\nlvsctl lab down examples/dr.yaml ended with exit code 5.\nWhat it printed is above.\nThe lab may still be up. To take it down:\n  sudo bin/lvsctl.js lab down examples/dr.yaml --force\n`,
  ],
])("a demo %s says so at its end", (_about, env, status, last) => {
  const demo = spawnSync(process.execPath, [join(folder, "scripts/demo.mjs")], {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  expect(demo.stderr.replace(/ \d+ s\./, " N s.").slice(-last.length)).toBe(last);
  expect(demo.stderr).not.toMatch(/^ +at /m);
  expect(demo.stdout).toContain("Take the lab down");
  expect(demo.status).toBe(status);
});
