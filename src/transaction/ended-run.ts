/** How a run ended that another lvsctl had left pending. */
import type { LvsctlError } from "../errors/lvsctl-error.ts";

/**
 * What became of a pending run that a command has confirmed or rolled back. `declined`: the user was asked and said no.
 */
export interface EndedRun {
  readonly result: "confirmed" | "rolled-back" | "declined";
  /** The hosts on which it was pending. */
  readonly hosts: readonly string[];
  /** Those of them on which it was confirmed already, so that nobody can roll it back: there it was completed. */
  readonly completed?: readonly string[];
  /** What went wrong, one error per host. */
  readonly failures: readonly LvsctlError[];
}
