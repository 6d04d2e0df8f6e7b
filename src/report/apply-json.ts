/** How an apply ended, as machines read it: `lvsctl.apply/1`. */
import type { Plan } from "../plan/plan.ts";
import type { RunOutcome } from "../transaction/run-plan.ts";
import type { Verification } from "../verify/verification.ts";
import { planToJson } from "./plan-json.ts";
import { verificationToJson } from "./verification.ts";

export interface FinishedRun {
  readonly result: "nothing-to-do" | "declined" | "ran";
  readonly plan: Plan;
  readonly outcome?: RunOutcome;
}

export function applyToJson({ result, plan, outcome }: FinishedRun, verification: Verification | undefined): object {
  const errors = [...(outcome?.failures ?? []), ...(outcome?.remains ?? [])];
  return {
    format: "lvsctl.apply/1",
    result: outcome?.result ?? result,
    errors: errors.map(({ code, message, details: { host, step, hint } }) => ({
      code,
      message,
      host,
      step,
      fix: hint,
    })),
    cutOff: outcome?.cutOff ?? [],
    plan: planToJson(plan),
    verification: verification ? verificationToJson(verification) : null,
  };
}
