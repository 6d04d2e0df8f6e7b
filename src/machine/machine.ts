/** Time and randomness. They are injected everywhere above src/transport, so that tests control both. */

/** The time. */
export interface Clock {
  /** Milliseconds since some moment in the past. It never goes back, and counts the time for which the machine has slept. */
  now(): number;
  /** The date and time of day. It may be wrong or jump: show it to people, do not measure with it. */
  date(): Date;
  /** Waits. Returns early, and does not throw, when `signal` aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Calls `work` at this interval in milliseconds; returns a function that stops it. */
  every(milliseconds: number, work: () => void): () => void;
}

/** A source of time and randomness. */
export interface Machine {
  readonly clock: Clock;
  /** This many random bytes as hexadecimal digits; cryptographically secure. */
  randomHex(bytes: number): string;
}
