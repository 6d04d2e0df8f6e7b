/** What the commands that change hosts share: how a run is shown, interrupted, and turned into an exit code. */
import type { RunResult, RunView } from "../app/run.ts";
import { type ExitCode, exitCode } from "../errors/exit-code.ts";
import type { ApplyResult } from "../report/apply-json.ts";
import type { Given } from "../report/next-command.ts";
import type { Output } from "../report/output.ts";
import { quietly } from "./quietly.ts";
import type { Terminal } from "./terminal.ts";

interface Shown {
  readonly verbosity: number;
  readonly yes: boolean;
  readonly given: Given;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Shows a run's plan on stdout; asks, and shows its progress, on stderr. `signal`: ends a question. `isQuiet`: without the
 * plan.
 */
export async function runViewOf(
  { stdout, stderr, stopwatch }: Pick<Terminal, "stdout" | "stderr" | "stopwatch">,
  { verbosity, yes, given, signal }: Shown,
  isQuiet = false,
): Promise<RunView> {
  const { createRunView } = await import("../report/run-view.ts");
  const view = createRunView({ stdout, stderr, verbosity, yes, isQuiet, given, signal });
  const confirm = (question: string) => stopwatch.pausing(() => quietly(stderr, () => view.confirm(question)));
  return { ...view, confirm };
}

/** The same for an apply, whose verification counts too. */
export async function concludeApply(
  { run, verification, unverified }: ApplyResult,
  given: Given,
  stderr: Output,
): Promise<ExitCode> {
  const code = await concludeRun(run, given, stderr);
  const { formatNotVerified, formatUnverified } = await import("../report/run-view.ts");
  if (unverified !== undefined) {
    stderr.write(formatNotVerified(unverified, given, stderr));
    return unverified === "interrupted" ? exitCode.interrupted : code;
  }
  if (verification?.ok !== false) return code;
  stderr.write(formatUnverified(run, given, stderr));
  return code === exitCode.ok ? exitCode.verificationFailed : code;
}

/** Reports how a run ended, and returns its exit code. Declining is not an error: it is what the user wanted. */
export async function concludeRun(run: RunResult, given: Given, stderr: Output): Promise<ExitCode> {
  if (run.result !== "ran") return exitCode.ok;
  const { formatOutcome } = await import("../report/run-view.ts");
  const { formatStillLive } = await import("../report/removed-hosts.ts");
  stderr.write(formatOutcome(run.outcome, given, stderr));
  stderr.write(formatStillLive(run.plan, given, stderr));
  const { result, isInterrupted } = run.outcome;
  if (result === "done" || result === "pending") return exitCode.ok;
  if (result === "failed") return exitCode.error;
  return isInterrupted ? exitCode.interrupted : exitCode.rolledBack;
}
