/** The flags of commands that change hosts. */
import type { RunFlags } from "../../app/run.ts";
import { runDefaults } from "../../app/run-defaults.ts";
import { defineGroup } from "../command.ts";
import { on, valueOr, wholeNumber } from "../parameter.ts";

/** Whether to ask. */
export const yesFlag = defineGroup({
  parameters: { yes: on("-y, --yes", "do not ask") },
  options: ({ yes }) => ({ yes }),
});

/** How a run is carried out. */
export const changeFlags = defineGroup({
  parameters: {
    ...yesFlag.parameters,
    confirmTimeout: valueOr(
      "--confirm-timeout <seconds>",
      "a host that loses contact with lvsctl for this long rolls back on its own",
      wholeNumber({ least: 5 }),
      runDefaults.confirmTimeoutSeconds,
    ),
    stepTimeout: valueOr(
      "--step-timeout <seconds>",
      "how long one stage may take on a host",
      wholeNumber(),
      runDefaults.stepTimeoutSeconds,
    ),
    lockTimeout: valueOr(
      "--lock-timeout <seconds>",
      "how long to wait for another run to end",
      wholeNumber({ orZero: true }),
      runDefaults.lockTimeoutSeconds,
    ),
    noRollback: on("--no-rollback", "do not roll back after a failure"),
  },
  options: ({ yes, confirmTimeout, stepTimeout, lockTimeout, noRollback }): ChangeOptions => ({
    yes,
    noRollback,
    confirmTimeoutSeconds: confirmTimeout,
    stepTimeoutSeconds: stepTimeout,
    lockTimeoutSeconds: lockTimeout,
  }),
});

interface ChangeOptions extends RunFlags {
  readonly yes: boolean;
  readonly confirmTimeoutSeconds: number;
}

/** What happens to open connections when real servers are removed. */
export const drainFlags = defineGroup({
  parameters: {
    drainTimeout: valueOr(
      "--drain-timeout <seconds>",
      "how long to wait for open connections on real servers being removed",
      wholeNumber(),
      runDefaults.drainTimeoutSeconds,
    ),
    noDrain: on("--no-drain", "do not drain: drop connections of removed real servers immediately"),
  },
  options: ({ drainTimeout, noDrain }): Pick<RunFlags, "drainTimeoutSeconds"> => ({
    drainTimeoutSeconds: noDrain ? 0 : drainTimeout,
  }),
});
