/** Tutorials as their authors drew them, and what lvsctl says about each mistake; docs/tutorials.md shows it. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { explain } from "../../src/app/explain.ts";
import { findingsOf } from "../../src/app/load.ts";
import { formatProblem } from "../../src/document/format-problem.ts";
import { formatExplanation } from "../../src/report/explain-text.ts";
import { plainOutput } from "./plain-output.ts";

const FOLDER = "test/fixtures/cases";
const output = plainOutput(1000);

/** One tutorial, as test/fixtures/tutorials.yaml has it. */
export interface Tutorial {
  readonly title: string;
  /** The topology in our own words. */
  readonly drawn: string;
  readonly mistakes: readonly string[];
  readonly cases: readonly TutorialCase[];
}

interface TutorialCase {
  /** In test/fixtures/cases, without `.yaml`. */
  readonly file: string;
  /** Lines of `lvsctl explain` to quote, each with what belongs to it, as regular expressions. */
  readonly quotes?: readonly string[];
}

export function tutorials(): readonly Tutorial[] {
  return parse(readFileSync("test/fixtures/tutorials.yaml", "utf8"));
}

/** The page docs/tutorials.md. */
export async function formatTutorialsPage(all: readonly Tutorial[]): Promise<string> {
  const sections = await Promise.all(all.map(formatTutorial));
  return `# Tutorials, typed in as they are drawn

Drawings of LVS that many people have learnt from, in our own words and with our own addresses, with their mistakes. Each is a
file in \`test/fixtures/cases\`; what lvsctl says about it is quoted as a wide terminal shows it. [cases.md](cases.md) says what the lab has
shown of them.

This page is generated from \`test/fixtures/tutorials.yaml\` by \`UPDATE_GOLDEN=1 npx vitest run --project unit test/app/tutorials.test.ts\`.

${sections.join("\n")}`;
}

async function formatTutorial({ title, drawn, mistakes, cases }: Tutorial): Promise<string> {
  const quoted = await Promise.all(cases.map(formatCase));
  return `## ${title}

${drawn}

${mistakes.map((mistake) => `- ${mistake}`).join("\n")}

${quoted.join("\n")}`;
}

async function formatCase({ file, quotes = [] }: TutorialCase): Promise<string> {
  const path = `${FOLDER}/${file}.yaml`;
  const [comment = "", ...lines] = readFileSync(path, "utf8").trimEnd().split("\n");
  return `${comment.replace("# ", "")}

\`\`\`yaml
${lines.join("\n")}
\`\`\`

\`\`\`console
$ lvsctl validate ${file}.yaml
${await validated(path, file)}
${quotes.length === 0 ? "" : `$ lvsctl explain ${file}.yaml\n…\n${await explained(path, quotes)}\n`}\`\`\`
`;
}

async function validated(path: string, name: string): Promise<string> {
  const { problems, warnings } = await findingsOf(path);
  const said = [...problems, ...warnings].map((one) => formatProblem(one).replaceAll(path, `${name}.yaml`));
  const verdict =
    problems.length === 0
      ? `✓ ${name}.yaml is valid`
      : `✗ ${name}.yaml: ${problems.length} problem${problems.length === 1 ? "" : "s"}`;
  return [...said, verdict].join("\n\n");
}

/** The quoted lines, each with the lines below it that are indented more. */
async function explained(path: string, quotes: readonly string[]): Promise<string> {
  const lines = formatExplanation(await explain(path, "en"), output).split("\n");
  const indent = (line: string | undefined) => (line === undefined || line === "" ? 0 : line.search(/\S/));
  const blocks = quotes.map((quote) => {
    const start = lines.findIndex((line) => new RegExp(quote).test(line));
    if (start < 0) throw new Error(`${path}: explain does not say ${quote}`);
    const length = lines.slice(start + 1).findIndex((line) => indent(line) <= indent(lines[start]));
    return lines.slice(start, start + 1 + length).join("\n");
  });
  return blocks.join("\n…\n");
}
