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
      "a host that has not heard of lvsctl for so long takes the run back by itself",
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
    noRollback: on("--no-rollback", "after a failure leave things as they are"),
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
      "how long real servers that go get for their open connections",
      wholeNumber(),
      runDefaults.drainTimeoutSeconds,
    ),
    noDrain: on("--no-drain", "cut the connections of real servers that go at once"),
  },
  options: ({ drainTimeout, noDrain }): Pick<RunFlags, "drainTimeoutSeconds"> => ({
    drainTimeoutSeconds: noDrain ? 0 : drainTimeout,
  }),
});
