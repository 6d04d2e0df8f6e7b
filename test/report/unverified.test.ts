/** What is said of the changes after a verification that failed. */
import { expect, it } from "vitest";
import type { Plan } from "../../src/plan/plan.ts";
import type { Output } from "../../src/report/output.ts";
import { formatNotVerified, formatOutcome, formatUnverified } from "../../src/report/run-view.ts";
import type { RunOutcome } from "../../src/transaction/run-plan.ts";

const output = { width: 200, paint: (_style: string, text: string) => text } as Output;
const change = { action: "create", isAction: false };
const plan = {
  hosts: new Map([
    ["dr", [change, change, { action: "update", isAction: true }]],
    ["rs1", [change]],
    ["client", [{ ...change, action: "none" }]],
  ]),
} as unknown as Plan;

const given = { file: "examples/dr.yaml", lab: true };
const outcomeOf = (result: RunOutcome["result"], isInterrupted = false): RunOutcome => {
  return { result, isInterrupted, failures: [], remains: [] };
};

function said(result: RunOutcome["result"]): string {
  return formatUnverified({ result: "ran", plan, outcome: outcomeOf(result) }, given, output).replace(/\s+/g, " ");
}

it("what is confirmed stays, and there is a way to look again, to remove it, and to have it rolled back", () => {
  expect(said("done")).toBe(
    "All changes are confirmed and stay. Run lvsctl verify --lab examples/dr.yaml to check again, or lvsctl destroy --lab examples/dr.yaml to remove everything. With --atomic, apply rolls back when verification fails. ",
  );
});

it("with --atomic it says what was rolled back, and not that anything stays", () => {
  expect(said("rolled-back")).toBe("The verification failed, so --atomic rolled back all changes (dr 2, rs1 1). ");
});

it("nothing is called confirmed that is pending, or of which nobody knows", () => {
  expect(said("pending")).toBe(
    "The changes are still pending. Run lvsctl verify --lab examples/dr.yaml to check again. ",
  );
  expect(said("pending")).not.toContain("confirmed");
  expect(said("failed")).toBe("");
  expect(formatUnverified({ result: "nothing-to-do", plan }, given, output)).toBe("");
});

it("says why an apply has verified nothing, and what does", () => {
  expect(formatNotVerified("unchanged", given, output)).toBe(
    "Nothing was changed, so nothing was verified; lvsctl verify --lab examples/dr.yaml does that.\n",
  );
  expect(formatNotVerified("interrupted", given, output)).toBe(
    "The changes are not verified, because of the interrupt; lvsctl verify --lab examples/dr.yaml does that.\n",
  );
});

it("whatever ends a run, what to do about it is said in words to type", () => {
  expect(formatOutcome(outcomeOf("pending"), given, output)).toContain(
    "lvsctl confirm --lab examples/dr.yaml keeps it, lvsctl rollback --lab examples/dr.yaml rolls it back now.",
  );
  expect(formatOutcome(outcomeOf("done", true), given, output)).toContain(
    "Use lvsctl destroy --lab examples/dr.yaml to remove them.",
  );
});
