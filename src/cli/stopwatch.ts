/** How long a command takes, without the time that it waits for somebody's answer. */
import type { Clock } from "../machine/machine.ts";

/** A stopwatch that runs from the beginning. */
export class Stopwatch {
  private readonly clock: Pick<Clock, "now">;
  private readonly begun: number;
  private pausedMs = 0;

  constructor(clock: Pick<Clock, "now">) {
    this.clock = clock;
    this.begun = clock.now();
  }

  /** Seconds so far, to a tenth. */
  get seconds(): number {
    return Math.round((this.clock.now() - this.begun - this.pausedMs) / 100) / 10;
  }

  /** The result of the work, whose time does not count. */
  async pausing<T>(work: () => Promise<T>): Promise<T> {
    const from = this.clock.now();
    try {
      return await work();
    } finally {
      this.pausedMs += this.clock.now() - from;
    }
  }
}

/** `0.4 s`, `12 s`, `2 min 10 s`, `1 h 5 min`. */
export function durationText(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
