import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatReadScript, parseReadOutput, type ReadCommand } from "../../src/shell/read-script.ts";
import { watched } from "../helpers/watched-process.ts";

const NONCE = "0123456789abcdef";

async function run(commands: readonly ReadCommand[], before = "") {
  const { stdout, stderr } = await watched(["sh", "-s"], { input: formatReadScript(commands, NONCE) }).ended;
  return parseReadOutput(before + stdout, before + stderr, NONCE);
}

describe("a read script, in a real shell", () => {
  it("gives each command's output, errors and status", async () => {
    const outputs = await run([
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

  it("ignores what a login shell prints around it", async () => {
    const outputs = await run([{ name: "a", argv: ["echo", "x"] }], "Welcome!\n@beware\n");
    expect(outputs?.get("a")?.stdout).toBe("x\n");
  });

  it("makes every NUL character another one, which can be quoted", async () => {
    const printed = ["sh", "-c", "printf 'a\\0b\\0'; printf 'c\\0' >&2"];
    expect((await run([{ name: "a", argv: printed }]))?.get("a")).toEqual({
      stdout: "a\ufffdb\ufffd",
      stderr: "c\ufffd",
      status: 0,
    });
  });

  it("knows a script that did not reach its end", () => {
    expect(parseReadOutput(`\n@${NONCE} begin a\nx`, "", NONCE)).toBeUndefined();
  });

  it("begins what is early before the rest, beside which it runs", async () => {
    // Each of two waits for the other: one after the other, they would never end.
    const folder = mkdtempSync(join(tmpdir(), "lvsctl-test-"));
    const [there, back] = [join(folder, "there"), join(folder, "back")];
    execFileSync("mkfifo", [there, back]);
    const outputs = await run([
      { name: "a", argv: ["sh", "-c", `read -r begun <${there}; echo >${back}; echo one`] },
      {
        name: "early",
        argv: ["sh", "-c", `echo slow; echo lost >&2; echo >${there}; read -r end <${back}; exit 2`],
        early: true,
      },
      { name: "too", argv: ["echo", "second"], early: true },
    ]);
    rmSync(folder, { recursive: true });
    expect(outputs?.get("a")).toEqual({ stdout: "one\n", stderr: "", status: 0 });
    expect(outputs?.get("early")).toEqual({ stdout: "slow\n", stderr: "", status: 2 });
    expect(outputs?.get("too")?.stdout).toBe("second\n");
  });
});
