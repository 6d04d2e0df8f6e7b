/** What is said of the changes after a verification that failed. */
import { expect, it } from "vitest";
import type { Plan } from "../../src/plan/plan.ts";
import type { Output } from "../../src/report/output.ts";
import { formatUnverified } from "../../src/report/run-view.ts";
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

function said(result: RunOutcome["result"]): string {
  const outcome: RunOutcome = { result, isInterrupted: false, failures: [], remains: [] };
  return formatUnverified({ result: "ran", plan, outcome }, output).replace(/\s+/g, " ");
}

it("what is confirmed stays, and there is a way to look again, to remove it, and to have it rolled back", () => {
  expect(said("done")).toMatch(/confirmed and stay\b.*lvsctl verify FILE.*lvsctl destroy FILE.*--atomic/);
});

it("with --atomic it says what was rolled back, and not that anything stays", () => {
  expect(said("rolled-back")).toBe("The verification failed, so --atomic rolled back all changes (dr 2, rs1 1). ");
});

it("nothing is called confirmed that is pending, or of which nobody knows", () => {
  expect(said("pending")).toContain("still pending");
  expect(said("pending")).not.toContain("confirmed");
  expect(said("failed")).toBe("");
  expect(formatUnverified({ result: "nothing-to-do", plan }, output)).toBe("");
});
