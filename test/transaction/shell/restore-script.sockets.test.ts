/** The script that brings a host's state back, run by a real shell in a world of its own. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ShellCommand, sh } from "../../../src/shell/quote.ts";
import { formatRestoreScript } from "../../../src/transaction/shell/restore-script.ts";
import { runProcess } from "../../../src/transport/process.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lvsctl-test-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

test("a step that fails at first is tried again, and the next ones come after it", async () => {
  const late = sh`echo x >>${folder}/tries; [ "$(wc -l <${folder}/tries)" -ge 3 ]`;
  const { status, stdout } = await run([late, sh`cp ${folder}/tries ${folder}/second`]);
  expect(status).toBe(0);
  expect(readFileSync(join(folder, "second"), "utf8")).toBe("x\nx\nx\n");
  expect(stdout).toBe("lvsctl web-lab: step 0\nlvsctl web-lab: step 1\n");
});

test("a step that goes on failing is told, does not keep the others from coming back, and is the exit status", async () => {
  const { status, stdout } = await run([sh`echo ${"it's broken"} >&2; false; echo never`, sh`touch ${folder}/second`]);
  expect(status).toBe(1);
  expect(stdout).toBe("lvsctl web-lab: FAILED (1): step 0: it's broken\nlvsctl web-lab: step 1\n");
  expect(readFileSync(join(folder, "second"), "utf8")).toBe("");
});

/** Runs a restore script with these steps, which has two seconds of patience instead of a minute. */
async function run(scripts: readonly ShellCommand[]) {
  const steps = scripts.map((script, index) => ({ what: `step ${index}`, script }));
  const text = formatRestoreScript(steps, { topology: "web-lab", host: "dr" });
  const file = join(folder, "restore.sh");
  writeFileSync(file, text.replace("now + 60", "now + 3").replaceAll("/var/lib/lvsctl", folder));
  return runProcess(["sh", file], { timeoutMs: 600_000 });
}
