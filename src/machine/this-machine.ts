/** The real clock and randomness of the machine that runs lvsctl. */
import { randomBytes } from "node:crypto";
import { setTimeout as sleepFor } from "node:timers/promises";
import type { Machine } from "./machine.ts";

/** This machine's monotonic clock, its time of day, its timers, and the random numbers of node:crypto. */
export const thisMachine: Machine = {
  clock: {
    now: () => performance.now(),
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
