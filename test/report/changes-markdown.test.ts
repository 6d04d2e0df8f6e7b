/** Plans and diffs as Markdown: nothing in a name breaks out of its place, and nothing is too long for a comment. */
import { Parser } from "commonmark";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import type { Plan, PlannedChange } from "../../src/plan/plan.ts";
import { diffToMarkdown, errorToMarkdown, MAX_MARKDOWN, planToMarkdown } from "../../src/report/changes-markdown.ts";
import type { FileDiff } from "../../src/report/diff.ts";
import { code, prose } from "../../src/report/markdown.ts";
import { randomCases } from "../helpers/long-run.ts";

/** Texts that try to be something else. */
const hostile = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc
    .array(
      fc.constantFrom(
        ...[
          "`",
          "``",
          "```",
          "~~~",
          "\n",
          "\r\n",
          " ",
          "\\",
          "*",
          "_",
          "[x](y)",
          "![x](http://y)",
          "<b>",
          "</details>",
        ],
        ...[
          "<!--",
          "-->",
          "&lt;",
          "@ann",
          "#1",
          "http://x.test",
          "www.x.test",
          "- ",
          "1. ",
          "# ",
          "> ",
          "|",
          "a",
          ":",
          "+",
        ],
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join("")),
);

const change = (description: string, reason: string): PlannedChange => ({
  ...{ host: "rs1", kind: "address", key: description, stage: "real-server-address", phase: "build" },
  ...{ action: "create", before: undefined, after: {}, original: undefined, fields: [], isAction: false },
  ...{ description, reason, why: "", commands: [] },
});

const planOf = (hosts: readonly (readonly [string, readonly PlannedChange[]])[], words = "x"): Plan => ({
  topology: words,
  hosts: new Map(hosts),
  problems: [{ host: words, description: words, message: words, hint: words }],
  warnings: [{ host: words, description: words, message: words, hint: words }],
  notes: [{ playbook: "dr", step: "vip", message: words }],
  drained: [{ server: words, address: "10.0.0.1", services: [words], scope: "server", since: words, by: words }],
  summary: { create: hosts.flatMap(([, changes]) => changes).length, update: 0, delete: 0, none: 0 },
});

const diffOf = (plan: Plan, words: string): FileDiff => ({
  ...{
    from: words,
    to: words,
    state: "both",
    renamedFrom: words,
    plan,
    owned: [words],
    joining: [words],
    leaving: [words],
  },
  traffic: [{ service: words, effect: "lost", what: words, server: words }],
});

/** What a reader of Markdown makes of it, without text and plain structure. */
function unexpected(markdown: string): readonly string[] {
  const walker = new Parser().parse(markdown).walker();
  const found: string[] = [];
  const plain = [
    "document",
    "heading",
    "paragraph",
    "text",
    "softbreak",
    "list",
    "item",
    "strong",
    "code",
    "code_block",
  ];
  for (let event = walker.next(); event; event = walker.next()) {
    const { type, literal } = event.node;
    const isOurs =
      plain.includes(type) ||
      (type === "html_block" &&
        /^(<details><summary><code>[^<>]*<\/code>: [\w ,]+<\/summary>|<\/details>)$/.test(literal ?? ""));
    if (event.entering && !isOurs) found.push(`${type} ${literal ?? ""}`);
    if (event.entering && type === "text" && /[@#]|:\/\/|www\./.test(literal ?? "")) found.push(`text ${literal}`);
  }
  return found;
}

const sectionsIn = (markdown: string) => markdown.match(/^<details>/gm)?.length ?? 0;

describe("nothing breaks out", () => {
  test("of a plan or a diff", () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 4 }), hostile, (names, words) => {
        const hosts = [...new Set(names)].map((name) => [name, [change(words, words), change(name, "")]] as const);
        const plan = planOf(hosts, words);
        for (const markdown of [planToMarkdown(plan), diffToMarkdown([diffOf(plan, words)])]) {
          expect(unexpected(markdown)).toEqual([]);
          expect(sectionsIn(markdown)).toBe(hosts.length);
          expect(markdown.match(/^<\/details>$/gm)).toHaveLength(hosts.length);
        }
      }),
      { numRuns: randomCases(800) },
    );
  });

  test("of an error", () => {
    fc.assert(
      fc.property(hostile, hostile, (message, hint) => {
        const at = { file: hint, line: 1, column: 2 };
        const problems = [new LvsctlError("LVS-CONFIG-010", message, { hint, at })];
        expect(unexpected(errorToMarkdown(new LvsctlError("LVS-CONFIG-000", message, { problems })))).toEqual([]);
      }),
      { numRuns: randomCases(800) },
    );
  });

  test("of what is code because it could mean something", () => {
    expect(prose("web: its mode changes from dr to a_b_.yaml (see #12, @ann or http://x.test)")).toBe(
      "web: its mode changes from dr to `a_b_.yaml` (see `#12,` `@ann` or `http://x.test)`",
    );
    expect(prose("Fix: Write `persistence: { timeout: 300 }`.")).toBe("Fix: Write `persistence: { timeout: 300 }`.");
    expect([code("a`b"), code("`"), code(" a ")]).toEqual(["``a`b``", "`` ` ``", "`  a  `"]);
  });
});

describe("a comment has room for it", () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => change(`address 10.0.0.${index} dev eth0`, ""));
  const hosts = (count: number, each: number) =>
    Array.from({ length: count }, (_, index) => [`rs${index}`, many(each)] as const);

  test.each([
    ["one host with much", hosts(1, 4_000)],
    ["many hosts with little", hosts(2_000, 1)],
    ["many hosts with much", hosts(50, 200)],
  ])("%s: what is left out is counted", (_name, all) => {
    const markdown = planToMarkdown(planOf(all));
    expect(markdown.length).toBeLessThanOrEqual(MAX_MARKDOWN);
    const shown = markdown.match(/^\+ address/gm)?.length ?? 0;
    expect(shown).toBeGreaterThan(200);
    const left = all.flatMap(([, changes]) => changes).length - shown;
    expect(markdown).toContain(`\n${left} more changes left out: there is no room for them here.\n`);
    expect(unexpected(markdown)).toEqual([]);
  });

  test("what fits is whole", () => {
    expect(planToMarkdown(planOf(hosts(3, 20)))).not.toContain("left out");
  });

  test("many effects, many problems and many files", () => {
    const plan = planOf(hosts(1, 1));
    const traffic = Array.from({ length: 5_000 }, (_, index) => ({
      service: `s${index}`,
      effect: "lost" as const,
      what: "it moves",
    }));
    const diff = { ...diffOf(plan, "x"), traffic };
    const problems = Array.from(
      { length: 5_000 },
      () => new LvsctlError("LVS-CONFIG-010", "It is wrong.", { hint: "Write it." }),
    );
    for (const markdown of [
      diffToMarkdown([diff]),
      diffToMarkdown(Array.from({ length: 2_000 }, () => diffOf(plan, "a longer name"))),
      errorToMarkdown(new LvsctlError("LVS-CONFIG-000", "5000 problems.", { problems })),
    ]) {
      expect(markdown.length).toBeLessThanOrEqual(MAX_MARKDOWN);
      expect(markdown).toMatch(/left out/);
      expect(unexpected(markdown)).toEqual([]);
    }
  });
});
