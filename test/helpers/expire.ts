import { vi } from "vitest";

/**
 * Lets one of lvsctl's time limits expire, after what should come first and however long that takes: its timers stand still
 * until `begun`, and then `limitMs` passes for them at once. Returns what `work` returns.
 */
export async function expire<T>(
  limitMs: number,
  start: () => { readonly work: Promise<T>; readonly begun: Promise<unknown> },
): Promise<T> {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldClearNativeTimers: true });
  try {
    const { work, begun } = start();
    await Promise.race([begun, work]);
    vi.advanceTimersByTime(limitMs);
    return await work;
  } finally {
    vi.useRealTimers();
  }
}

/** A call that prints a line when it has begun, with a limit that expires after that; `line` is what it printed. */
export async function expireAfterLine(
  limitMs: number,
  call: (options: { readonly timeoutMs: number; readonly onLine: (line: string) => void }) => Promise<unknown>,
): Promise<{ readonly line: string; readonly error: unknown }> {
  let line = "";
  const error = await expire(limitMs, () => {
    let work: Promise<unknown> = Promise.resolve();
    const begun = new Promise<void>((resolve) => {
      const onLine = (printed: string) => {
        line = printed;
        resolve();
      };
      work = call({ timeoutMs: limitMs, onLine }).then(
        () => undefined,
        (reason: unknown) => reason,
      );
    });
    return { work, begun };
  });
  return { line, error };
}
