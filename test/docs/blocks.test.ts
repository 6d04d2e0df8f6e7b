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

test.each(pages)("%s", (page) => {
  const blocks = blocksOf(readFileSync(`${root}/${page}`, "utf8"));
  expect(blocks.filter((block) => !isRun(page, block)).map(({ line, text }) => `${page}:${line}: ${text}`)).toEqual([]);
  for (const block of blocks.filter(({ info }) => info === "console")) expect(stepsOf(block).length).toBeGreaterThan(0);
});

test("a block that nobody runs is found", () => {
  const [bare, excused, data] = blocksOf(
    "```sh\nrm x\n```\n\n<!-- not run: because -->\n```sh\nrm x\n```\n\n```json\n{}\n```\n",
  );
  expect([bare, excused, data].map((block) => block && isRun("docs/x.md", block))).toEqual([false, true, true]);
});
