/**
 * CONTRIBUTING's recipe for a rule, carried out on a copy of src: a file in src/topology/rules, its line in rules.ts, and a
 * case.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { formatProblem } from "../../src/document/format-problem.ts";
import { Playbooks } from "../../src/playbook/playbooks.ts";
import { kinds } from "../../src/resources/kinds.ts";
import { rules } from "../../src/topology/rules.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "lvsctl-new-rule-"));
afterAll(() => rmSync(folder, { recursive: true }));

const rule = `/** Telnet sends passwords in clear text. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import type { Draft } from "../draft.ts";

/** LVS-CONFIG-014 for a service on port 23. */
export function* noTelnet(draft: Draft): Iterable<LvsctlError> {
  for (const [service, { port }] of draft.serviceFiles) {
    if (port !== 23) continue;
    const message = "Telnet sends passwords in clear text.";
    yield draft.problem("LVS-CONFIG-014", ["services", service, "port"], { message, hint: "Use SSH." });
  }
}
`;
const inputCase = readFileSync(join(root, "examples/dr.yaml"), "utf8").replace("port: 80", "port: 23");
const errorsCase = `input.yaml:36:11: LVS-CONFIG-014 A value out of bounds
  Telnet sends passwords in clear text.
  36 |     port: 23
     |           ^^
  Fix: Use SSH.`;

test("a rule is one file and one line", async () => {
  cpSync(join(root, "src"), join(folder, "src"), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "src/topology/rules/no-telnet.ts"), rule);
  const list = join(folder, "src/topology/rules.ts");
  const line = 'import { noTelnet } from "./rules/no-telnet.ts";\n';
  writeFileSync(list, line + readFileSync(list, "utf8").replace("  nextHops,\n", "  nextHops,\n  noTelnet,\n"));
  const { loadTopology } = await import(join(folder, "src/topology/load-topology.ts"));
  const { problems } = loadTopology(inputCase, "input.yaml", new Playbooks(kinds));
  expect(problems.map(formatProblem).join("\n\n")).toBe(errorsCase);
});

test("every file in src/topology/rules is one rule of the list", async () => {
  const files = readdirSync(join(root, "src/topology/rules"));
  const exported = await Promise.all(
    files.map(async (file) => Object.values(await import(join(root, "src/topology/rules", file)))),
  );
  expect(exported.map((values) => values.length)).toEqual(files.map(() => 1));
  expect(exported.flat().filter((value) => !(rules as readonly unknown[]).includes(value))).toEqual([]);
  expect(rules).toHaveLength(files.length);
});
