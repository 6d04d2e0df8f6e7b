/** What the commands that change hosts share: how a run is shown, interrupted, and turned into an exit code. */
import type { RunResult } from "../app/run.ts";
import { type ExitCode, exitCode } from "../errors/exit-code.ts";
import type { Output } from "../report/output.ts";
import { onInterrupt } from "./interrupt.ts";
import type { Terminal } from "./terminal.ts";

interface Shown {
  readonly verbosity: number;
  readonly yes: boolean;
}

/** Shows a run's plan on stdout; asks, and shows its progress, on stderr. `isQuiet`: without the plan. */
export async function runViewOf({ stdout, stderr }: Terminal, { verbosity, yes }: Shown, isQuiet = false) {
  const { createRunView } = await import("../report/run-view.ts");
  return createRunView({ stdout, stderr, verbosity, yes, isQuiet });
}

/** From now on an interrupt ends the run cleanly, through the returned signal. `heard` tells the user what happens then. */
export function endOnInterrupt(
  stderr: Output,
  { confirmTimeoutSeconds }: { readonly confirmTimeoutSeconds: number },
  heard?: () => string,
): AbortSignal {
  return onInterrupt(
    stderr,
    `Leaving it to the hosts: what was being changed, they take back by themselves within ${confirmTimeoutSeconds} s; lvsctl rollback does it at once.`,
    heard,
  );
}

/** Reports how a run ended, and returns its exit code. Declining is not an error: it is what the user wanted. */
export async function concludeRun(run: RunResult, stderr: Output): Promise<ExitCode> {
  if (run.result !== "ran") return exitCode.ok;
  const { formatOutcome } = await import("../report/run-view.ts");
  stderr.write(formatOutcome(run.outcome, stderr));
  const { result, isInterrupted } = run.outcome;
  if (result === "done" || result === "pending") return exitCode.ok;
  if (result === "failed") return exitCode.error;
  return isInterrupted ? exitCode.interrupted : exitCode.rolledBack;
}
