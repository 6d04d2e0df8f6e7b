/** What can end a call before its script does: a time limit, an abort, or a problem with its output. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { CallOptions } from "./transport.ts";

/** The limits of one call. */
export interface Limit {
  /** The promise's value, or the error that stopped the call if that comes first; `late` then receives a later value. */
  within<T>(promise: Promise<T>, late?: (value: T) => void): Promise<T>;
  /** Stops the clock of a call without `timeoutMs`: a person may be asked now, and who waits for that has limits of its own. */
  pause(): void;
  /** The script is being sent. Without `timeoutMs`, the clock starts again, and from the first `heard` on nobody may be silent. */
  begin(): void;
  /** The host has taken the script or printed something. */
  heard(): void;
  /** Stops the call with this error. */
  stop(error: LvsctlError): void;
  /** Releases the timers; the call is over. */
  end(): void;
}

/** How long a host may print nothing: far longer than any command of a read takes. */
const SILENCE_MS = 120_000;
/** How long a host may go on at all: enough for megabytes over a slow line. Without an end it could hold up a run for good. */
const LONGEST_MS = 600_000;

/**
 * Starts the limit of one call. `within` rejects with LVS-CONNECT-019 after `timeoutMs`; without it when the host has been
 * silent for two minutes, or has not finished after ten. It rejects with -022 on an abort.
 */
export function startLimit(host: string, purpose: string, { timeoutMs, signal }: CallOptions): Limit {
  const stopped = new AbortController();
  const stop = (error: LvsctlError) => stopped.abort(error);
  const abort = () => stop(interrupted(host, purpose));
  signal?.addEventListener("abort", abort, { once: true });
  const wholeMs = timeoutMs ?? LONGEST_MS;
  const startWhole = () => setTimeout(() => stop(tookTooLong(host, purpose, wholeMs)), wholeMs);
  let whole = startWhole();
  let silence: NodeJS.Timeout | undefined;
  let isOver = false;
  return {
    stop,
    within: (promise, late) =>
      new Promise((resolve, reject) => {
        const onStop = () => {
          reject(stopped.signal.reason);
          if (late) promise.then(late, () => {});
        };
        if (stopped.signal.aborted) onStop();
        stopped.signal.addEventListener("abort", onStop, { once: true });
        promise.then(resolve, reject).finally(() => stopped.signal.removeEventListener("abort", onStop));
      }),
    pause: () => {
      if (timeoutMs === undefined) clearTimeout(whole);
    },
    begin: () => {
      if (timeoutMs !== undefined) return;
      clearTimeout(whole);
      whole = startWhole();
    },
    heard: () => {
      if (timeoutMs !== undefined || isOver) return;
      silence ??= setTimeout(() => stop(fellSilent(host, purpose)), SILENCE_MS);
      silence.refresh();
    },
    end: () => {
      isOver = true;
      clearTimeout(whole);
      clearTimeout(silence);
      signal?.removeEventListener("abort", abort);
    },
  };
}

const HINT = "Check on the host what keeps it busy; the command may still be running there.";

function fellSilent(host: string, purpose: string): LvsctlError {
  const message = `${host} has printed nothing for ${SILENCE_MS / 1000} s while ${purpose}.`;
  return new LvsctlError("LVS-CONNECT-019", message, { host, hint: HINT });
}

function tookTooLong(host: string, purpose: string, timeoutMs: number): LvsctlError {
  return new LvsctlError("LVS-CONNECT-019", `${host} has not finished ${purpose} within ${timeoutMs / 1000} s.`, {
    host,
    hint: HINT,
  });
}

/** The error LVS-CONNECT-022. `purpose` says what the host was doing: `reading address`. */
export function interrupted(host: string, purpose: string): LvsctlError {
  return new LvsctlError("LVS-CONNECT-022", `Interrupted while ${host} was ${purpose}.`, {
    host,
    hint: "Run the command again.",
  });
}
