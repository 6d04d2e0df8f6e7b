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
        if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(path, withExpectation(text, given, found));
        else expect(found).toEqual(given.expect);
      });
    }
  });
}

test("every kind has cases", () => {
  const folders = new Set(readdirSync(root));
  expect([...kinds.keys()].filter((kind) => !folders.has(kind))).toEqual([]);
});

test("a case is not made one of an error by an update", () => {
  const text = "about: x\nexpect: { resources: [] }\n";
  const failed = { error: { code: "LVS-FACT-001" } };
  expect(() => withExpectation(text, parse(text), failed)).toThrow(/delete its expect: .*LVS-FACT-001/);
  const changed = withExpectation(text, parse(text), { resources: [1] });
  expect(parse(changed)).toEqual({ about: "x", expect: { resources: [1] } });
  expect(parse(withExpectation("about: x\n", parse("about: x\n"), failed))).toMatchObject({ expect: failed });
});

/** As it is in a YAML file: without what is undefined. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** Throws if a case that was accepted would become one of an error: a mistake in the kind would go unseen. */
function withExpectation(text: string, given: Pick<ResourceCase, "expect">, expectation: unknown): string {
  const hasError = (value: unknown) => typeof value === "object" && value !== null && "error" in value;
  if (given.expect !== undefined && hasError(expectation) && !hasError(given.expect)) {
    throw new Error(
      `this was accepted, and is no more; if that is meant, delete its expect: ${JSON.stringify(expectation)}`,
    );
  }
  const document = parseDocument(text);
  document.set("expect", expectation);
  return document.toString({ lineWidth: 0 });
}
