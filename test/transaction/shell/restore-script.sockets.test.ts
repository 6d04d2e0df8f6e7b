/** The script that brings a host's state back, run by a real shell in a world of its own. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { BootStep } from "../../../src/resources/resource.ts";
import { type ShellCommand, sh } from "../../../src/shell/quote.ts";
import { formatRestoreScript } from "../../../src/transaction/shell/restore-script.ts";
import { watched } from "../../helpers/watched-process.ts";

/** More than a day: no test takes that long (vitest.config.ts). */
const NEVER_SECONDS = 100_000;

let folder: string;

let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lvsctl-test-"));
  mkdirSync(join(folder, "web-lab"));
  file = join(folder, "web-lab", "restore.sh");
});

afterEach(() => rmSync(folder, { recursive: true }));

test("a step that fails at first is tried again, and the next ones come after it", async () => {
  const late = sh`echo x >>${folder}/tries; [ "$(wc -l <${folder}/tries)" -ge 3 ]`;
  const { status, stdout } = await run(NEVER_SECONDS, [late, sh`cp ${folder}/tries ${folder}/second`]);
  expect(status).toBe(0);
  expect(readFileSync(join(folder, "second"), "utf8")).toBe("x\nx\nx\n");
  expect(stdout).toBe("lvsctl web-lab: step 0\nlvsctl web-lab: step 1\n");
});

test("a step that goes on failing is told, does not keep the others from coming back, and is the exit status", async () => {
  const broken = sh`echo ${"it's broken"} >&2; false; echo never`;
  const { status, stdout } = await run(1, [broken, sh`touch ${folder}/second`]);
  expect(status).toBe(1);
  expect(stdout).toBe("lvsctl web-lab: FAILED (1): step 0: it's broken\nlvsctl web-lab: step 1\n");
  expect(readFileSync(join(folder, "second"), "utf8")).toBe("");
});

test.each([
  ["ARP parameters", "addresses"],
  ["ARP rules", "addresses"],
  ["ARP parameters", "routes"],
  ["addresses", "announcements"],
  ["real servers", "announcements"],
] as const)("without its %s a host gets no %s, and says so", async (failing, dependent) => {
  const steps = [
    { what: "the first", script: sh`false`, place: failing },
    { what: "the second", script: sh`touch ${folder}/second`, place: dependent },
  ];
  const { status, stdout } = await runSteps(1, steps);
  expect(status).toBe(1);
  expect(existsSync(join(folder, "second"))).toBe(false);
  expect(stdout).toContain(`NOT DONE: the second: it relies on ${failing}, of which some have failed`);
  const { status: good } = await runSteps(1, [{ ...steps[0], script: sh`true` }, ...steps.slice(1)] as BootStep[]);
  expect([good, existsSync(join(folder, "second"))]).toEqual([0, true]);
});

test("what relies on something that was not done is not done either; everything else is", async () => {
  const touch = (name: string) => sh`touch ${folder}/${name}`;
  const { stdout } = await runSteps(1, [
    { what: "silence", script: sh`false`, place: "ARP parameters" },
    { what: "VIP", script: touch("vip"), place: "addresses" },
    { what: "service", script: touch("service"), place: "virtual services" },
    { what: "announcement", script: touch("announcement"), place: "announcements" },
  ]);
  expect(["vip", "service", "announcement"].map((name) => existsSync(join(folder, name)))).toEqual([
    false,
    true,
    false,
  ]);
  expect(stdout.match(/NOT DONE: .*?:/g)).toEqual(["NOT DONE: VIP:", "NOT DONE: announcement:"]);
});

test("a parameter that keeps no host silent costs it no address, no route and no announcement", async () => {
  const touch = (name: string) => sh`touch ${folder}/${name}`;
  const { status, stdout } = await runSteps(1, [
    { what: "conntrack", script: sh`false`, place: "kernel parameters" },
    { what: "VIP", script: touch("vip"), place: "addresses" },
    { what: "route", script: touch("route"), place: "routes" },
    { what: "announcement", script: touch("announcement"), place: "announcements" },
  ]);
  expect(status).toBe(1);
  expect(stdout).not.toContain("NOT DONE");
  expect(["vip", "route", "announcement"].map((name) => existsSync(join(folder, name)))).toEqual([true, true, true]);
});

test("a script that was cut off restores nothing, rather than half of it", async () => {
  const text = formatRestoreScript([{ what: "a", script: sh`touch ${folder}/a` }], { topology: "web-lab", host: "dr" });
  const end = text.lastIndexOf("}\n");
  for (const at of [1, 2, 3, 4].map((part) => Math.floor((end * part) / 4))) {
    writeFileSync(file, text.slice(0, at).replaceAll("/var/lib/lvsctl", folder));
    expect((await watched(["sh", file]).ended).status).not.toBe(0);
    expect(existsSync(join(folder, "a"))).toBe(false);
  }
  writeFileSync(file, text.slice(0, end + 1).replaceAll("/var/lib/lvsctl", folder));
  expect((await watched(["sh", file]).ended).status).toBe(0);
  expect(existsSync(join(folder, "a"))).toBe(true);
});

/** Runs a restore script with these steps, which has this much patience instead of a minute. */
async function run(patienceSeconds: number, scripts: readonly ShellCommand[]) {
  return runSteps(
    patienceSeconds,
    scripts.map((script, index) => ({ what: `step ${index}`, script })),
  );
}

async function runSteps(patienceSeconds: number, steps: readonly BootStep[]) {
  const text = formatRestoreScript(steps, { topology: "web-lab", host: "dr" });
  expect(text).toContain("now + 60");
  writeFileSync(file, text.replace("now + 60", `now + ${patienceSeconds}`).replaceAll("/var/lib/lvsctl", folder));
  return watched(["sh", file]).ended;
}
