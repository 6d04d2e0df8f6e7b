/** The error of a step that failed on a host. */

import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { RecordedChange } from "../ledger/pending.ts";
import type { Step } from "../resources/resource.ts";
import type { StageProgress } from "./stage-script.ts";

/** LVS-STEP-001 with what the step was to do. `otherwise`: what was going on when no step had begun. */
export function stepFailure(
  host: string,
  steps: readonly Step[],
  changes: readonly RecordedChange[],
  progress: Pick<StageProgress, "failedStep" | "output"> & { readonly status?: number | undefined },
  otherwise = "beginning the stage",
): LvsctlError {
  const step = progress.failedStep === undefined ? undefined : steps[progress.failedStep];
  const made = step?.makes.map(({ kind, key }) => changes.find((change) => change.kind === kind && change.key === key));
  const description = made?.map((change) => change?.description ?? "").join("; ") || otherwise;
  const output = progress.output || "(it printed nothing)";
  return new LvsctlError("LVS-STEP-001", `${description}: the host answered: ${output}`, {
    host,
    step: description,
    output,
    hint: "Run the same with -vv to see the commands; they can be tried by hand on the host.",
  });
}

/** Whatever was thrown while a host was worked on, as an error with a code. */
export function asFailure(error: unknown, host: string): LvsctlError {
  if (error instanceof LvsctlError) return error;
  return new LvsctlError("LVS-INTERNAL-000", error instanceof Error ? error.message : String(error), {
    host,
    cause: error,
  });
}
