/** What has become of a run that another lvsctl had left pending. */
import type { LvsctlError } from "../errors/lvsctl-error.ts";

export interface EndedRun {
  readonly result: "confirmed" | "taken-back" | "declined";
  /** The hosts on which it was pending. */
  readonly hosts: readonly string[];
  /** What went wrong, an error a host. */
  readonly failures: readonly LvsctlError[];
}
