import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { formatReadScript, parseReadOutput, type ReadCommand } from "../../src/shell/read-script.ts";

const NONCE = "0123456789abcdef";

function run(commands: readonly ReadCommand[], before = "") {
  const { stdout, stderr } = spawnSync("sh", ["-s"], { input: formatReadScript(commands, NONCE), encoding: "utf8" });
  return parseReadOutput(before + stdout, before + stderr, NONCE);
}

describe("a read script, in a real shell", () => {
  it("gives each command's output, errors and status", () => {
    const outputs = run([
      { name: "a", argv: ["printf", "one\ntwo"] },
      { name: "b b", argv: ["sh", "-c", "echo out; echo err >&2; exit 3"] },
      { name: "c", argv: ["no-such-command"] },
      { name: "d", argv: ["cat"] },
    ]);
    expect(outputs?.get("a")).toEqual({ stdout: "one\ntwo", stderr: "", status: 0 });
    expect(outputs?.get("b b")).toEqual({ stdout: "out\n", stderr: "err\n", status: 3 });
    expect(outputs?.get("c")?.status).toBe(127);
    expect(outputs?.get("d")).toEqual({ stdout: "", stderr: "", status: 0 });
  });

  it("ignores what a login shell prints around it", () => {
    expect(run([{ name: "a", argv: ["echo", "x"] }], "Welcome!\n@beware\n")?.get("a")?.stdout).toBe("x\n");
  });

  it("knows a script that did not reach its end", () => {
    expect(parseReadOutput(`\n@${NONCE} begin a\nx`, "", NONCE)).toBeUndefined();
  });
});
