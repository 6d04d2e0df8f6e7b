import { expect, test } from "vitest";
import { displayWidth, padEnd } from "../../src/report/display-width.ts";
import { wrap } from "../../src/report/wrap.ts";

test("English is broken between words, and further lines are indented", () => {
  expect(wrap("  one two three", 9, "    ")).toEqual(["  one two", "    three"]);
  expect(wrap("a-word-that-is-too-long b", 5)).toEqual(["a-word-that-is-too-long", "b"]);
  expect(wrap("", 5)).toEqual([""]);
});

test("Chinese takes two columns a character, and is broken between them", () => {
  expect(displayWidth("真实服务器 rs1")).toBe(14);
  expect(padEnd("回复", 6)).toBe("回复  ");
  expect(wrap("真实服务器直接回复", 8)).toEqual(["真实服务", "器直接回", "复"]);
});

test("no line begins with a comma or a full stop", () => {
  const text = "真实服务器直接回复客户端，经过调度器的只有请求。";
  for (let width = 10; width < 50; width += 1) {
    for (const line of wrap(text, width)) {
      expect(displayWidth(line)).toBeLessThanOrEqual(width);
      expect(line).not.toMatch(/^[，。]/u);
    }
  }
});

test("names in Chinese text stay whole", () => {
  expect(wrap("请求到达 director 的 eth0", 14)).toEqual(["请求到达", "director 的", "eth0"]);
});
