/** docs/json.md says what each result for machines holds: the fields of example results, each with its meaning. */
import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { isFamily } from "../../src/cli/command.ts";
import { commands } from "../../src/cli/commands.ts";
import type { JsonResult } from "../../src/report/json.ts";
import { outputSchemas, schemaAt } from "../helpers/checked-json.ts";
import { type FoundField, fieldsOf } from "../helpers/json-fields.ts";
import { jsonResults } from "../helpers/json-results.ts";
import { expectGolden } from "../playbook/golden.ts";

interface Described {
  readonly command: string;
  readonly what: string;
  readonly fields: Readonly<Record<string, string>>;
}

const PAGE = new URL("../../docs/json.md", import.meta.url);
const HEAD = `# JSON

\`--format json\` prints one JSON object to stdout. Its \`format\` names what it is: \`lvsctl.plan/1\`. A word in capitals stands for
a name, \`[]\` for each of a list; a field in brackets can be absent. Exit codes are in the README.
Each result also has \`seconds\`: how long the command took, without the time of questions.

Each format has a JSON Schema in \`schemas/output\`, also in the npm package. lvsctl's own tests check what commands print
against it.

What you can build on, within a major version of lvsctl:

- A format keeps its number. Fields may be added: read what you know and leave the rest. The schemas allow for that.
- No field is removed, changes its type or its meaning, or is absent or null where it never was before. Such a change gives the
  format the next number, \`lvsctl.plan/2\`, and that comes with a new major version only.
- Error codes and exit codes stay. A field that is one of several words may get others, such as the kind of a new resource.
- Sentences for people (\`message\`, \`why\`, \`fix\`, \`detail\` and the like) may be worded otherwise in any version.

This page is made from example results (\`test/helpers/json-results.ts\`), the schemas and \`test/fixtures/json/fields.yaml\`, by
\`UPDATE_GOLDEN=1 npx vitest run --project unit test/report\`.
`;

const described: Readonly<Record<string, Described>> = parse(
  readFileSync(new URL("../fixtures/json/fields.yaml", import.meta.url), "utf8"),
);
let results: readonly JsonResult[];

beforeAll(async () => {
  results = await jsonResults();
});

test("docs/json.md is generated from results and the meaning of their fields", () => {
  const sections = Object.entries(described).map(([format, { command, what, fields }]) => {
    const found = foundIn(format);
    const rows = Object.entries(fields).map(([place, meaning]) => row(format, place, found.get(place), meaning));
    return `\n## ${format}\n\n\`lvsctl ${command} --format json\`: ${what}. [Schema](../schemas/output/${outputSchemas.get(format)?.$id})\n\n| field | type | means | such as |\n|---|---|---|---|\n${rows.join("\n")}\n`;
  });
  expectGolden(HEAD + sections.join(""), PAGE);
});

test("every format is described, and every command that prints JSON", () => {
  expect(Object.keys(described).sort()).toEqual([...new Set(results.map(({ format }) => format))].sort());
  const printing = commands.flatMap((entry) =>
    isFamily(entry)
      ? entry.commands.map((command) => ({ path: `${entry.name} ${command.name}`, ...command }))
      : [{ path: entry.name, ...entry }],
  );
  const names = printing.filter(({ formats }) => formats.includes("json")).map(({ path }) => path);
  const told = Object.values(described).flatMap(({ command }) => {
    const [first = "", ...others] = command.split("|");
    return [first, ...others.map((other) => first.replace(/\S+$/, other))];
  });
  expect(told.sort()).toEqual(names.sort());
});

test.each(Object.keys(described))("%s has the fields that are described, and no others", (format) => {
  expect([...foundIn(format).keys()].sort()).toEqual(Object.keys(described[format]?.fields ?? {}).sort());
});

test("a field that nobody has described is found out", () => {
  const known = Object.keys(described["lvsctl.drift/1"]?.fields ?? {});
  const result = { format: "x", hosts: { rs1: { checked: 1, news: [] } } };
  expect([...fieldsOf([result], known).keys()]).toEqual([
    "hosts",
    "hosts.HOST",
    "hosts.HOST.checked",
    "hosts.HOST.news",
  ]);
});

function foundIn(format: string): ReadonlyMap<string, FoundField> {
  const own = results.filter((result) => result.format === format);
  return fieldsOf(own, Object.keys(described[format]?.fields ?? {}));
}

function row(format: string, place: string, field: FoundField | undefined, meaning: string): string {
  const { types, isOptional } = schemaAt(format, place);
  const name = isOptional ? `[\`${place}\`]` : `\`${place}\``;
  const example = field?.example === undefined ? "" : `\`${field.example.replaceAll("|", "\\|")}\``;
  return `| ${name} | ${types.join(", ")} | ${meaning} | ${example} |`;
}
