/** What an interrupt does to a run, moment by moment, in words. */
import type { Moment } from "../app/run.ts";
import { type Given, nextCommand } from "../report/next-command.ts";
import type { Output } from "../report/output.ts";

import { type InterruptWords, onInterrupt } from "./interrupt.ts";

/** The options of a run that make it end cleanly at an interrupt. */
export interface Interruptible {
  readonly signal: AbortSignal;
  /** Receives each moment as it begins. */
  readonly onMoment: (moment: Moment) => void;
}

const FIRST: Readonly<Record<Moment, string>> = {
  reading: "nothing has been changed.",
  changing: "finishing the stage, then rolling back what was done …",
  trying: "verification stops, and what was done is rolled back …",
  "logging-in": "nothing is confirmed yet, so what was done is rolled back …",
  confirming: "too late to roll back, the run is being confirmed; the changes stay.",
  "rolling-back": "already rolling back; this goes on to the end …",
  keeping: "what was made stays, because of --no-rollback; its ledgers are being written …",
  draining: "the wait ends; the real server stays drained.",
  verifying: "verification stops; the run is confirmed, and the changes stay.",
  "verifying-pending": "verification stops; the run stays pending.",
};

/** Moments in which leaving would make the hosts differ, or is not worth it: they are short. */
const STAYS: Partial<Readonly<Record<Moment, string>>> = {
  confirming: "Still confirming; please wait. Leaving now could keep the changes on some hosts only.",
  keeping: "Still writing ledgers; please wait.",
};

/** The second interrupt leaves at once: what becomes of the hosts. */
const LEAVES: Partial<Readonly<Record<Moment, string>>> = {
  reading: "Nothing has been changed.",
  draining: "The real server stays drained.",
  verifying: "The changes stay.",
  "verifying-pending": "The run stays pending.",
};

interface Circumstances {
  /** Unknown for a run that another command has begun. */
  readonly confirmTimeoutSeconds?: number;
  readonly given: Given;
}

/** The words for a run's interrupts; `onMoment` tells them where the run is. */
export function runWords({ confirmTimeoutSeconds, given }: Circumstances) {
  let moment: Moment = "reading";
  const within = confirmTimeoutSeconds === undefined ? "when its timeout expires" : `within ${confirmTimeoutSeconds} s`;
  const toTheHosts = `Leaving it to the hosts: they roll back on their own what is not confirmed, ${within}; ${nextCommand("rollback", given)} does it now.`;
  const words: InterruptWords = {
    first: () => FIRST[moment],
    again: () => {
      const stays = STAYS[moment];
      const text = stays ?? LEAVES[moment] ?? toTheHosts;
      return { text, leaves: stays === undefined };
    },
  };
  const onMoment = (next: Moment): void => {
    moment = next;
  };
  return { words, onMoment };
}

/** From now on an interrupt ends the run cleanly. What it prints is what happens in the moment of the interrupt. */
export function endOnInterrupt(stderr: Output, circumstances: Circumstances): Interruptible {
  const { words, onMoment } = runWords(circumstances);
  return { signal: onInterrupt(stderr, words), onMoment };
}
