/** Topologies that people have asked about in public, and what lvsctl says about each; docs/cases.md shows it. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { explain } from "../../src/app/explain.ts";
import type { Findings } from "../../src/app/load.ts";
import type { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import type { ExplainedService } from "../../src/report/explanation.ts";

const FOLDER = "test/fixtures/cases";
const RESULTS = new URL("../fixtures/case-results.json", import.meta.url);

/** One case: its file without `.yaml`, and the comment at the file's top. */
export interface Case {
  readonly name: string;
  readonly file: string;
  readonly about: string;
}

/** What `validate` and `explain` say about a case, as text of a table. */
export interface CaseVerdict extends Case {
  readonly validated: string;
  readonly explained: string;
  /** What the lab has shown; absent for a case that was not applied. */
  readonly lab?: string;
}

/** All cases, by number. */
export function cases(): readonly Case[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".yaml"))
    .toSorted()
    .map((name) => {
      const file = `${FOLDER}/${name}`;
      const [, about = ""] = /^# (.*)\n/.exec(readFileSync(file, "utf8")) ?? [];
      return { name: name.replace(".yaml", ""), file, about };
    });
}

/** What lvsctl says about a case without any host. `findings`: of its file. */
export async function judgeCase(one: Case, { problems, warnings }: Findings): Promise<CaseVerdict> {
  const lab = caseResults()[one.name];
  return {
    ...one,
    validated: [
      problems.length === 0 ? "valid" : codesOf(problems),
      ...(warnings.length === 0 ? [] : [`warning ${codesOf(warnings)}`]),
    ].join(", "),
    explained: problems.length > 0 ? "" : await explained(one.file),
    ...(lab === undefined ? {} : { lab }),
  };
}

function codesOf(problems: readonly LvsctlError[]): string {
  return [...new Set(problems.map(({ code }) => code.replace("LVS-CONFIG-", "")))].join(", ");
}

async function explained(file: string): Promise<string> {
  const { services } = await explain(file, "en");
  const answered = services.filter(({ way }) => way?.isAnswered === true).length;
  const excluded = new Set(
    services.flatMap((service: ExplainedService) => service.excluded ?? []).map((one) => one.client),
  );
  return [
    `${answered} of ${services.length} answered`,
    ...(excluded.size === 0 ? [] : [`not from ${[...excluded].join(", ")}`]),
  ].join("; ");
}

/** What the lab has shown of each case, by name. */
export function caseResults(): Readonly<Record<string, string>> {
  return existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, "utf8")) : {};
}

/** Records what the lab has shown of a case. */
export function noteCase(name: string, shown: string): void {
  const all = { ...caseResults(), [name]: shown };
  const sorted = Object.fromEntries(Object.entries(all).toSorted(([one], [other]) => (one < other ? -1 : 1)));
  writeFileSync(RESULTS, `${JSON.stringify(sorted, null, 2)}\n`);
}

/** The page docs/cases.md. */
export function formatCasesPage(verdicts: readonly CaseVerdict[]): string {
  const rows = verdicts.map(
    ({ name, file, about, validated, explained: way, lab = "" }) =>
      `| [${name.split("-")[0]}](../${file}) | ${about} | ${validated} | ${way} | ${lab} |`,
  );
  return `# Topologies people have asked about

These topologies come from public questions, bug reports and tutorials. The table says what lvsctl makes of each:
\`validate\` (codes of [errors.md](errors.md) under \`LVS-CONFIG\`), the paths that \`explain\` follows, and, for those that were
applied, what the lab has shown: apply, verify, a second plan, destroy.

This page is generated from \`test/fixtures/cases\` and from the results of \`test/e2e/cases.test.ts\` by
\`UPDATE_GOLDEN=1 npx vitest run --project unit test/app/cases.test.ts\`.

| case | what | validate | explain | lab |
|---|---|---|---|---|
${rows.join("\n")}
`;
}
