/** The blocks of the README that make lvsctl usable, each in an empty folder, where nothing of it is installed. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { COLUMNS, PageRun } from "../helpers/page-run.ts";
import { textOnScreen } from "../helpers/terminal-screen.ts";
import { blocksOf } from "../helpers/transcript.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const NOTE = /^in an empty folder( with the tarball)?: prints "(.*)"$/;
const blocks = blocksOf(readFileSync(join(root, "README.md"), "utf8")).flatMap(({ text, line, note = "" }) => {
  const [all, tarball, prints = ""] = NOTE.exec(note) ?? [];
  return all === undefined ? [] : [{ line, text, prints, hasTarball: tarball !== undefined }];
});

let run: PageRun;
afterEach(() => run.end());

test.each(blocks)("the block in line $line works", async ({ line, text, prints, hasTarball }) => {
  run = new PageRun({ isBare: true });
  if (hasTarball) execFileSync("npm", ["pack", "--silent", "--pack-destination", run.folder], { cwd: root });
  const command = `set -e\n${text.replace("<this repository>", `file://${root}`)}\necho it all worked`;
  const shown = textOnScreen(await run.run({ line, command, printed: [] }), COLUMNS);
  expect(shown).toContain(prints);
  expect(shown).toMatch(/it all worked$/);
});

test("there are three of them", () => {
  run = new PageRun({ isBare: true });
  expect(blocks).toHaveLength(3);
  expect(blocks.filter(({ hasTarball }) => hasTarball)).toHaveLength(1);
});
