/** The same problem on several hosts is one problem. Pure. */
import type { PlanProblem } from "../plan/plan.ts";

/** A problem, and every host that has it. */
export interface SharedProblem extends Omit<PlanProblem, "host"> {
  readonly hosts: readonly string[];
}

/** The problems in their order, each once. */
export function sharedProblems(problems: readonly PlanProblem[]): readonly SharedProblem[] {
  const found = new Map<string, SharedProblem>();
  for (const { host, ...problem } of problems) {
    const key = JSON.stringify([problem.description, problem.message, problem.hint]);
    const hosts = [...new Set([...(found.get(key)?.hosts ?? []), host])];
    found.set(key, { ...problem, hosts });
  }
  return [...found.values()];
}
