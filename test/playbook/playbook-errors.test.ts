/** Wrong playbooks under test/fixtures/playbook/errors: the exact text that their author reads. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { formatProblem } from "../../src/document/format-problem.ts";
import { loadPlaybook } from "../../src/playbook/load-playbook.ts";
import { Playbooks } from "../../src/playbook/playbooks.ts";
import { kinds } from "../../src/resources/kinds.ts";
import { fakeKinds } from "./fake-kinds.ts";
import { expectGolden } from "./golden.ts";

/** Traits are compared with what real steps and features do; all else needs no more than kinds that are made up. */
const playbooks = new Playbooks(kinds);
const families = [
  { family: "errors", load: (text: string, file: string) => loadPlaybook(text, file, fakeKinds) },
  { family: "traits", load: (text: string, file: string) => playbooks.load(text, file) },
];

describe.each(families)("a wrong playbook ($family)", ({ family, load }) => {
  const folder = new URL(`../fixtures/playbook/${family}/`, import.meta.url);
  const cases = readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => name.slice(0, -".yaml".length));

  test.each(cases)("%s", (name) => {
    const file = `${name}.yaml`;
    const { playbook, problems } = load(readFileSync(new URL(file, folder), "utf8"), file);
    expect(playbook).toBeUndefined();
    expect(problems.every(({ details }) => details.at !== undefined && details.hint !== undefined)).toBe(true);
    expectGolden(`${problems.map(formatProblem).join("\n\n")}\n`, new URL(`${name}.txt`, folder));
  });
});
