import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { command, quote, raw, sh } from "../../src/shell/quote.ts";

const HOSTILE = [
  "",
  "$(reboot)",
  "`id`",
  "a'b",
  "''",
  "-n",
  "\\",
  "a\nb",
  "a b",
  "*",
  "~",
  "#x",
  "é漢",
  "!!",
  "\u001b[31m",
  "{a,b}",
  ";",
  "&&",
];

describe("quote", () => {
  it.each(["dash", "bash"])("gives %s back the very words", (shell) => {
    const words = fc
      .sample(fc.string({ unit: "binary", maxLength: 40 }), { numRuns: 400, seed: 7 })
      .filter((word) => !word.includes("\0"));
    const all = [...HOSTILE, ...words];
    const script = all.map((word) => `printf '%s\\0' ${quote(word)}`).join("\n");
    const printed = execFileSync(shell, ["-s"], { input: script, encoding: "utf8" });
    expect(printed.split("\0").slice(0, -1)).toEqual(all);
  });

  it("refuses NUL, which no shell word can hold", () => {
    expect(() => quote("a\0b")).toThrow(RangeError);
  });

  it("quotes values in commands and templates, and nests finished text", () => {
    expect(command("echo", "a b")).toBe("echo 'a b'");
    expect(sh`echo ${"$x"}`).toBe("echo '$x'");
    expect(sh`if ${raw(command("test", "a b"))}; then :; fi`).toBe("if test 'a b'; then :; fi");
  });
});
