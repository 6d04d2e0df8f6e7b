import { expect, test } from "vitest";
import { labWorkSeconds, ticksOf } from "../../src/lab/lab-work.ts";

test("a process that works has more ticks than before", async () => {
  const before = await ticksOf(String(process.pid));
  let sum = 0;
  for (let rounds = 0; (await ticksOf(String(process.pid))) <= before; rounds += 1) sum += Math.sqrt(rounds);
  expect(sum).toBeGreaterThanOrEqual(0);
  expect(await ticksOf("999999999")).toBe(0);
});

test("a lab that is not there has done nothing", async () => {
  expect(await labWorkSeconds("/run/lvsctl-lab/,none")).toBe(0);
});
