/** docs/testing.md names tests that cover what only the long run has, and each is there. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { longFiles } from "../helpers/long-run.ts";

const page = readFileSync(new URL("../../docs/testing.md", import.meta.url), "utf8");
const tests = new URL("../", import.meta.url);

const rows = page.slice(page.indexOf("## What only the long run tests"));

/** Names of test files and of cases: `FOLDER/NAME`, or those that begin so. */
const named = [...rows.matchAll(/`((?:[a-z0-9-]+\/)+[a-z0-9-]+(?:\.sockets)?)(\*?)`/g)];

test.each(named.map(([, name = "", all = ""]) => [name, all] as const))("%s%s", (name, all) => {
  const folder = name.replace(/[^/]+$/, "");
  const begun = ["", "fixtures/resources/"].flatMap((where) => {
    const path = new URL(`${where}${folder}`, tests);
    return existsSync(path) ? readdirSync(path).map((file) => `${folder}${file}`) : [];
  });
  const isThere = (file: string) =>
    all === "*"
      ? file.startsWith(name)
      : file.replace(/(\.sockets)?\.(test\.ts|yaml)$/, "") === name.replace(/\.sockets$/, "");
  expect(begun.filter(isThere)).not.toEqual([]);
});

test("every file that only the long run has is in it", () => {
  expect(longFiles.filter((name) => !new RegExp(`\`${name}\``).test(rows))).toEqual([]);
});
