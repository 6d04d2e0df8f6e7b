/** Time and chance. Everything above src/transport is given them, so that a test can hold both in its hand. */

export interface Clock {
  /** Milliseconds since some moment in the past. They never jump and never go back. */
  now(): number;
  /** The date and time of day, which can be wrong or jump: for people to read, not for measuring. */
  date(): Date;
  /** Waits. Returns early, and does not throw, when `signal` aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Calls `work` again and again with this many milliseconds in between; returns the function that ends it. */
  every(milliseconds: number, work: () => void): () => void;
}

export interface Machine {
  readonly clock: Clock;
  /** This many random bytes as hexadecimal digits; nobody can guess them. */
  randomHex(bytes: number): string;
}
