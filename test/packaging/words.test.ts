/** The words that CONTRIBUTING.md says not to use, and how they are found. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
// @ts-expect-error: a script without types
import * as script from "../../scripts/words.mjs";

interface Words {
  readonly instead: string;
  readonly words: string;
}
interface Found {
  readonly file: string;
  readonly line: number;
  readonly found: string;
  readonly instead: string;
}
const wordsIn: (contributing: string) => readonly Words[] = script.wordsIn;
const findWords: (text: string, words: readonly Words[]) => readonly Found[] = script.findWords;
const findAll: (folder?: string) => readonly Found[] = script.findAll;

const contributing = readFileSync("CONTRIBUTING.md", "utf8");
const words = wordsIn(contributing);

const found = (text: string) => findWords(text, words).map((one) => `${one.line} ${one.found}: ${one.instead}`);

describe("words not to use", () => {
  it("are each in the table, with the one to use instead", () => {
    expect(words.length).toBeGreaterThan(20);
    expect(words.filter(({ words: text, instead }) => text === "" || instead === "")).toEqual([]);
  });

  it.each([
    ["lvsctl takes the run back.", ["1 takes the run back: roll back"]],
    ["It was TAKEN BACK.", ["1 TAKEN BACK: roll back"]],
    ["/**\n * A run that is taken\n * back.\n */", ["2 taken back: roll back"]],
    ["apply mends it", ["1 mends: repair"]],
    ["# nothing\n# 2 as they should be", ["2 as they should be: unchanged"]],
  ])("are found in any form: %s", (text, all) => {
    expect(found(text)).toEqual(all);
  });

  it.each([
    "lvsctl rolls the run back.",
    "It takes the place of the old address, so that replies come back.",
    "recommended amendment",
    "It works as it should. Be quick.",
  ])("are not found in others: %s", (text) => {
    expect(found(text)).toEqual([]);
  });

  it("cannot be looked for without the table", () => {
    expect(() => wordsIn("# Contributing\n")).toThrow("no section Words");
  });
});

describe("the files of a project", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "words-"));
    for (const name of ["src", "playbooks", "schemas", "docs", "examples", "scripts", "bin"])
      mkdirSync(join(folder, name));
    for (const name of ["README.md", "CHANGELOG.md", "package.json"]) writeFileSync(join(folder, name), "lvsctl\n");
    writeFileSync(join(folder, "CONTRIBUTING.md"), contributing);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("are in order if only the table has these words", () => {
    expect(findAll(folder)).toEqual([]);
  });

  it.each([
    "src/one.ts",
    "playbooks/one.yaml",
    "schemas/one.json",
    "docs/one.md",
    "examples/one.yaml",
    "scripts/one.mjs",
    "bin/one.js",
    "CHANGELOG.md",
    "package.json",
  ])("are named where one has them: %s", (file) => {
    writeFileSync(join(folder, file), "\n# This is made anew.\n");
    expect(findAll(folder)).toEqual([{ file, line: 2, found: "anew", instead: "again" }]);
  });

  it("are named where another section of CONTRIBUTING.md has them", () => {
    writeFileSync(join(folder, "CONTRIBUTING.md"), `${contributing}\nMade anew.\n`);
    expect(findAll(folder).map(({ file, found: one }) => [file, one])).toEqual([["CONTRIBUTING.md", "anew"]]);
  });
});

it("no file of this project has them", () => {
  expect(findAll()).toEqual([]);
});
