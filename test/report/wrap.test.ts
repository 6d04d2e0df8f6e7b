import { expect, test } from "vitest";
import { displayWidth, padEnd } from "../../src/report/display-width.ts";
import { fold, foldCommand, wrap } from "../../src/report/wrap.ts";

test("English is broken between words, and further lines are indented", () => {
  expect(wrap("  one two three", 9, "    ")).toEqual(["  one two", "    three"]);
  expect(wrap("a-word-that-is-too-long b", 5)).toEqual(["a-word-that-is-too-long", "b"]);
  expect(wrap("", 5)).toEqual([""]);
});

test("whatever blanks a text has, no line of it stands at the edge", () => {
  expect(wrap("one\r\n\ntwo\tthree\u00a0four\u2028\n", 9, "  ")).toEqual(["one two", "  three", "  four"]);
  expect(wrap("\n  one", 9, "  ")).toEqual(["   one"]);
});

test("a line that has to stay as it is goes on behind a sign", () => {
  expect(fold("12345678901234567890123", 10, "| ", ": ")).toEqual(["| 12345678901234567890", ": 123"]);
  expect(fold("\t真实a\rb", 30, "| ", ": ")).toEqual(["| \t真实a\ufffdb"]);
  expect(fold(`\t\t${"真".repeat(5)}`, 25, "| ", ": ")).toEqual([`| \t\t${"真".repeat(4)}`, ": 真"]);
  expect(fold("", 30, "| ", ": ")).toEqual(["| "]);
});

test("a command of plain words stays whole, and one with quotes does not", () => {
  const rule = "iptables -D INPUT -s 192.0.2.1/32 -p tcp -j ACCEPT";
  expect(foldCommand(rule, 30, "$ ", ": ")).toEqual([`$ ${rule}`]);
  for (const text of ["'rs9  no changes'", '"rs9"', "\\rs9", "  rs9", "# rs9", "真"])
    expect(foldCommand(`${rule} ${text}`, 30, "$ ", ": ").length).toBeGreaterThan(1);
  expect(foldCommand(`'\n${rule}\n'`, 30, "$ ", ": ")).toHaveLength(4);
});

test("signs that a terminal draws wide count as two columns", () => {
  expect(displayWidth("\u231a\u26a1\u2795\u{1f004}\u{17000}")).toBe(10);
  expect(displayWidth("\u2713\u2192\u00e9")).toBe(3);
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
