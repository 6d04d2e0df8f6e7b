/** What ends a run of tests that hangs. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { TestCase } from "vitest/node";
import StallReporter from "../helpers/stall-reporter.ts";

const testCase = (fullName: string, state: string) =>
  ({ fullName, module: { relativeModuleId: "test/a.test.ts" }, result: () => ({ state }) }) as unknown as TestCase;

let printed: string[];
let ended: number;
let reporter: StallReporter;

beforeEach(() => {
  vi.useFakeTimers();
  printed = [];
  ended = 0;
  vi.spyOn(console, "log").mockImplementation((line: string) => void printed.push(line));
  reporter = new StallReporter(undefined, () => {
    ended += 1;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it("names the tests that have neither ended nor let another one begin for so long, and counts them as failed", () => {
  const [good, hung] = [testCase("is good", "passed"), testCase("waits for ever", "pending")];
  reporter.onTestRunStart();
  reporter.onTestCaseReady(good);
  reporter.onTestCaseReady(hung);
  reporter.onTestCaseResult(good);
  vi.advanceTimersByTime(3 * 3_600_000);
  expect(printed.join("\n")).toContain("test/a.test.ts: waits for ever");
  expect(printed.join("\n")).not.toContain("is good");
  expect(printed.at(-1)).toBe("1 passed, 1 failed");
  expect(ended).toBe(1);
});

it("waits as long as tests end, and no longer than the run", () => {
  reporter.onTestRunStart();
  for (let hour = 0; hour < 4; hour += 1) {
    const one = testCase(`${hour}`, "passed");
    vi.advanceTimersByTime(10 * 60_000);
    reporter.onTestCaseReady(one);
    vi.advanceTimersByTime(10 * 60_000);
    reporter.onTestCaseResult(one);
  }
  reporter.onTestRunEnd();
  vi.advanceTimersByTime(3 * 3_600_000);
  expect({ printed, ended }).toEqual({ printed: [], ended: 0 });
});
