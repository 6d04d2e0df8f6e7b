/** How a command that changes hosts ended. */
import type { Plan } from "../plan/plan.ts";
import type { RunOutcome } from "./run-plan.ts";

/** What became of a command that changes hosts; `plan` is what it showed. */
export type RunResult =
  | { readonly result: "nothing-to-do"; readonly plan: Plan }
  /** The user was asked and said no. */
  | { readonly result: "declined"; readonly plan: Plan }
  | { readonly result: "ran"; readonly plan: Plan; readonly outcome: RunOutcome };
