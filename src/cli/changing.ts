/** What the commands that change hosts share: how a run is shown, interrupted, and turned into an exit code. */
import type { RunResult, RunView } from "../app/run.ts";
import { type ExitCode, exitCode } from "../errors/exit-code.ts";
import type { ApplyResult } from "../report/apply-json.ts";
import type { Output } from "../report/output.ts";
import { quietly } from "./quietly.ts";
import type { Terminal } from "./terminal.ts";

interface Shown {
  readonly verbosity: number;
  readonly yes: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Shows a run's plan on stdout; asks, and shows its progress, on stderr. `signal`: ends a question. `isQuiet`: without the
 * plan.
 */
export async function runViewOf(
  { stdout, stderr, stopwatch }: Pick<Terminal, "stdout" | "stderr" | "stopwatch">,
  { verbosity, yes, signal }: Shown,
  isQuiet = false,
): Promise<RunView> {
  const { createRunView } = await import("../report/run-view.ts");
  const view = createRunView({ stdout, stderr, verbosity, yes, isQuiet, signal });
  const confirm = (question: string) => stopwatch.pausing(() => quietly(stderr, () => view.confirm(question)));
  return { ...view, confirm };
}

/** The same for an apply, whose verification counts too. */
export async function concludeApply(
  { run, verification, isUnverified }: ApplyResult,
  stderr: Output,
): Promise<ExitCode> {
  const code = await concludeRun(run, stderr);
  if (isUnverified) {
    stderr.write("The changes are not verified, because of the interrupt; lvsctl verify does that.\n");
    return exitCode.interrupted;
  }
  if (verification?.ok !== false) return code;
  const { formatUnverified } = await import("../report/run-view.ts");
  stderr.write(formatUnverified(run, stderr));
  return code === exitCode.ok ? exitCode.verificationFailed : code;
}

/** Reports how a run ended, and returns its exit code. Declining is not an error: it is what the user wanted. */
export async function concludeRun(run: RunResult, stderr: Output): Promise<ExitCode> {
  if (run.result !== "ran") return exitCode.ok;
  const { formatOutcome } = await import("../report/run-view.ts");
  const { formatStillLive } = await import("../report/removed-hosts.ts");
  stderr.write(formatOutcome(run.outcome, stderr));
  stderr.write(formatStillLive(run.plan, stderr));
  const { result, isInterrupted } = run.outcome;
  if (result === "done" || result === "pending") return exitCode.ok;
  if (result === "failed") return exitCode.error;
  return isInterrupted ? exitCode.interrupted : exitCode.rolledBack;
}
