/**
 * How long to wait for something that prints and works. A slow machine needs longer for the same work, so no time is too
 * long as long as there is progress. Pure.
 */

/** What has come of it so far. */
export interface Progress {
  /** How much it has printed; in any unit. */
  readonly printed: number;
  /** The processor time that it has used, in seconds. */
  readonly workSeconds: number;
}

export interface PatienceLimits {
  /** So many looks without anything printed or any work: it is stuck. */
  readonly idleLooks: number;
  /** So much work without anything printed: it goes round in circles. */
  readonly silentWorkSeconds: number;
}

/** Less work than this between two looks is what a sleeping machine's clock costs. */
const SOME_WORK_SECONDS = 0.02;

/** Looks at progress from time to time, and says when it is over. */
export class Patience {
  private readonly limits: PatienceLimits;
  private last: Progress | undefined;
  private idleLooks = 0;
  private silentWorkSeconds = 0;

  constructor(limits: PatienceLimits) {
    this.limits = limits;
  }

  /** Whether this look, with those before, is the last that is worth while. */
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
