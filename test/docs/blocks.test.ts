/** Every command block of the README and of docs/ is run by a test, or says why it is not. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runPages, writtenPages } from "../helpers/pages.ts";
import { type Block, blocksOf, stepsOf } from "../helpers/transcript.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const docs = readdirSync(`${root}/docs`, { recursive: true, encoding: "utf8" }).map((name) => `docs/${name}`);
const pages = ["README.md", ...docs].filter((page) => page.endsWith(".md") && !isTranslation(page));
/** What is data, and no command. */
const DATA = new Set(["yaml", "json", "diff", "text"]);

/** Translations have the same blocks: test/docs/translations.test.ts. */
function isTranslation(page: string): boolean {
  return page.endsWith(".zh-CN.md");
}

function isRun(page: string, { info, note = "" }: Block): boolean {
  const [, by] = /^run by (\S+)$/.exec(note) ?? [];
  if (by !== undefined) return readFileSync(`${root}/${by}`, "utf8").includes(page);
  if (DATA.has(info) || /^not run: ./.test(note) || writtenPages.includes(page)) return true;
  return info === "console" ? runPages.includes(page) : page === "README.md" && note.startsWith("in an empty folder");
}

/** What stands indented after an empty line and outside of fences: Markdown shows that as a block, too. */
function indentedIn(markdown: string): readonly string[] {
  const prose = markdown.replaceAll(/^```.*?^```$/gms, "");
  return [...prose.matchAll(/^[ \t]*\n(?: {4}|\t)[ \t]*(\S.*)/gm)].map(([, line = ""]) => line);
}

test.each(pages)("%s", (page) => {
  const markdown = readFileSync(`${root}/${page}`, "utf8");
  expect(indentedIn(markdown)).toEqual([]);
  const blocks = blocksOf(markdown);
  expect(blocks.filter((block) => !isRun(page, block)).map(({ line, text }) => `${page}:${line}: ${text}`)).toEqual([]);
  for (const block of blocks.filter(({ info }) => info === "console")) expect(stepsOf(block).length).toBeGreaterThan(0);
});

test("an indented block is found", () => {
  expect(indentedIn("Run:\n\n    rm x\n\n- one\n  two\n\n```yaml\na:\n\n    b: 1\n```\n")).toEqual(["rm x"]);
});

test("a block that nobody runs is found", () => {
  const [bare, excused, data] = blocksOf(
    "```sh\nrm x\n```\n\n<!-- not run: because -->\n```sh\nrm x\n```\n\n```json\n{}\n```\n",
  );
  expect([bare, excused, data].map((block) => block && isRun("docs/x.md", block))).toEqual([false, true, true]);
});
