/** What lvsctl says about topologies that people have asked about. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findingsOf } from "../../src/app/load.ts";
import { cases, formatCasesPage, judgeCase } from "../helpers/cases.ts";
import { expectGolden } from "../playbook/golden.ts";

/** By file. */
const findings = new Map(await Promise.all(cases().map(async ({ file }) => [file, await findingsOf(file)] as const)));
const findingsIn = (file: string) => findings.get(file) ?? { problems: [], warnings: [] };

describe("topologies people have asked about", () => {
  it("are judged as docs/cases.md says", async () => {
    const verdicts = await Promise.all(cases().map((one) => judgeCase(one, findingsIn(one.file))));
    expectGolden(formatCasesPage(verdicts), new URL("../../docs/cases.md", import.meta.url));
  });

  it.each(cases())("$name: every problem is in the file itself, with a fix", ({ file }) => {
    const { problems, warnings } = findingsIn(file);
    const lines = readFileSync(file, "utf8").split("\n").length;
    for (const { message, details } of [...problems, ...warnings]) {
      expect(details.at?.file, message).toBe(file);
      expect(details.at?.line, message).toBeLessThanOrEqual(lines);
      expect(details.hint, message).toBeTruthy();
    }
  });
});
