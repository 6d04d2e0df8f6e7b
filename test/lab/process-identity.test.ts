import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { isAlive, readProcess, uptimeSeconds } from "../../src/lab/process-identity.ts";

test("knows this very process", async () => {
  const self = await readProcess(process.pid);
  expect(self).toMatchObject({ pid: process.pid, parent: process.ppid });
  if (self === undefined) return;
  expect(await isAlive(self)).toBe(true);
  const asPsSays = () => Number(execFileSync("ps", ["-o", "etimes=", "-p", String(process.pid)], { encoding: "utf8" }));
  const before = asPsSays();
  const uptime = await uptimeSeconds(self);
  expect(uptime).toBeGreaterThanOrEqual(before);
  expect(uptime).toBeLessThanOrEqual(asPsSays() + 1); // ps cuts seconds off, we round them.
});

test("another process that has been given the number is not it", async () => {
  const self = await readProcess(process.pid);
  expect(await isAlive({ pid: process.pid, started: String(Number(self?.started) - 1) })).toBe(false);
});

test("a number that nobody has is nobody", async () => {
  expect(await readProcess(2 ** 30)).toBeUndefined();
  expect(await isAlive({ pid: 2 ** 30, started: "1" })).toBe(false);
});
