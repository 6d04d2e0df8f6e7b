/** What can end a call before its script does: a time limit, an abort, or a problem with its output. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { CallOptions } from "./transport.ts";

/** The limits of one call. */
export interface Limit {
  /** The promise's value, or the error that stopped the call if that comes first; `late` then receives a later value. */
  within<T>(promise: Promise<T>, late?: (value: T) => void): Promise<T>;
  /** Stops the call with this error. */
  stop(error: LvsctlError): void;
  /** Releases the timer; the call is over. */
  end(): void;
}

/** Starts the limit of one call. `within` rejects with LVS-CONNECT-019 after `timeoutMs` and with -022 on an abort. */
export function startLimit(host: string, purpose: string, { timeoutMs, signal }: CallOptions): Limit {
  const stopped = new AbortController();
  const stop = (error: LvsctlError) => stopped.abort(error);
  const abort = () => stop(interrupted(host, purpose));
  signal?.addEventListener("abort", abort, { once: true });
  const timer =
    timeoutMs === undefined ? undefined : setTimeout(() => stop(tookTooLong(host, purpose, timeoutMs)), timeoutMs);
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
    end: () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    },
  };
}

function tookTooLong(host: string, purpose: string, timeoutMs: number): LvsctlError {
  return new LvsctlError("LVS-CONNECT-019", `${host} has not finished ${purpose} within ${timeoutMs / 1000} s.`, {
    host,
    hint: "See on the host what keeps it busy; the command may still be running there.",
  });
}

/** The error LVS-CONNECT-022. `purpose` says what the host was doing: `reading address`. */
export function interrupted(host: string, purpose: string): LvsctlError {
  return new LvsctlError("LVS-CONNECT-022", `Interrupted while ${host} was ${purpose}.`, {
    host,
    hint: "Run the command again.",
  });
}
