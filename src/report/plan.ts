/** Prints a plan in the format that was asked for. */
import type { Plan } from "../plan/plan.ts";
import type { Output } from "./output.ts";
import { planToJson } from "./plan-json.ts";
import { formatPlan } from "./plan-text.ts";

export function showPlan(plan: Plan, format: string, output: Output, verbosity: number): void {
  const text =
    format === "json" ? `${JSON.stringify(planToJson(plan), undefined, 2)}\n` : formatPlan(plan, output, verbosity);
  output.write(text);
}
