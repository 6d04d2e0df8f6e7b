/** The commands of the pages that need hosts, as a reader gives them, and what they print. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PageRun } from "../helpers/page-run.ts";
import { labPages } from "../helpers/pages.ts";
import { blocksOf, missingLine, stepsOf, withOutputs } from "../helpers/transcript.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const isUpdate = process.env["UPDATE_GOLDEN"] !== undefined;

describe.each(labPages)("%s", (page) => {
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

  test.each(
    blocks.flatMap((block) => stepsOf(block).map((step) => [step.line, step.command, step, block.note] as const)),
  )("line %i: %s", async (_line, _command, step, note) => {
    const [, source, name] = /^with (\S+) as (\S+)$/.exec(note ?? "") ?? [];
    if (source !== undefined && name !== undefined) run.file(name, source);
    const shown = await run.run(step);
    if (missingLine(step.printed, shown) !== undefined) outputs.set(step.line, shown);
    if (!isUpdate) expect(missingLine(step.printed, shown), shown).toBeUndefined();
  });
});
