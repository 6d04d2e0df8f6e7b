/**
 * CONTRIBUTING's recipes for a rule and an error, carried out on a copy of src: a file in src/topology/rules, its line in
 * rules.ts, the error's line in the catalogue, and a case.
 */
import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Playbooks } from "../../src/playbook/playbooks.ts";
import { kinds } from "../../src/resources/kinds.ts";
import { rules } from "../../src/topology/rules.ts";
import { CopiedSource } from "../helpers/copied-source.ts";

let source: CopiedSource;
beforeAll(() => {
  source = new CopiedSource();
});
afterAll(() => source.remove());

const rule = `/** Telnet sends passwords in clear text. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import type { Draft } from "../draft.ts";

/** LVS-CONFIG-999 for a service on port 23. */
export function* recipeTrial(draft: Draft): Iterable<LvsctlError> {
  for (const [service, { port }] of draft.serviceFiles) {
    if (port !== 23) continue;
    const message = "Telnet sends passwords in clear text.";
    yield draft.problem("LVS-CONFIG-999", ["services", service, "port"], { message, hint: "Use SSH." });
  }
}
`;
const inputCase = readFileSync(new URL("../../examples/dr.yaml", import.meta.url), "utf8").replace(
  "port: 80",
  "port: 23",
);
const errorsCase = `input.yaml:36:11: LVS-CONFIG-999 Passwords in clear text
  Telnet sends passwords in clear text.
  36 |     port: 23
     |           ^^
  Fix: Use SSH.`;

test("a rule is one file and one line, and so is a new error", async () => {
  source.write("src/topology/rules/recipe-trial.ts", rule);
  source.insert("src/topology/rules.ts", "import", 'import { recipeTrial } from "./rules/recipe-trial.ts";\n');
  source.insert("src/topology/rules.ts", "  persistenceNetmask,", "  recipeTrial,\n");
  const error = '  "LVS-CONFIG-999": { title: "Passwords in clear text", exit: 64 },\n';
  source.insert("src/errors/catalogue/config.ts", "} as const", error);
  const { loadTopology } = await source.load("src/topology/load-topology.ts");
  const { formatProblem: format } = await source.load("src/document/format-problem.ts");
  const { problems } = loadTopology(inputCase, "input.yaml", new Playbooks(kinds));
  expect(problems.map(format).join("\n\n")).toBe(errorsCase);
});

test("every file in src/topology/rules is one rule of the list", async () => {
  const folder = new URL("../../src/topology/rules/", import.meta.url);
  const files = readdirSync(folder);
  const exported = await Promise.all(
    files.map(async (file) => Object.values(await import(new URL(file, folder).href))),
  );
  expect(exported.map((values) => values.length)).toEqual(files.map(() => 1));
  expect(exported.flat().filter((value) => !(rules as readonly unknown[]).includes(value))).toEqual([]);
  expect(rules).toHaveLength(files.length);
});
