/** The script that brings a host's state back, run by a real shell in a world of its own. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ShellCommand, sh } from "../../../src/shell/quote.ts";
import { formatRestoreScript } from "../../../src/transaction/shell/restore-script.ts";
import { watched } from "../../helpers/watched-process.ts";

/** More than a day: no test takes that long (vitest.config.ts). */
const NEVER_SECONDS = 100_000;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lvsctl-test-"));
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

/** Runs a restore script with these steps, which has this much patience instead of a minute. */
async function run(patienceSeconds: number, scripts: readonly ShellCommand[]) {
  const steps = scripts.map((script, index) => ({ what: `step ${index}`, script }));
  const text = formatRestoreScript(steps, { topology: "web-lab", host: "dr" });
  const file = join(folder, "restore.sh");
  expect(text).toContain("now + 60");
  writeFileSync(file, text.replace("now + 60", `now + ${patienceSeconds}`).replaceAll("/var/lib/lvsctl", folder));
  return watched(["sh", file]).ended;
}
