// `npm run test:safeguards`: removes the safeguards one at a time from a copy of the code, and finds the fast test
// that fails without each. Fails if no test does, or if the code to remove is no longer there. Prints the table of
// docs/testing-the-engine.md. Arguments select the safeguards whose names contain one of them.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SAFEGUARDS } from "./safeguards-list.mjs";
import { root } from "./setup.mjs";

const wanted = process.argv.slice(2);
const chosen = SAFEGUARDS.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)));
const folder = mkdtempSync(join(tmpdir(), "lvsctl-safeguards-"));
let failures = 0;
try {
  for (const name of [
    "src",
    "test",
    "schemas",
    "playbooks",
    "scripts",
    "examples",
    "package.json",
    "tsconfig.json",
    "vitest.config.ts",
  ])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  console.log("| safeguard | without it | test that notices |\n|---|---|---|");
  for (const safeguard of chosen) {
    const noticed = withoutIt(safeguard);
    if (noticed === undefined) failures += 1;
    console.log(`| ${safeguard.name} | ${safeguard.prevents} | ${noticed ?? "NONE"} |`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`${chosen.length - failures} safeguards are tested, ${failures} are not.`);
process.exitCode = failures === 0 ? 0 : 1;

/** The first test that fails without a safeguard; undefined if none does. */
function withoutIt({ name, edits, tests: [project, path], isBuilt }) {
  const originals = new Map();
  for (const [file, from, to] of edits) {
    const place = join(folder, file);
    const text = readFileSync(place, "utf8");
    if (text.split(from).length !== 2) throw new Error(`"${name}": ${file} does not have this once: ${from}`);
    if (!originals.has(place)) originals.set(place, text);
    writeFileSync(
      place,
      text.replace(from, () => to),
    );
  }
  if (isBuilt) execFileSync(process.execPath, [join(folder, "scripts/build.mjs")], { stdio: "ignore" });
  const report = join(folder, "report.json");
  const args = ["run", "--project", project, path, "--bail=1", "--reporter=json", `--outputFile=${report}`];
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  spawnSync(process.execPath, [vitest, ...args], {
    cwd: folder,
    stdio: "ignore",
    env: { ...process.env, LVSCTL_LONG: "" },
  });
  for (const [place, text] of originals) writeFileSync(place, text);
  const { testResults, numTotalTests } = JSON.parse(readFileSync(report, "utf8"));
  rmSync(report);
  if (numTotalTests === 0) throw new Error(`"${name}": no test was run`);
  for (const { name: file, assertionResults } of testResults) {
    const failed = assertionResults.find(({ status }) => status === "failed");
    if (failed) return `${file.replace(`${folder}/test/`, "")}: ${failed.fullName}`;
  }
  return undefined;
}
