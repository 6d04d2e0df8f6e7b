import { expect, it } from "vitest";
import { clockThroughSleep } from "../../src/machine/this-machine.ts";

/** A machine that can work and sleep, and whose uptime has whole seconds. `startMs`: between two of them. */
function machine(startMs: number) {
  let steady = 5_000;
  let uptime = startMs;
  const now = clockThroughSleep(
    () => steady,
    () => Math.floor(uptime / 1_000) * 1_000,
  );
  const began = now();
  return {
    passed: () => now() - began,
    work(milliseconds: number) {
      steady += milliseconds;
      uptime += milliseconds;
    },
    sleep(milliseconds: number) {
      uptime += milliseconds;
    },
  };
}

it.each([100_000, 100_999])("goes on while the machine sleeps, to about a second (uptime %i ms)", (startMs) => {
  const { passed, work, sleep } = machine(startMs);
  work(10_000);
  sleep(300_000);
  expect(Math.abs(passed() - 310_000)).toBeLessThanOrEqual(1_000);
  work(5_500);
  sleep(60_000);
  expect(Math.abs(passed() - 375_500)).toBeLessThanOrEqual(1_000);
});

it("is exact as long as the machine does not sleep, and never goes back", () => {
  const { passed, work, sleep } = machine(100_500);
  for (let milliseconds = 0; milliseconds < 20_000; milliseconds += 70) {
    expect(passed()).toBe(milliseconds);
    work(70);
  }
  let last = passed();
  for (let at = 0; at < 300; at += 1) {
    if (at % 50 === 0) sleep(3_700);
    work(130);
    expect(passed()).toBeGreaterThanOrEqual(last + 130);
    last = passed();
  }
});
