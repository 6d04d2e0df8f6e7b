import { describe, expect, test } from "vitest";
import { Patience } from "../../src/lab/patience.ts";

const limits = { idleLooks: 3, silentWorkSeconds: 10 };

/** At which look, counted from 0, the patience is over with this much printed and worked; -1: at none. */
function overAt(looks: readonly (readonly [printed: number, workSeconds: number])[]): number {
  const patience = new Patience(limits);
  return looks.findIndex(([printed, workSeconds]) => patience.isOver({ printed, workSeconds }));
}

describe("patience", () => {
  test("ends after so many looks at something that neither prints nor works", () => {
    expect(overAt(Array(9).fill([7, 1]))).toBe(3);
  });

  test("does not end while something is printed, however slowly and without work", () => {
    expect(overAt(Array.from({ length: 99 }, (_, look) => [Math.floor(look / 3), 0]))).toBe(-1);
  });

  test("does not end while there is work now and then, however long that takes", () => {
    expect(overAt(Array.from({ length: 99 }, (_, look) => [0, Math.floor(look / 3) / 10]))).toBe(-1);
  });

  test("ends with much work that nothing comes of", () => {
    expect(overAt(Array.from({ length: 99 }, (_, look) => [0, look]))).toBe(10);
    expect(overAt(Array.from({ length: 99 }, (_, look) => [Math.floor(look / 9), look]))).toBe(-1);
  });

  test("does not take for work what a sleeping machine needs for its clock", () => {
    expect(overAt(Array.from({ length: 99 }, (_, look) => [0, look / 100]))).toBe(3);
  });
});
