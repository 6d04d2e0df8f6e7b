/** The commands of the pages that need hosts, as a reader gives them, and what they print. UPDATE_GOLDEN=1 writes both. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COLUMNS, PageRun } from "../helpers/page-run.ts";
import { runPages } from "../helpers/pages.ts";
import { screenOf, textOnScreen } from "../helpers/terminal-screen.ts";
import { svgOf, textOfSvg } from "../helpers/terminal-svg.ts";
import { blocksOf, missingLine, stepsOf, withOutputs, withoutTimes } from "../helpers/transcript.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** Long lines of other programs stay whole: nobody breaks them when copying from a terminal. */
const UNBROKEN = 1_000;
/** What depends on which requests were the first to time out. */
const SHARES = /\b\d+(?= of 20 requests)|(?<=rs\d )\d+/g;
const isUpdate = process.env["UPDATE_GOLDEN"] !== undefined;

describe.each(runPages)("%s", (page) => {
  const text = readFileSync(join(root, page), "utf8");
  const blocks = blocksOf(text).filter(({ info, note = "" }) => info === "console" && !note.startsWith("not run"));
  const outputs = new Map<number, string>();
  let run: PageRun;
  beforeAll(() => {
    run = new PageRun();
  });
  afterAll(async () => {
    await run.end();
    if (isUpdate) writeFileSync(join(root, page), withOutputs(text, outputs));
  });

  describe.each(blocks.map((block) => [block.line, block] as const))("the block in line %i", (_line, block) => {
    const [, source, name] = /^with (\S+) as (\S+)$/.exec(block.note ?? "") ?? [];
    const [, picture, title] = /^picture (\S+): (.*)$/.exec(block.note ?? "") ?? [];
    const written: string[] = [];
    if (source !== undefined && name !== undefined) beforeAll(() => run.file(name, source));

    test.each(stepsOf(block).map((step) => [step.line, step.command, step] as const))(
      "line %i: %s",
      async (_line, command, step) => {
        const shown = await run.run(step);
        written.push(`$ ${command.replaceAll("\n", "\r\n")}\r\n${shown}`);
        const text = textOnScreen(shown, UNBROKEN);
        const missing = missingLine(step.printed, text);
        if (missing !== undefined) outputs.set(step.line, text);
        if (!isUpdate) expect(missing, text).toBeUndefined();
      },
    );

    if (picture !== undefined && title !== undefined) {
      test(`is what ${picture} shows`, () => {
        const all = written.join("").trimEnd();
        if (isUpdate) writeFileSync(join(root, picture), svgOf(screenOf(all, COLUMNS), title, COLUMNS));
        const shown = textOfSvg(readFileSync(join(root, picture), "utf8"));
        const bare = (lines: string) => withoutTimes(lines).replaceAll(/ +$/gm, "").replaceAll(SHARES, "…").trimEnd();
        expect(bare(shown)).toBe(bare(textOnScreen(all, COLUMNS)));
      });
    }
  });
});
