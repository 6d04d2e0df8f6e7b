import { expect, test } from "vitest";
import { labWorkSeconds, ticksOf } from "../../src/lab/lab-work.ts";

test("a process that has worked for a tenth of a second has ten more ticks than before, rounded", async () => {
  const pid = String(process.pid);
  const before = await ticksOf(pid);
  const start = process.cpuUsage();
  const worked = () => {
    const { user, system } = process.cpuUsage(start);
    return user + system;
  };
  while (worked() < 100_000);
  expect((await ticksOf(pid)) - before).toBeGreaterThanOrEqual(8);
});

test("a process that is not there has none", async () => {
  expect(await ticksOf("999999999")).toBe(0);
});

test("a lab that is not there has done nothing", async () => {
  expect(await labWorkSeconds("/run/lvsctl-lab/,none")).toBe(0);
});
