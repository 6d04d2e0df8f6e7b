/** How commands are found in documents, and compared with what they print. */
import { describe, expect, test } from "vitest";
import { blocksOf, missingLine, stepsOf, withOutputs } from "../helpers/transcript.ts";

const PAGE = `# A page

<!-- not run: it takes an hour -->

\`\`\`sh
npm test
\`\`\`

Text.

\`\`\`console
$ lvsctl validate \\
    shop.yaml
✓ shop.yaml is valid
$ true
\`\`\`
`;

test("the blocks of a page have a line, and the comment above them", () => {
  expect(blocksOf(PAGE)).toEqual([
    { line: 5, info: "sh", note: "not run: it takes an hour", text: "npm test" },
    { line: 11, info: "console", note: undefined, text: expect.stringContaining("validate") },
  ]);
  expect(() => blocksOf("```sh\ntrue\n")).toThrow("line 1");
});

test("a block's steps are its commands, each with what it prints", () => {
  const [, block] = blocksOf(PAGE);
  expect(block && stepsOf(block)).toEqual([
    { line: 12, command: "lvsctl validate \\\n    shop.yaml", printed: ["✓ shop.yaml is valid"] },
    { line: 15, command: "true", printed: [] },
  ]);
  expect(() => stepsOf({ line: 1, info: "console", note: undefined, text: "words" })).toThrow("Line 2");
});

describe("what is printed", () => {
  test.each<[about: string, printed: string[], actual: string, missing: string | undefined]>([
    ["the same", ["one", "two"], "one\ntwo\n", undefined],
    ["another line", ["one", "two"], "one\nthree\n", "two"],
    ["more than that", ["one"], "one\ntwo\n", "nothing more, and not: two"],
    ["nothing", [], "", undefined],
    ["something in place of nothing", [], "one\n", "nothing more, and not: one"],
    ["any lines between", ["one", "…", "four"], "one\ntwo\nthree\nfour\n", undefined],
    ["any lines at the end", ["one", "…"], "one\ntwo\n", undefined],
    ["lines that are left out without a sign", ["one", "four"], "one\ntwo\nfour\n", "four"],
    ["any text in a line", ["in … s"], "in 2.5 s\n", undefined],
    ["not another text around it", ["in … s"], "in 2.5 min\n", "in … s"],
    ["an arrow", ["  -> a"], "  -> a\n", undefined],
    ["signs that mean something in patterns", ["a.b (c) [d]"], "axb (c) [d]\n", "a.b (c) [d]"],
  ])("%s", (_about, printed, actual, missing) => {
    expect(missingLine(printed, actual)).toBe(missing);
  });
});

test("a page gets what its commands print now, where that is known", () => {
  const page = "Text.\n```console\n$ one\nold\n$ two \\\n  more\n$ three\nkept\n```\nEnd.\n";
  const outputs = new Map([
    [3, "new\nTook 2.5 s.\n"],
    [5, "printed\n"],
  ]);
  expect(withOutputs(page, outputs)).toBe(
    "Text.\n```console\n$ one\nnew\nTook … s.\n$ two \\\n  more\nprinted\n$ three\nkept\n```\nEnd.\n",
  );
});
