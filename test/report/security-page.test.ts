/** docs/security.md names a test for each threat, and each is there. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const root = new URL("../../", import.meta.url);
const page = readFileSync(new URL("docs/security.md", root), "utf8");
const rows = page.split("\n").filter((line) => /^\| (?!threat|-)/.test(line));

it("every threat has a test", () => {
  expect(rows.length).toBeGreaterThan(20);
  expect(rows.filter((row) => !/\| `[^|]*\.test\.ts`[^|]*\|$/.test(row))).toEqual([]);
});

it("every test that is named is there, under this title", () => {
  const missing = rows.flatMap((row) => {
    const shown = row.split(" | ").at(-1) ?? "";
    return [...shown.matchAll(/`([^`]+\.test\.ts)`((?:,? (?:and )?"[^"]+")*)/g)].flatMap(
      ([, file = "", titles = ""]) => {
        const url = new URL(`test/${file}`, root);
        if (!existsSync(url)) return [file];
        // The titles of the kinds' cases are names of files.
        const cases =
          file === "resources/cases.test.ts"
            ? readdirSync(new URL("test/fixtures/resources/file", root)).join(" ")
            : "";
        const text = readFileSync(url, "utf8") + cases;
        return [...titles.matchAll(/"([^"]+)"/g)].flatMap(([, title = ""]) =>
          text.includes(title) ? [] : [`${file}: ${title}`],
        );
      },
    );
  });
  expect(missing).toEqual([]);
});
