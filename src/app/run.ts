/** What `apply` and `destroy` share: show a plan, ask, run it, and say how it ended. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { hasChanges, type Plan } from "../plan/plan.ts";
import { kinds } from "../resources/kinds.ts";
import { type Phase, phasesOf } from "../transaction/phases.ts";
import { type RunEvent, type RunOutcome, runPlan } from "../transaction/run-plan.ts";
import type { Sessions } from "./sessions.ts";

/** What a run shows and asks on its way. */
export interface RunView {
  showPlan(plan: Plan): void;
  /** Throws LVS-USAGE-002 when there is nobody to ask. */
  confirm(question: string): Promise<boolean>;
  /** Called once, when the run begins; gets every event; `end` when the run is over. */
  watchRun(phases: readonly Phase[]): { onEvent(event: RunEvent): void; end(): Promise<void> };
}

export interface RunFlags {
  readonly signal?: AbortSignal | undefined;
  readonly noRollback?: boolean;
}

export type RunResult =
  | { readonly result: "nothing-to-do"; readonly plan: Plan }
  | { readonly result: "declined"; readonly plan: Plan }
  | { readonly result: "ran"; readonly plan: Plan; readonly outcome: RunOutcome };

/** Throws LVS-STEP-003 for a plan with problems; nothing has been changed then. */
export async function showAskAndRun(
  plan: Plan,
  sessions: Sessions,
  view: RunView,
  question: string,
  flags: RunFlags,
): Promise<RunResult> {
  view.showPlan(plan);
  refuseProblems(plan);
  if (!hasChanges(plan)) {
    const outcome = await runPlan(plan, sessions.byHost, { kinds }); // Ledgers may still name what others have removed.
    return outcome.result === "done" ? { result: "nothing-to-do", plan } : { result: "ran", plan, outcome };
  }
  if (!(await view.confirm(question))) return { result: "declined", plan };
  const watch = view.watchRun(phasesOf(plan));
  const outcome = await runPlan(plan, sessions.byHost, { ...flags, kinds, onEvent: watch.onEvent });
  await watch.end();
  return { result: "ran", plan, outcome };
}

function refuseProblems(plan: Plan): void {
  if (plan.problems.length === 0) return;
  const problems = plan.problems.map(
    ({ host, description, message, hint }) =>
      new LvsctlError("LVS-STEP-004", message, { host, step: description, hint }),
  );
  throw new LvsctlError("LVS-STEP-003", "The hosts are not ready for this topology; nothing has been changed.", {
    problems,
  });
}
