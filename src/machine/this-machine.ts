/** The real clock and randomness of the machine that runs lvsctl. */
import { randomBytes } from "node:crypto";
import { uptime } from "node:os";
import { setTimeout as sleepFor } from "node:timers/promises";
import type { Machine } from "./machine.ts";

/** What the two clocks may differ by without the machine having slept: the uptime has whole seconds. */
const ROUNDED_MS = 2_000;

/**
 * The time in milliseconds of a clock that goes on while the machine sleeps. `steady` does not go on then; `uptimeMs` does,
 * but has whole seconds.
 */
export function clockThroughSleep(steady: () => number, uptimeMs: () => number): () => number {
  const before = uptimeMs() - steady();
  let sleptMs = 0;
  return () => {
    const now = steady();
    const aheadMs = uptimeMs() - now - before;
    if (aheadMs > sleptMs + ROUNDED_MS) sleptMs = aheadMs;
    return now + sleptMs;
  };
}

/** This machine's monotonic clock, its time of day, its timers, and the random numbers of node:crypto. */
export const thisMachine: Machine = {
  clock: {
    now: clockThroughSleep(
      () => performance.now(),
      () => uptime() * 1_000,
    ),
    date: () => new Date(),
    sleep: async (milliseconds, signal) => {
      await sleepFor(milliseconds, undefined, signal && { signal }).catch(() => undefined);
    },
    every: (milliseconds, work) => {
      const timer = setInterval(work, milliseconds);
      return () => clearInterval(timer);
    },
  },
  randomHex: (bytes) => randomBytes(bytes).toString("hex"),
};
