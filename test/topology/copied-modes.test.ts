/**
 * A copy of a built-in mode's playbook is judged as the mode itself: every case of test/fixtures/topology again, with copies
 * under paths in place of the names, gives the same codes at the same places.
 */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Playbooks } from "../../src/playbook/playbooks.ts";
import { kinds } from "../../src/resources/kinds.ts";
import { copyModes, hasBuiltIn, movedBy, withCopies } from "../helpers/copied-modes.ts";
import { loadTopology } from "../helpers/load-topology.ts";
import { shareOf, WAYS_TO_JUDGE } from "../helpers/long-run.ts";

const fixtures = new URL("../fixtures/topology/", import.meta.url);
const examples = new URL("../../examples/", import.meta.url);
const folder = copyModes();
afterAll(() => rmSync(folder, { recursive: true }));

const copies = new Playbooks(kinds);
const cases = [
  ...readdirSync(fixtures)
    .filter((name) => readdirSync(new URL(`${name}/`, fixtures)).includes("input.yaml"))
    .map((name) => [name, new URL(`${name}/input.yaml`, fixtures)] as const),
  ...readdirSync(examples).map((name) => [name, new URL(name, examples)] as const),
];
const texts = cases.map(([name, file]) => [name, readFileSync(file, "utf8")] as const);
const withBuiltIn = (some: typeof texts) => some.filter(([, text]) => hasBuiltIn(text));

test("most cases have a built-in mode", () => {
  expect(withBuiltIn(texts).length).toBeGreaterThan(80);
});

test.each(withBuiltIn([...shareOf(texts, "copies of the modes", WAYS_TO_JUDGE)]))("%s", (_, text) => {
  const file = join(folder, "input.yaml");
  const lines = text.split("\n");
  const expected = loadTopology(text, file).problems.map(({ code, details: { at } }) => {
    const line = at?.line ?? 0;
    return `${code} ${line}:${(at?.column ?? 0) + movedBy(lines[line - 1] ?? "", at?.column ?? 0)}`;
  });
  const { problems } = loadTopology(withCopies(text), file, copies);
  expect(copies.problems).toEqual([]);
  expect(problems.map(({ code, details: { at } }) => `${code} ${at?.line}:${at?.column}`)).toEqual(expected);
});
