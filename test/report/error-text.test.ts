import { expect, test } from "vitest";
import { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import { formatError } from "../../src/report/error-text.ts";
import type { Output } from "../../src/report/output.ts";

const paper: Output = {
  width: 80,
  isTerminal: false,
  write: () => undefined,
  paint: (_style, text) => text,
  eraseLine: () => undefined,
};

test("an error shows the last lines of what the program printed, before what to do", () => {
  const printed = Array.from({ length: 40 }, (_, index) => `line ${index}`).join("\n");
  const error = new LvsctlError("LVS-LAB-006", "It did not come up.", { output: `${printed}\r\n`, hint: "Look." });
  const lines = formatError(error, paper).trimEnd().split("\n");
  expect(lines).toHaveLength(2 + 15 + 1);
  expect(lines.slice(1, 3)).toEqual(["  It did not come up.", "  | line 25"]);
  expect(lines.slice(-2)).toEqual(["  | line 39", "  Fix: Look."]);
});

test("what the message quotes is not printed again", () => {
  const text = (output: string) => formatError(new LvsctlError("LVS-STEP-001", "It said: no.", { output }), paper);
  expect(text("no.")).not.toContain("|");
  expect(text("never")).toContain("  | never");
});
