import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { hasEnded, ownProcess } from "../../src/machine/own-process.ts";

const own = ownProcess();

it("knows that a process of this machine has ended: its number is free, or another one's", () => {
  const { pid } = spawnSync("true");
  expect(hasEnded({ ...own, process: pid })).toBe(true);
  expect(hasEnded({ ...own, started: "1" })).toBe(true);
});

it.each([
  ["that runs", own],
  ["of another machine, or of before a restart", { ...own, place: "another", started: "1" }],
  ["of which an older lvsctl has not said where", { machine: own.machine, process: 999_999_999 }],
  ["of which nobody knows when it began", { machine: own.machine, process: own.process, place: own.place ?? "" }],
])("does not say so of one %s", (_which, known) => {
  expect(hasEnded(known)).toBe(false);
});
