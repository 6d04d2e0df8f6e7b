/** What can end a call before its script ends: time, an abort, and trouble with its output. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { CallOptions } from "./transport.ts";

export interface Limit {
  /** The promise, or the error that stopped the call, whichever comes first; `late` gets a value that comes after. */
  within<T>(promise: Promise<T>, late?: (value: T) => void): Promise<T>;
  stop(error: LvsctlError): void;
  end(): void;
}

/** Throws LVS-CONNECT-019 and -022 through `within`. */
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

/** LVS-CONNECT-022. */
export function interrupted(host: string, purpose: string): LvsctlError {
  return new LvsctlError("LVS-CONNECT-022", `Interrupted while ${host} was ${purpose}.`, {
    host,
    hint: "Run the command again.",
  });
}
