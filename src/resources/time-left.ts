/**
 * Addresses and routes that are on a host only for some time. What is stored is when they end; when they come back, they
 * get the time that is left then.
 */
import { type ShellCommand, sh } from "../shell/quote.ts";
import type { ReadCommand, ReadOutputs } from "../shell/read-script.ts";
import { notUnderstood, outputOf, requireOutput } from "./outputs.ts";

/** Reads the host's clock. It goes before what has a time, so that nothing gets more than it had. */
export function readClock(kind: string): ReadCommand {
  return { name: clockName(kind), argv: ["date", "+%s"] };
}

/** The host's clock, in seconds since 1970; undefined if it was not read, or not understood. */
export function clockOf(outputs: ReadOutputs, kind: string): number | undefined {
  const text = outputOf(outputs, clockName(kind)).stdout.trim();
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** When something ends that is there for some seconds more. Throws LVS-FACT-… if the host does not tell the time. */
export function endOf(seconds: number, outputs: ReadOutputs, kind: string, host: string): number {
  const clock = clockOf(outputs, kind);
  if (clock !== undefined) return Math.min(clock + seconds, Number.MAX_SAFE_INTEGER);
  const text = requireOutput(outputs, clockName(kind), host, { name: "date", hint: "Install coreutils, or BusyBox." });
  throw notUnderstood(host, "date", text.trim());
}

/** Whether it has ended, by the host's clock. */
export function hasEnded(end: number | undefined, clock: number | undefined): boolean {
  return end !== undefined && clock !== undefined && end <= clock;
}

/** Shell text that has `n` be the time for `secondsLeft`. */
export const TELL_TIME = sh`n=$(date +%s)`;

/** Shell text for the seconds left. With `least` 1 the kernel itself removes what has ended, a second later. */
export function secondsLeft(end: number, least: 0 | 1): ShellCommand {
  const time = Number.isSafeInteger(end) ? end : 0;
  return sh`$((${time} > n ? ${time} - n : ${least}))`;
}

function clockName(kind: string): string {
  return `${kind}-clock`;
}
