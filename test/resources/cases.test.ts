/** Runs every case under test/fixtures/resources/KIND/. UPDATE_GOLDEN=1 writes what was found into the case files. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse, parseDocument } from "yaml";
import { kinds } from "../../src/resources/kinds.ts";
import { type ResourceCase, runCase } from "./resource-case.ts";

const root = new URL("../fixtures/resources/", import.meta.url);

for (const kind of readdirSync(root).sort()) {
  describe(kind, () => {
    for (const file of readdirSync(new URL(`${kind}/`, root)).sort()) {
      const path = new URL(`${kind}/${file}`, root);
      const text = readFileSync(path, "utf8");
      const given = parse(text) as ResourceCase;
      test(`${file.replace(/\.yaml$/, "")}: ${given.about}`, () => {
        const found = plain(runCase(kind, given));
        if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(path, withExpectation(text, found));
        else expect(found).toEqual(given.expect);
      });
    }
  });
}

test("every kind has cases", () => {
  const folders = new Set(readdirSync(root));
  expect([...kinds.keys()].filter((kind) => !folders.has(kind))).toEqual([]);
});

/** As it is in a YAML file: without what is undefined. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function withExpectation(text: string, expectation: unknown): string {
  const document = parseDocument(text);
  document.set("expect", expectation);
  return document.toString({ lineWidth: 0 });
}
