import type { RunResult } from "../app/run.ts";
import { type ExitCode, exitCode } from "../errors/exit-code.ts";

/** The exit code of a run that changed hosts. Declining is no error: it is what the user wanted. */
export function exitOfRun(run: RunResult): ExitCode {
  if (run.result !== "ran" || run.outcome.result === "done" || run.outcome.result === "pending") return exitCode.ok;
  if (run.outcome.result === "failed") return exitCode.error;
  return run.outcome.isInterrupted ? exitCode.interrupted : exitCode.rolledBack;
}
