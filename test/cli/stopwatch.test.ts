import { expect, it } from "vitest";
import { durationText, Stopwatch } from "../../src/cli/stopwatch.ts";

it.each([
  [0.04, "0.0 s"],
  [9.94, "9.9 s"],
  [12.4, "12 s"],
  [59.6, "1 min 0 s"],
  [130, "2 min 10 s"],
  [3900, "1 h 5 min"],
])("%d seconds are %s", (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});

it("counts what passes, but not the time of an answer, however that ends", async () => {
  let now = 1_000;
  const stopwatch = new Stopwatch({ now: () => now });
  now += 1_500;
  await stopwatch.pausing(async () => {
    now += 60_000;
  });
  const failing = stopwatch.pausing(async () => {
    now += 60_000;
    throw new Error("no answer");
  });
  await expect(failing).rejects.toThrow("no answer");
  expect(stopwatch.seconds).toBe(1.5);
  now += 26;
  expect(stopwatch.seconds).toBe(1.5);
  now += 26;
  expect(stopwatch.seconds).toBe(1.6);
});
