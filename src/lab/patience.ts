/**
 * How long to wait for something that prints and works. A slow machine needs longer for the same work, so there is
 * no time limit as long as there is progress. Pure.
 */

/** Progress so far. */
export interface Progress {
  /** How much has been printed, in any unit. */
  readonly printed: number;
  /** The processor time used, in seconds. */
  readonly workSeconds: number;
}

/** When to give up: after too many checks without progress, or too much work without output. */
export interface PatienceLimits {
  /** After so many checks without output or work it counts as stuck. */
  readonly idleLooks: number;
  /** After so much work without output it counts as an endless loop; seconds of processor time. */
  readonly silentWorkSeconds: number;
}

/** Less work than this between two checks is no progress: timer interrupts alone cost as much. */
const SOME_WORK_SECONDS = 0.02;

/** Judges progress from one check to the next, and tells when waiting is no longer worthwhile. */
export class Patience {
  private readonly limits: PatienceLimits;
  private last: Progress | undefined;
  private idleLooks = 0;
  private silentWorkSeconds = 0;

  constructor(limits: PatienceLimits) {
    this.limits = limits;
  }

  /** Whether to give up, after this check and those before it. */
  isOver(now: Progress): boolean {
    const { last } = this;
    this.last = now;
    if (last === undefined || now.printed !== last.printed) {
      this.idleLooks = 0;
      this.silentWorkSeconds = 0;
      return false;
    }
    const work = now.workSeconds - last.workSeconds;
    this.idleLooks = work >= SOME_WORK_SECONDS ? 0 : this.idleLooks + 1;
    this.silentWorkSeconds += Math.max(0, work);
    return this.idleLooks >= this.limits.idleLooks || this.silentWorkSeconds >= this.limits.silentWorkSeconds;
  }
}
