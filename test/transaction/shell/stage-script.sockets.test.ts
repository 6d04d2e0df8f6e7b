import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { ShellCommand } from "../../../src/shell/quote.ts";
import { formatStageScript, parseStageOutput } from "../../../src/transaction/shell/stage-script.ts";
import { inPrivateRoot } from "../../helpers/private-root.ts";

const NONCE = "0123456789abcdef";
const ID = "00c0ffee";
const PENDING = `mkdir -p /var/lib/lvsctl/.transaction /run/lvsctl/progress; : >/run/lvsctl/wanted
echo waiting >/run/lvsctl/progress/0; echo waiting >/run/lvsctl/progress/1; echo ${ID} >/var/lib/lvsctl/.transaction/id`;

const NOTES =
  'set -- /run/lvsctl/progress/*; for file in "$@"; do read -r word <$file; all="$all${all:+ }$word"; done; printf %s "$all"';

async function run(...scripts: string[]) {
  const steps = scripts.map((script, number) => ({ step: { makes: [], script: script as ShellCommand }, number }));
  const text = formatStageScript({ id: ID, confirmTimeoutSeconds: 60, steps }, NONCE);
  const [, stage, progress] = await inPrivateRoot([PENDING, text, NOTES]);
  const { stdout = "", stderr = "" } = stage ?? {};
  return { progress: parseStageOutput(stdout, stderr, NONCE), stdout, noted: progress?.stdout };
}

describe("a stage's script, in a real shell", () => {
  it("runs every step in order, and notes how far it came", async () => {
    const { progress, stdout, noted } = await run("echo one", "echo two");
    expect(progress).toEqual({ result: "done" });
    expect(stdout.indexOf("one")).toBeLessThan(stdout.indexOf("two"));
    expect(noted).toBe("done done");
  });

  it("stops at the first step that fails, and says which, how and with what words", async () => {
    const { progress, stdout, noted } = await run(
      "echo fine >&2",
      "echo first; sh -c 'echo no such thing >&2; exit 7'; echo second",
      "echo third",
    );
    expect(progress).toEqual({ result: "failed", step: 1, output: "no such thing" });
    expect(stdout).toContain("first");
    expect(stdout).not.toMatch(/second|third/);
    expect(noted).toBe("done begun");
  });

  it("keeps a step's variables and directory from the next step", async () => {
    expect((await run("x=1; cd /", 'test -z "${x-}"')).progress.result).toBe("done");
  });

  it("keeps its lock from programs that a step leaves running", async () => {
    const { progress } = await run("setsid sleep 36000 >/dev/null 2>&1 </dev/null &", "true");
    const [, , free] = await inPrivateRoot([
      PENDING,
      formatStageScript(
        {
          id: ID,
          confirmTimeoutSeconds: 60,
          steps: [{ step: step("setsid sleep 36000 >/dev/null 2>&1 </dev/null &") }],
        },
        NONCE,
      ),
      "flock -n /run/lvsctl.lock true",
    ]);
    expect(progress.result).toBe("done");
    expect(free?.status).toBe(0);
  });

  it("changes nothing when the host has no such transaction any more", async () => {
    const text = formatStageScript(
      { id: ID, confirmTimeoutSeconds: 60, steps: [{ step: step("touch /var/lib/changed") }] },
      NONCE,
    );
    const other = PENDING.replace(ID, "another");
    for (const pending of ["true", other]) {
      const [, stage, changed] = await inPrivateRoot([pending, text, "test -e /var/lib/changed"]);
      expect(parseStageOutput(stage?.stdout ?? "", "", NONCE)).toEqual({ result: "gone" });
      expect(changed?.status).toBe(1);
    }
  });

  it("notes as undone what had been done, and leaves a step that broke off to the host", async () => {
    const text = formatStageScript({ id: ID, confirmTimeoutSeconds: 60, steps: [], undoes: [0, 1, 2] }, NONCE);
    const begun = `${PENDING}; cd /run/lvsctl/progress; echo done >0; echo begun >1; echo waiting >2`;
    const [, , progress] = await inPrivateRoot([begun, text, NOTES]);
    expect(progress?.stdout).toBe("undone begun waiting");
  });

  it("knows a script that was cut off", () => {
    expect(parseStageOutput(`\n@${NONCE} begin 0\nsome`, "", NONCE)).toMatchObject({ result: "failed", step: 0 });
    expect(parseStageOutput("", "", NONCE)).toEqual({ result: "failed", output: "" });
  });

  it("is a script that dash and bash both accept", () => {
    const script = formatStageScript(
      { id: ID, confirmTimeoutSeconds: 60, steps: [{ step: step("true"), number: 3 }], undoes: [1, 2] },
      NONCE,
    );
    for (const shell of ["dash", "bash"]) execFileSync(shell, ["-n"], { input: script });
  });
});

function step(script: string) {
  return { makes: [], script: script as ShellCommand };
}
