import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { onInterrupt } from "../../src/cli/interrupt.ts";
import type { Output } from "../../src/report/output.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
let before: ReadonlySet<unknown>;

beforeEach(() => {
  before = new Set(SIGNALS.flatMap((signal) => process.listeners(signal)));
});
afterEach(() => {
  for (const signal of SIGNALS)
    for (const listener of process.listeners(signal)) if (!before.has(listener)) process.off(signal, listener);
  vi.restoreAllMocks();
});

it("any number of hosts may wait for it, and Node warns of no leak", async () => {
  const stderr = { write: () => undefined } as unknown as Output;
  const warned: string[] = [];
  const note = ({ name }: Error) => warned.push(name);
  process.on("warning", note);
  const listen = async (signal: AbortSignal) => {
    for (let host = 0; host < 30; host++) signal.addEventListener("abort", () => {});
    await new Promise((resolve) => setImmediate(resolve));
    return warned.splice(0);
  };
  try {
    expect(await listen(onInterrupt(stderr, { first: () => "", again: () => ({ text: "", leaves: true }) }))).toEqual(
      [],
    );
    expect(await listen(new AbortController().signal)).toEqual(["MaxListenersExceededWarning"]);
  } finally {
    process.off("warning", note);
  }
});

it.each([
  ["SIGINT", "SIGINT", 1],
  ["SIGHUP", "SIGTERM", 1],
  ["SIGHUP", "SIGHUP", 0],
  ["SIGINT", "SIGHUP", 0],
] as const)("%s and then %s leaves at once: %i", (first, second, exits) => {
  const exit = vi.spyOn(process, "exit").mockImplementation((() => {}) as never);
  const stderr = { write: () => undefined } as unknown as Output;
  const signal = onInterrupt(stderr, { first: () => "", again: () => ({ text: "", leaves: true }) });
  process.emit(first, first);
  expect(signal.aborted).toBe(true);
  process.emit(second, second);
  expect(exit).toHaveBeenCalledTimes(exits);
});
