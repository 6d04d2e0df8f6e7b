import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseDocument } from "../../src/document/parse-document.ts";

function parse(text: string) {
  return parseDocument(text, "f.yaml");
}

function onlyProblem(text: string) {
  const { problems } = parse(text);
  expect(problems.map((problem) => `${problem.code} ${problem.message}`)).toHaveLength(1);
  const [problem] = problems;
  return { code: problem?.code, ...problem?.details.at, hint: problem?.details.hint };
}

describe("what to do about a mistake in YAML", () => {
  const COMMA = "Put a comma between the two.";
  const KEYED = "Write `key: value` with a space after the `:`; a comment begins with `#`.";
  it.each([
    ["a: 1\nlog:x\nb: 2", KEYED, "a: 1\nlog: x\nb: 2"],
    ["a: 1\n// text\nb: 2", KEYED, "a: 1\n# text\nb: 2"],
    ["a: 1\nlog", KEYED, "a: 1\nlog: x"],
    ["a: 80\n  log: x", "The next line is indented deeper; give it this line's indentation.", "a: 80\nlog: x"],
    ["a: [b, c]]\nd: 1", "Delete the bracket that is too many.", "a: [b, c]\nd: 1"],
    ["a: - rs1 # one", "Put `- rs1` on a line of its own, or write `[rs1]`.", "a: [rs1] # one"],
    ["a: { b: 300 c: 24 }", COMMA, "a: { b: 300, c: 24 }"],
    ['a: { b: "x" c: 24 }', COMMA, 'a: { b: "x", c: 24 }'],
  ])("%j: %s", (text, hint, fixed) => {
    expect(onlyProblem(text)).toMatchObject({ code: "LVS-CONFIG-003", hint });
    expect(parse(fixed).problems).toEqual([]);
  });
});

describe("values", () => {
  it.each([
    ["no: off", { no: "off" }],
    ["time: 22:22", { time: "22:22" }],
    ["a: 2001-01-01", { a: "2001-01-01" }],
    ["a: 10.0\nb: 0x1f\nc: 1.5", { a: 10, b: 31, c: 1.5 }],
    ["a:\nb: ~\nc: true", { a: null, b: null, c: true }],
    ["80: http", { "80": "http" }],
    ["constructor: 1\ntoString: 2", { constructor: 1, toString: 2 }],
    ["- [1, two]\n- { three: 3 }", [[1, "two"], { three: 3 }]],
    ["\ufeffa: 1\r\nb: 2\r\n", { a: 1, b: 2 }],
    ["just words", "just words"],
    ["%YAML 1.1\n---\na: no", { a: "no" }],
  ])("reads %j", (text, value) => {
    expect(parse(text)).toMatchObject({ value, problems: [] });
  });

  it("shares what an alias names, each time as it was then", () => {
    const text = "a: &x { k: &y 1 }\nb: &y 2\nc: *x\nd: *y";
    expect(parse(text)).toMatchObject({ value: { a: { k: 1 }, b: 2, c: { k: 1 }, d: 2 }, problems: [] });
  });

  it("merges maps: own keys first, then the earlier of a list", () => {
    const text = "one: &one { a: 1, b: 1 }\ntwo: &two { b: 2, c: 2 }\nall: { <<: [*one, *two], a: 0 }\nq: { '<<': 1 }";
    expect(parse(text).value).toMatchObject({ all: { a: 0, b: 1, c: 2 }, q: { "<<": 1 } });
  });
});

describe("positions", () => {
  const document = parse(
    "\ufeffhosts:\r\n  rs1: &r { role: real-server }\r\n  rs2: *r\r\n  rs3: { <<: *r, x: [1, 22] }\r\nempty:\r\n",
  );

  it.each([
    [["hosts"], "key", 1, 1, 5],
    [["hosts", "rs1", "role"], "key", 2, 13, 4],
    [["hosts", "rs1", "role"], "value", 2, 19, 11],
    [["hosts", "rs2"], "value", 3, 8, 2],
    [["hosts", "rs2", "role"], "value", 2, 19, 11],
    [["hosts", "rs3", "role"], "value", 2, 19, 11],
    [["hosts", "rs3", "x", 1], "value", 4, 25, 2],
    [["hosts", "rs3", "nothing", "there"], "value", 4, 3, 3],
    [["empty"], "value", 5, 7, 1],
    [[], "value", 1, 1, 6],
  ] as const)("finds the place of %j (%s)", (path, what, line, column, length) => {
    expect(document.locate(path, what)).toMatchObject({ file: "f.yaml", line, column, length });
  });

  it("brings the source line without its line end", () => {
    expect(document.locate(["hosts", "rs2"]).text).toBe("  rs2: *r");
  });
});

it("a program is told from a text with one wrong character", () => {
  const program = readFileSync(process.execPath).toString("utf8", 0, 8_192);
  expect(parseDocument(program, "node").problems[0]?.message).toContain("The file is no text");
  expect(parseDocument(`a: ${"\u007f".repeat(30)}`, "x").problems[0]?.message).toContain("U+007F");
  expect(parseDocument([..."a: 1\nb: 2\nc: 3\nd: 4"].join("\0"), "x").problems[0]?.message).toContain("UTF-16");
});

describe("problems", () => {
  it.each([
    ["a: 1\na: 2", "LVS-CONFIG-004", 2, 1],
    ["a: [1, 2", "LVS-CONFIG-003", 1, 9],
    ["a: 'open", "LVS-CONFIG-003", 1, 9],
    ["a:\n\t- b", "LVS-CONFIG-003", 2, 1],
    ["a: b: c", "LVS-CONFIG-003", 1, 4],
    ["a: @b", "LVS-CONFIG-003", 1, 4],
    ['a: "\\q"', "LVS-CONFIG-003", 1, 5],
    ["a: !secret b", "LVS-CONFIG-003", 1, 4],
    ["a: 1\n  b: 2", "LVS-CONFIG-003", 1, 4],
    ["? [a]\n: b", "LVS-CONFIG-003", 1, 3],
    ["a: 1\n---\nb: 2", "LVS-CONFIG-005", 2, 1],
    ["a: *nothing", "LVS-CONFIG-006", 1, 4],
    ["a: &x [*x]", "LVS-CONFIG-006", 1, 8],
    ["a: { <<: 1 }", "LVS-CONFIG-006", 1, 10],
    ["", "LVS-CONFIG-007", 1, 1],
    ["# only\n", "LVS-CONFIG-007", 1, 1],
    ["a: 010", "LVS-CONFIG-009", 1, 4],
    ["__proto__: { a: 1 }", "LVS-CONFIG-002", 1, 1],
    ["a: 1\nb: \0", "LVS-CONFIG-002", 2, 4],
    ["a: \u202eb", "LVS-CONFIG-002", 1, 4],
    ["a: 1\rb: 2", "LVS-CONFIG-002", 1, 5],
    ['a: "\\e[31m"', "LVS-CONFIG-002", 1, 4],
    ['a: "\\u009b31m"', "LVS-CONFIG-002", 1, 4],
    ['a: "\\u202e"', "LVS-CONFIG-002", 1, 4],
    ["a: \ufffd", "LVS-CONFIG-002", 1, 4],
  ])("says what is wrong with %j", (text, code, line, column) => {
    const problem = onlyProblem(text);
    expect(problem).toMatchObject({ code, line, column });
    expect(problem.hint).toMatch(/\.$|`$/);
  });

  it("refuses a bomb of aliases, at once", () => {
    const levels = Array.from(
      { length: 30 },
      (_, n) => `l${n + 1}: &l${n + 1} [${Array(10).fill(`*l${n}`).join(", ")}]`,
    );
    expect(onlyProblem(["l0: &l0 x", ...levels].join("\n"))).toMatchObject({ code: "LVS-CONFIG-006", line: 7 });
  });

  it.each([
    ["brackets", "[".repeat(500_000), 1, 65],
    ["closed brackets", "[".repeat(400_000) + "]".repeat(400_000), 1, 65],
    ["braces", "{a: ".repeat(200_000), 1, 257],
    ["dashes", "- ".repeat(400_000), 1, 129],
    ["questions", "? ".repeat(400_000), 1, 129],
    ["indentation", Array.from({ length: 1000 }, (_, n) => `${" ".repeat(n)}a:`).join("\n"), 64, 64],
  ])("refuses endless %s where they become too deep", (_, text, line, column) => {
    expect(onlyProblem(text)).toMatchObject({ code: "LVS-CONFIG-008", line, column });
  });

  it.each([
    ["64 lists", `${"[".repeat(64)}${"]".repeat(64)}`],
    ["63 maps", Array.from({ length: 63 }, (_, n) => `${" ".repeat(n)}a:`).join("\n")],
    ["a hundred keys with question marks", `{${Array.from({ length: 100 }, (_, n) => `? k${n} : 1`).join(", ")}}`],
  ])("reads %s", (_, text) => {
    expect(parse(text).problems).toEqual([]);
  });

  it("refuses 10 MB without parsing them", () => {
    expect(onlyProblem("a: b\n".repeat(2_000_000))).toMatchObject({ code: "LVS-CONFIG-001", line: 1, column: 1 });
  });
});
