import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { ShellCommand } from "../../src/shell/quote.ts";
import { formatStageScript, parseStageOutput } from "../../src/transaction/stage-script.ts";

const NONCE = "0123456789abcdef";

function run(...scripts: string[]) {
  const steps = scripts.map((script) => ({ makes: [], script: script as ShellCommand }));
  const { stdout, stderr } = spawnSync("sh", ["-s"], { input: formatStageScript({ steps }, NONCE), encoding: "utf8" });
  return { progress: parseStageOutput(stdout, stderr, NONCE), stdout };
}

describe("a stage's script, in a real shell", () => {
  it("runs every step in order", () => {
    const { progress, stdout } = run("echo one", "echo two");
    expect(progress).toEqual({ isComplete: true });
    expect(stdout.indexOf("one")).toBeLessThan(stdout.indexOf("two"));
  });

  it("stops at the first step that fails, and says which, how and with what words", () => {
    const { progress, stdout } = run(
      "echo fine >&2",
      "echo first; sh -c 'echo no such thing >&2; exit 7'; echo second",
      "echo third",
    );
    expect(progress).toEqual({ isComplete: false, failedStep: 1, status: 7, output: "no such thing" });
    expect(stdout).toContain("first");
    expect(stdout).not.toMatch(/second|third/);
  });

  it("keeps a step's variables and directory from the next step", () => {
    expect(run("x=1; cd /", 'test -z "${x-}"').progress.isComplete).toBe(true);
  });

  it("knows a script that was cut off", () => {
    expect(parseStageOutput(`\n@${NONCE} begin 0\nsome`, "", NONCE)).toMatchObject({
      isComplete: false,
      failedStep: 0,
    });
    expect(parseStageOutput("", "", NONCE)).toMatchObject({ isComplete: false });
  });

  it("is a script that dash and bash both accept", () => {
    const script = formatStageScript(
      { steps: [{ makes: [], script: "true" as ShellCommand }], last: { remove: "t" } },
      NONCE,
    );
    for (const shell of ["dash", "bash"]) execFileSync(shell, ["-n"], { input: script });
  });
});
