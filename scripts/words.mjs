// `npm run check -- words`: finds the words that CONTRIBUTING.md, section "Words", says not to use, in what users read and in
// comments. The table there is the only list of them. test/packaging/words.test.ts tests it.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "./setup.mjs";

/** Forms of irregular verbs that the table has as they stand here. */
const FORMS = { take: "take|takes|taken|taking|took", put: "put|puts|putting", cut: "cut|cuts|cutting" };

/** Where users and contributors read. Tests may say what they like. */
const PLACES = [
  ...["src", "playbooks", "schemas", "docs", "examples", "scripts", "bin"],
  ...["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "package.json"],
];
const READ = /\.(ts|mjs|js|sh|md|yaml|json)$/;

/** Files that are not read, with the reason. */
const LEFT_OUT = [
  "docs/testing-the-engine.md", // It quotes the titles of tests.
];

/** The words not to use, from the last column of the table: `{ instead, words, pattern }`. */
export function wordsIn(contributing) {
  return tableOf(contributing).flatMap(([instead, , not]) =>
    [...not.matchAll(/`([^`]+)`/g)].map(([, words]) => ({ instead, words, pattern: patternOf(words) })),
  );
}

/** The places in a text that use such words: `{ line, found, instead }`. A phrase may go on in the next line of a comment. */
export function findWords(text, words) {
  const blank = text.replaceAll(/\n[ \t]*(?:\*|\/\/|#)?[ \t]*/g, (between) => `\n${" ".repeat(between.length - 1)}`);
  return words.flatMap(({ instead, pattern }) =>
    [...blank.matchAll(pattern)].map(({ 0: found, index }) => ({
      line: blank.slice(0, index).split("\n").length,
      found: found.replaceAll(/\s+/g, " "),
      instead,
    })),
  );
}

/** All such places in the project, as `file:line`. */
export function findAll(folder = root) {
  const contributing = readFileSync(join(folder, "CONTRIBUTING.md"), "utf8");
  const words = wordsIn(contributing);
  return PLACES.flatMap((place) => filesIn(folder, place))
    .filter((file) => !LEFT_OUT.includes(file))
    .flatMap((file) => {
      const text = readFileSync(join(folder, file), "utf8");
      const shown = file === "CONTRIBUTING.md" ? text.replace(sectionOf(text), "") : text;
      return findWords(shown, words).map((one) => ({ file, ...one }));
    });
}

function filesIn(folder, place) {
  if (statSync(join(folder, place)).isFile()) return [place];
  return readdirSync(join(folder, place), { recursive: true })
    .filter((file) => READ.test(file))
    .map((file) => `${place}/${file}`);
}

function sectionOf(contributing) {
  const section = /^## Words\n[\s\S]*?(?=^## |$(?![\s\S]))/m.exec(contributing)?.[0];
  if (section === undefined) throw new Error("CONTRIBUTING.md has no section Words");
  return section;
}

function tableOf(contributing) {
  const rows = sectionOf(contributing)
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) => line.split("|").slice(1, -1));
  return rows.slice(1).map((cells) => cells.map((cell) => cell.trim()));
}

/** `take … back`: all forms of the first word, and up to three words in place of `…`. */
function patternOf(words) {
  const [first, ...rest] = words.split(" ");
  const begin = FORMS[first] ?? `${first}(?:s|d|ed|ing)?`;
  const parts = rest.map((word) => (word === "…" ? String.raw`(?:\s+[\w'-]+){0,3}` : String.raw`\s+${word}`));
  return new RegExp(String.raw`\b(?:${begin})${parts.join("")}\b`, "gi");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = findAll();
  for (const one of found) console.log(`${one.file}:${one.line} "${one.found}": ${one.instead}`);
  if (found.length > 0) console.log(`${found.length} words that CONTRIBUTING.md, section "Words", says not to use.`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
