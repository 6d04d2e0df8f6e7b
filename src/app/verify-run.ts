/** The verification of a run that was just made. */
import type { ApplyResult } from "../report/apply-json.ts";
import type { Verification } from "../verify/verification.ts";
import type { RunFlags, RunResult } from "./run.ts";
import { untilInterrupted } from "./until-interrupted.ts";

/** Verifies what a run has made; nothing if it has made nothing, and the result says so if that is because all was there. An interrupt stops it at once, and the changes stay. */
export async function verifyRun(
  run: RunResult,
  { signal, onMoment, onStatus }: Pick<RunFlags, "signal" | "onMoment" | "onStatus">,
  verify: () => Promise<Verification>,
): Promise<ApplyResult> {
  if (run.result === "nothing-to-do") return { run, unverified: "unchanged" };
  if (run.result !== "ran") return { run };
  const { result } = run.outcome;
  if (result !== "done" && result !== "pending") return { run };
  onMoment?.(result === "pending" ? "verifying-pending" : "verifying");
  try {
    return { run, verification: await untilInterrupted(verify, signal) };
  } catch (error) {
    if (!signal?.aborted) throw error;
    onStatus?.(undefined);
    return { run, unverified: "interrupted" };
  }
}
