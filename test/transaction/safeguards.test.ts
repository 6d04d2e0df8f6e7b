/**
 * What `npm run test:safeguards` removes is still in the code, so that it can be removed at any time, and its table in
 * docs/testing-the-engine.md is complete and names tests that are there.
 */
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
// @ts-expect-error: a script without types
import { SAFEGUARDS } from "../../scripts/safeguards-list.mjs";

interface Safeguard {
  readonly name: string;
  readonly prevents: string;
  /** File, text to replace, new text. */
  readonly edits: readonly (readonly [string, string, string])[];
}

test.each((SAFEGUARDS as readonly Safeguard[]).map(({ name, edits }) => [name, edits] as const))(
  "%s",
  (_name, edits) => {
    for (const [file, from] of edits) {
      const text = readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
      expect(text.split(from).length, `${file}: ${from}`).toBe(2);
    }
  },
);

const page = readFileSync(new URL("../../docs/testing-the-engine.md", import.meta.url), "utf8");
const rows = page
  .slice(page.indexOf("| safeguard | without it |"))
  .split("\n")
  .slice(2)
  .filter((line) => line.startsWith("| "))
  .map((line) => line.slice(2, -2).split(" | "));

test("the page has them all", () => {
  const listed = (SAFEGUARDS as readonly Safeguard[]).map(({ name, prevents }) => [name, prevents]);
  expect(rows.map(([name, prevents]) => [name, prevents]).sort()).toEqual(listed.sort());
});

/** The titles of tests in a text, as patterns: `%s`, `$name` and what a template puts in stand for anything. */
function titlesIn(text: string): readonly RegExp[] {
  const literals = text.matchAll(/(["`])((?:(?!\1)[^\\\n]|\\.)*)\1,\s*(?:async )?(?:\(|[a-z_]+ =>)/g);
  return [...literals].map(([, , title = ""]) => {
    const parts = title.replaceAll(/\\(.)/g, "$1").split(/%[a-z#]|\$\{[^}]*\}|\$[\w.]+/);
    return new RegExp(`^${parts.map((part) => part.replaceAll(/[^\w\s]/g, "\\$&")).join(".*")}`);
  });
}

test.each(rows.map(([name = "", , noticed = ""]) => [name, noticed] as const))(
  "%s: a test is there",
  (_name, noticed) => {
    const at = noticed.indexOf(": ");
    const [file, title] = [noticed.slice(0, at), noticed.slice(at + 2)];
    const path = new URL(`../${file}`, import.meta.url);
    expect(existsSync(path), file).toBe(true);
    const text = readFileSync(path, "utf8");
    const [, contract] = /from "(\.\S*-contract\.ts)"/.exec(text) ?? [];
    const shared = contract === undefined ? "" : readFileSync(new URL(contract, path), "utf8");
    const titles = titlesIn(text + shared);
    expect(titles.some((one) => one.test(title)) || title).toBe(true);
  },
);
