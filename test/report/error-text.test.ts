import { expect, test } from "vitest";
import { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { formatError } from "../../src/report/error-text.ts";
import type { Output } from "../../src/report/output.ts";
import { createRunView } from "../../src/report/run-view.ts";

const paper: Output = {
  width: 80,
  isTerminal: false,
  write: () => undefined,
  paint: (_style, text) => text,
  showActivity: () => undefined,
  announce: () => undefined,
  lend: () => () => undefined,
};

test("an error shows the last lines of what the program printed, before what to do", () => {
  const printed = Array.from({ length: 40 }, (_, index) => `line ${index}`).join("\n");
  const error = new LvsctlError("LVS-LAB-006", "It did not come up.", { output: `${printed}\r\n`, hint: "Look." });
  const lines = formatError(error, paper).trimEnd().split("\n");
  expect(lines).toHaveLength(2 + 15 + 1);
  expect(lines.slice(1, 3)).toEqual(["  It did not come up.", "  | line 25"]);
  expect(lines.slice(-2)).toEqual(["  | line 39", "  Fix: Look."]);
});

test("the same error of several hosts stands there once, with their names", () => {
  const on = (host: string, hint = "Use --adopt.") =>
    new LvsctlError("LVS-STEP-004", "Another route is there.", { host, step: "route default", hint });
  const text = (...problems: readonly LvsctlError[]) =>
    formatError(new LvsctlError("LVS-STEP-003", "Nothing has been changed.", { problems }), paper);
  expect(text(on("rs1"), on("rs2")).match(/^rs.*LVS-STEP-004/gm)).toEqual(["rs1, rs2: LVS-STEP-004"]);
  expect(text(on("rs1"), on("rs2", "Wait.")).match(/^rs.*LVS-STEP-004/gm)).toHaveLength(2);
});

test("however much a host printed, little of it is shown", () => {
  const shown = (output: string, message = "It failed.") =>
    formatError(new LvsctlError("LVS-FACT-001", message, { output }), paper);
  expect(shown(`find: ${"x".repeat(20_000_000)}`).length).toBeLessThan(800);
  expect(shown("x\n".repeat(1_000_000)).length).toBeLessThan(200);
  expect(shown("", "x".repeat(1_000_000)).length).toBeLessThan(11_000);
  expect(shown("x".repeat(400)).replaceAll(/[^x]/g, "")).toHaveLength(400);
});

test("what others have written looks like none of our lines", () => {
  const message = "step: the host answered: no\n  Fix: run this\nLVS-STEP-001";
  expect(formatError(new LvsctlError("LVS-STEP-001", message, { output: `${" ".repeat(76)}rs9  fine` }), paper)).toBe(
    `LVS-STEP-001 ${new LvsctlError("LVS-STEP-001", "").title}\n  step: the host answered: no\n  |   Fix: run this\n  | LVS-STEP-001\n  | ${" ".repeat(76)}\n  : rs9  fine\n`,
  );
  const problems = [new LvsctlError("LVS-STEP-001", "no")];
  expect(formatError(new LvsctlError("LVS-STEP-001", "2 of\nrs9  fine", { problems }), paper)).toMatch(
    /\n2 of rs9 {2}fine\n$/,
  );
});

test("what the message quotes is not printed again", () => {
  const text = (output: string) => formatError(new LvsctlError("LVS-STEP-001", "It said: no.", { output }), paper);
  expect(text("no.")).not.toContain("|");
  expect(text("never")).toContain("  | never");
});

test("errors that have been read in a plan on the same terminal are not shown again", () => {
  const problems = [new LvsctlError("LVS-STEP-004", "Another route is there.", { host: "rs1" })];
  const textIf = (areShown: boolean) =>
    formatError(new LvsctlError("LVS-STEP-003", "Nothing has been changed.", { problems, areShown }), paper);
  expect(textIf(true)).toBe("Nothing has been changed.\n");
  expect(textIf(false)).toContain("Another route is there.");
});

test.each([
  [true, true, false, true],
  [true, false, false, false],
  [false, true, false, false],
  [true, true, true, false],
])("a plan on a terminal (%s), with errors on a terminal (%s), quietly (%s), has been read: %s", (...given) => {
  const [toTerminal, errorsToTerminal, isQuiet, isRead] = given;
  const summary = { create: 1, update: 0, delete: 0 };
  const written: string[] = [];
  const stdout = { ...paper, isTerminal: toTerminal, write: (text: string) => void written.push(text) };
  const stderr = { ...paper, isTerminal: errorsToTerminal };
  const view = createRunView({ stdout, stderr, verbosity: 0, yes: true, isQuiet, given: {} });
  expect(view.showPlan({ topology: "t", hosts: new Map(), problems: [], summary } as unknown as Plan)).toBe(isRead);
  expect(written.length > 0).toBe(!isQuiet);
});
