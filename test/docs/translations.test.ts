/**
 * Pages in Simplified Chinese say what the English ones say, as far as a program can tell. UPDATE_GOLDEN=1 copies the blocks,
 * except for translated comments.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { translatedPages } from "../helpers/pages.ts";
import { blocksOf } from "../helpers/transcript.ts";
import { expectGolden } from "../playbook/golden.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const chineseOf = (page: string) => page.replace(/\.md$/, ".zh-CN.md");
const read = (page: string) => readFileSync(`${root}/${page}`, "utf8");

/** What stands under one heading. */
interface Section {
  readonly level: number;
  readonly paragraphs: number;
  readonly rows: number;
  readonly codes: readonly string[];
  readonly links: readonly string[];
  readonly comments: readonly string[];
}

/** A page by its headings; without its fenced blocks. */
function sectionsOf(markdown: string): readonly Section[] {
  const prose = withoutBlocks(markdown);
  return prose.split(/^(?=#+ )/m).map((text) => ({
    level: /^#*/.exec(text)?.[0].length ?? 0,
    paragraphs: text.split(/\n\s*\n/).filter((part) => part.trim() !== "").length,
    rows: text.split("\n").filter((line) => /^(\||- |\d+\. )/.test(line)).length,
    codes: [...text.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code.replaceAll(/\s+/g, " ")).sort(),
    // The other language is linked at the top of each.
    links: [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link = ""]) => link.replace(".zh-CN.md", ".md")).sort(),
    comments: [...text.matchAll(/<!--.*?-->/gs)].map(([comment]) => comment),
  }));
}

function withoutBlocks(markdown: string): string {
  return markdown.replaceAll(FENCED, "(block)");
}

const FENCED = /^```.*?^```$/gms;
const COMMENT = /^(.*(?:^|\s)# )(.*)$/;

/** A line of a block of YAML or of shell commands: what a machine reads of it, and what people do. */
function parted(line: string): readonly [code: string, comment: string] {
  const [, code = line, comment = ""] = COMMENT.exec(line) ?? [];
  return [code, comment];
}

/** The blocks that may have comments, as lines. */
function commentedLines(markdown: string): readonly string[] {
  const blocks = blocksOf(markdown).filter(({ info }) => info === "yaml" || info === "sh");
  return blocks.flatMap(({ text }) => text.split("\n"));
}

/** The comments in blocks; those without letters are the same in both languages. */
function commentsOf(markdown: string): readonly string[] {
  return commentedLines(markdown).flatMap((line) => parted(line)[1] || []);
}

/** A block with what people read left out. */
function codeOf({ info, text }: { readonly info: string; readonly text: string }): string {
  if (info !== "yaml" && info !== "sh") return text;
  return text
    .split("\n")
    .map((line) => parted(line)[0])
    .join("\n");
}

/** Each translated paragraph's and comment's hash, with that of its original. */
function pairsOf(english: string, chinese: string): ReadonlyMap<string, string> {
  const [ours, theirs] = [english, chinese].map((page) => [
    ...withoutBlocks(page).split(/\n\s*\n/),
    ...commentsOf(page),
  ]);
  const pairs = (theirs ?? []).map((text, index) => [text.trim(), ours?.[index]?.trim() ?? ""] as const);
  return new Map(pairs.filter(([text]) => /\p{Script=Han}/u.test(text)).map(([text, own]) => [hash(text), hash(own)]));
}

function hash(text: string): string {
  return createHash("sha256").update(text.replaceAll(/\s+/g, " ")).digest("hex").slice(0, 12);
}

/** Those whose original has changed since they were recorded. */
function stale(recorded: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): readonly string[] {
  return [...now].flatMap(([text, own]) => ((recorded.get(text) ?? own) === own ? [] : [text]));
}

/** The translation with the blocks of the original; lines whose code has not changed keep their comments. */
function withBlocksOf(original: string, translation: string): string {
  const translated = new Map(commentedLines(translation).map((line) => [parted(line)[0], line]));
  const blocks = [...original.matchAll(FENCED)].map(([block]) => block);
  let index = 0;
  return translation.replaceAll(FENCED, (own) => {
    const block = blocks[index++] ?? own;
    if (!/^```(yaml|sh)$/m.test(block)) return block;
    return block
      .split("\n")
      .map((line) => translated.get(parted(line)[0]) ?? line)
      .join("\n");
  });
}

describe.each(translatedPages)("%s", (page) => {
  const english = read(page);
  if (process.env["UPDATE_GOLDEN"] !== undefined && existsSync(`${root}/${chineseOf(page)}`)) {
    writeFileSync(`${root}/${chineseOf(page)}`, withBlocksOf(english, read(chineseOf(page))));
  }
  const chinese = read(chineseOf(page));

  test("has the same commands and outputs in Chinese", () => {
    const texts = (markdown: string) => blocksOf(markdown).map((block) => ({ info: block.info, text: codeOf(block) }));
    expect(texts(chinese)).toEqual(texts(english));
  });

  test("has its comments in blocks in Chinese", () => {
    expect(commentsOf(chinese).filter((text) => /[a-z]{4}/.test(text) && !/\p{Script=Han}/u.test(text))).toEqual([]);
  });

  test("has the same sections, paragraphs, lists, tables, code and links", () => {
    const [ours, theirs] = [sectionsOf(english), sectionsOf(chinese)];
    expect(theirs.map(({ level }) => level)).toEqual(ours.map(({ level }) => level));
    for (const [index, section] of ours.entries()) expect(theirs[index], `section ${index}`).toEqual(section);
  });

  test("has no paragraph whose original has changed since", () => {
    const file = `${root}/test/fixtures/translations/${page.replaceAll("/", "-")}.json`;
    const recorded = new Map<string, string>(existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : []);
    const now = pairsOf(english, chinese);
    const old = stale(recorded, now);
    const text = (key: string) =>
      withoutBlocks(chinese)
        .split(/\n\s*\n/)
        .find((part) => hash(part.trim()) === key) ?? key;
    // Whoever has looked at one of them that is still right deletes its line from the file.
    expect(old.map(text)).toEqual([]);
    const lines = [...now].map((pair) => JSON.stringify(pair)).join(",\n");
    expectGolden(`[\n${lines}\n]\n`, new URL(file, "file:///"));
  });

  test("is in Chinese, and links to the other language", () => {
    const paragraphs = withoutBlocks(chinese)
      .split(/\n\s*\n/)
      .filter((text) => /[a-z]{4}.*[a-z]{4}/s.test(text));
    const foreign = paragraphs.filter(
      (text) => !/\p{Script=Han}/u.test(text) && !/^(<!--|!?\[|<|\\(block\\)$)/.test(text.trim()),
    );
    expect(foreign).toEqual([]);
    expect(english).toContain(`(${chineseOf(page).split("/").at(-1)})`);
    expect(chinese).toContain(`(${page.split("/").at(-1)})`);
  });
});

test("a paragraph is stale if its original has changed and it has not", () => {
  const recorded = pairsOf("One.\n\nTwo.\n", "一。\n\n二。\n");
  expect(stale(recorded, pairsOf("New.\n\nOne.\n\nTwo.\n", "新。\n\n一。\n\n二。\n"))).toEqual([]);
  expect(stale(recorded, pairsOf("One.\n\nTwo, and more.\n", "一。\n\n二。\n"))).toEqual([hash("二。")]);
  expect(stale(recorded, pairsOf("One.\n\nTwo, and more.\n", "一。\n\n二，还有。\n"))).toEqual([]);
});

test("blocks are copied, and comments stay translated where the code is the same", () => {
  const english = "```yaml\na: 1  # one\nb: 3  # three\n```\n";
  const chinese = "```yaml\na: 1  # 一\nb: 2  # 二\n```\n";
  expect(withBlocksOf(english, chinese)).toBe("```yaml\na: 1  # 一\nb: 3  # three\n```\n");
  const recorded = pairsOf(english, chinese);
  expect(stale(recorded, pairsOf(english.replace("one", "first"), chinese))).toEqual([hash("一")]);
});

test("a section that was changed in one language only is found", () => {
  const english = sectionsOf("# A\n\nText with `code` and [a link](b.md).\n\n- one\n- two\n");
  expect(english).toHaveLength(1);
  expect(sectionsOf("# 甲\n\n文字，`code`，[链接](b.zh-CN.md)。\n\n- 一\n- 二\n")).toEqual(english);
  for (const other of [
    "# 甲\n\n文字，[链接](b.md)。\n\n- 一\n- 二\n",
    "# 甲\n\n`code`，[链接](c.md)。\n\n- 一\n- 二\n",
    "# 甲\n\n`code`，[链接](b.md)。\n\n- 一\n",
    "# 甲\n\n`code`，[链接](b.md)。\n\n文字。\n\n- 一\n- 二\n",
    "## 甲\n\n`code`，[链接](b.md)。\n\n- 一\n- 二\n",
  ]) {
    expect(sectionsOf(other), other).not.toEqual(english);
  }
});
