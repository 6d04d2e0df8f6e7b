/**
 * Makes a plan's changes on all hosts as one transaction: arms every host, goes through the phases, and then confirms the
 * run on all hosts or rolls it back on all of them.
 */
import type { LvsctlError } from "../errors/lvsctl-error.ts";
import type { Plan } from "../plan/plan.ts";
import type { OpenConnections } from "./drain.ts";
import { Run, type RunOptions } from "./run.ts";
import { asFailure, isKept } from "./run-errors.ts";
import type { RunHost } from "./run-host.ts";

/** How a run ended. */
export interface RunOutcome {
  /** `pending`: made, and left unconfirmed on request. */
  readonly result: "done" | "pending" | "rolled-back" | "failed";
  readonly isInterrupted: boolean;
  /** What went wrong on the way forward, host by host. */
  readonly failures: readonly LvsctlError[];
  /** What could not be rolled back or confirmed. */
  readonly remains: readonly LvsctlError[];
  /** Connections that were still open when their real server was removed; absent if there were none. */
  readonly cutOff?: readonly OpenConnections[];
}

/**
 * Runs a plan. Throws LVS-LOCK-001, -002, -003 or -010 when another run is in the way on a host; nothing has been changed then.
 * Every other failure is in the outcome.
 */
export async function runPlan(plan: Plan, hosts: readonly RunHost[], options: RunOptions): Promise<RunOutcome> {
  const run = new Run(plan, hosts, options);
  if (!run.hasWork) return { result: "done", isInterrupted: false, failures: [], remains: [] };
  options.onMoment?.("changing");
  const unarmed = await run.arm();
  if (unarmed.length > 0) return { result: "rolled-back", isInterrupted: false, failures: unarmed, remains: [] };
  const stopRenewing = run.keepRenewing();
  try {
    const outcome = await conclude(run, options);
    const isCut = run.cutOff.length > 0 && outcome.result !== "rolled-back";
    return isCut ? { ...outcome, cutOff: run.cutOff } : outcome;
  } finally {
    stopRenewing();
    options.onStatus?.(undefined);
  }
}

async function conclude(run: Run, options: RunOptions): Promise<RunOutcome> {
  const isAborted = () => options.signal?.aborted ?? false;
  const { onMoment } = options;
  let failures = await run.forwards();
  if (failures.length === 0 && !isAborted()) {
    if (options.isGood) onMoment?.("trying");
    const verdict = await judge(options);
    onMoment?.("logging-in");
    failures = verdict === true ? await (options.noConfirm ? run.leavePending() : run.prepare()) : verdict;
    // The last chance to roll back: nothing is awaited between this check and the first confirmation.
    if (verdict === true && failures.length === 0 && !isAborted()) {
      if (options.noConfirm) return { result: "pending", isInterrupted: false, failures: [], remains: [] };
      onMoment?.("confirming");
      const remains = await run.confirm();
      return { result: remains.length === 0 ? "done" : "failed", isInterrupted: isAborted(), failures: [], remains };
    }
  }
  const isInterrupted = isAborted();
  if (options.noRollback && failures.length > 0) {
    onMoment?.("keeping");
    return { result: "failed", isInterrupted, failures, remains: await run.keep() };
  }
  onMoment?.("rolling-back");
  const remains = await run.backwards();
  const others = failures.filter((failure) => !isKept(failure)); // Such a host is among what remains.
  return { result: remains.length === 0 ? "rolled-back" : "failed", isInterrupted, failures: others, remains };
}

/** True if the result is good. Otherwise the errors that kept us from checking; none if the check said no, or was stopped. */
async function judge({ isGood, signal }: RunOptions): Promise<true | readonly LvsctlError[]> {
  try {
    return ((await isGood?.()) ?? true) || [];
  } catch (error) {
    return signal?.aborted ? [] : [asFailure(error)];
  }
}
