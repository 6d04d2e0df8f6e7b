/** The result of an apply as JSON. */
import type { RunResult } from "../transaction/run-result.ts";
import type { Verification } from "../verify/verification.ts";
import type { JsonResult } from "./json.ts";
import { planToJson } from "./plan-json.ts";
import { verificationToJson } from "./verification.ts";

/** `lvsctl.apply/1`. `verification`: undefined if there was none. */
export function applyToJson(run: RunResult, verification: Verification | undefined): JsonResult {
  const { result, plan } = run;
  const outcome = run.result === "ran" ? run.outcome : undefined;
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
