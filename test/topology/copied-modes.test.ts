/**
 * A copy of a built-in mode's playbook is judged as the mode itself: every case of test/fixtures/topology again, with copies
 * under paths in place of the names, gives the same codes at the same places.
 */
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Playbooks } from "../../src/playbook/playbooks.ts";
import { kinds } from "../../src/resources/kinds.ts";
import { loadTopology } from "../helpers/load-topology.ts";
import { modeNames } from "../helpers/mode-names.ts";

const fixtures = new URL("../fixtures/topology/", import.meta.url);
const examples = new URL("../../examples/", import.meta.url);
const playbooks = new URL("../../playbooks/", import.meta.url);
const folder = mkdtempSync(join(tmpdir(), "lvsctl-copied-modes-"));
for (const name of modeNames()) copyFileSync(new URL(`${name}.yaml`, playbooks), join(folder, `my-${name}.yaml`));
afterAll(() => rmSync(folder, { recursive: true }));

const BUILT_IN = new RegExp(`\\bmode: (${modeNames().join("|")})\\b`, "g");
const copies = new Playbooks(kinds);

/** The path of a copy is longer than the mode's name: what stands behind it on its line moves to the right. */
function movedBy(line: string, column: number): number {
  const before = [...line.matchAll(BUILT_IN)].filter(({ index }) => index < column - 1);
  return before.reduce((sum, [found, name]) => sum + copied(found, String(name)).length - found.length, 0);
}

function copied(_: string, name: string): string {
  return `mode: ./my-${name}.yaml`;
}

const cases = [
  ...readdirSync(fixtures)
    .filter((name) => readdirSync(new URL(`${name}/`, fixtures)).includes("input.yaml"))
    .map((name) => [name, new URL(`${name}/input.yaml`, fixtures)] as const),
  ...readdirSync(examples).map((name) => [name, new URL(name, examples)] as const),
];
const texts = cases
  .map(([name, file]) => [name, readFileSync(file, "utf8")] as const)
  .filter(([, text]) => text.search(BUILT_IN) >= 0);

test("most cases have a built-in mode", () => {
  expect(texts.length).toBeGreaterThan(80);
});

test.each(texts)("%s", (_, text) => {
  const file = join(folder, "input.yaml");
  const lines = text.split("\n");
  const expected = loadTopology(text, file).problems.map(({ code, details: { at } }) => {
    const line = at?.line ?? 0;
    return `${code} ${line}:${(at?.column ?? 0) + movedBy(lines[line - 1] ?? "", at?.column ?? 0)}`;
  });
  const { problems } = loadTopology(text.replace(BUILT_IN, copied), file, copies);
  expect(copies.problems).toEqual([]);
  expect(problems.map(({ code, details: { at } }) => `${code} ${at?.line}:${at?.column}`)).toEqual(expected);
});
