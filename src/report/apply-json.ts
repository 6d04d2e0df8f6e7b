/** The result of an apply as JSON. */
import type { RunResult } from "../transaction/run-result.ts";
import type { Verification } from "../verify/verification.ts";
import type { JsonResult } from "./json.ts";
import { planToJson } from "./plan-json.ts";
import { verificationToJson } from "./verification.ts";

/** How an apply ended. */
export interface ApplyResult {
  readonly run: RunResult;
  /** Absent if nothing was changed, if it was not asked for, or if an interrupt stopped it. */
  readonly verification?: Verification;
  /** What has kept it from being verified: an interrupt, or that nothing was changed. */
  readonly unverified?: "interrupted" | "unchanged";
}

/** `lvsctl.apply/1`. */
export function applyToJson({ run, verification }: ApplyResult) {
  const { result, plan } = run;
  const outcome = run.result === "ran" ? run.outcome : undefined;
  const errors = [...(outcome?.failures ?? []), ...(outcome?.remains ?? [])];
  return {
    format: "lvsctl.apply/1",
    result: outcome?.result ?? result,
    interrupted: outcome?.isInterrupted ?? false,
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
  } satisfies JsonResult;
}
