/**
 * docs/topology.md: every key of a topology file, from schemas/topology.schema.json, and for each the errors that the cases in
 * test/fixtures/topology have shown there; the smallest file of each mode, from docs/smallest.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Document, isCollection, isMap, isPair, isSeq, LineCounter, parseDocument } from "yaml";
import { anchor, keysOf, schemaCodes } from "./topology-keys.mjs";

/** Codes of too many of something, whose files are too large for a case. A test makes them. */
export const OF_LARGE_FILES = {
  "LVS-CONFIG-058": ["topology.services"],
  "LVS-CONFIG-082": ["service.ports", "service.vips"],
};
/** Codes that can come of what a mode needs on a host: test/compile/users-file.test.ts. */
const OF_PLAYBOOKS = ["LVS-CONFIG-067", "LVS-CONFIG-068", "LVS-CONFIG-069"];

const FIRST = "dr";
const HEAD = `# The topology file

Every key of a topology file, with its type, its default, and the errors that lvsctl reports there. \`lvsctl schema\` prints the
same for an editor, and \`lvsctl init\` writes a first file. How to write services with several ports, firewall marks and the like is
in [services.md](services.md).
`;
const TAIL = `
This page is made by \`npm run generate\` of \`schemas/topology.schema.json\`, of the files in \`docs/smallest\` and of the test cases in
\`test/fixtures/topology\`.
`;

/** The whole page. */
export function topologyPage(root) {
  const schema = JSON.parse(readFileSync(join(root, "schemas/topology.schema.json"), "utf8"));
  const keys = keysOf(schema);
  const codes = codesByKey(keys, root);
  return [
    HEAD,
    smallest(root),
    howToRead(),
    ...keys.sections.map((section) => sectionText(section, keys, codes)),
    values(keys),
    TAIL,
  ].join("\n");
}

/** The page's smallest file of each mode, by mode. */
export function smallestFiles(root) {
  const folder = join(root, "docs/smallest");
  const names = readdirSync(folder).sort((one, other) =>
    one === `${FIRST}.yaml` ? -1 : other === `${FIRST}.yaml` ? 1 : one < other ? -1 : 1,
  );
  return new Map(names.map((name) => [name.replace(".yaml", ""), readFileSync(join(folder, name), "utf8")]));
}

/** The codes at each key: of the schema's own conditions, and of cases. */
export function codesByKey(keys, root) {
  const found = new Map();
  const add = (id, code) => found.set(id, new Set([...(found.get(id) ?? []), code]));
  for (const { id, schema } of keys.all) for (const code of schemaCodes(schema, keys.resolve)) add(id, code);
  const folder = join(root, "test/fixtures/topology");
  for (const name of readdirSync(folder)) {
    const input = join(folder, name, "input.yaml");
    for (const file of ["errors.txt", "warnings.txt"].map((one) => join(folder, name, one))) {
      if (!existsSync(input) || !existsSync(file)) continue;
      for (const { code, path } of findings(readFileSync(file, "utf8"), readFileSync(input, "utf8"))) {
        const id = keys.idOf(path);
        if (id !== undefined && !GENERAL.has(code)) add(id, code);
      }
    }
  }
  for (const [code, ids] of Object.entries(OF_LARGE_FILES)) for (const id of ids) add(id, code);
  return found;
}

/** What is said of every key at once. 000 to 009 are about the whole file. */
const GENERAL = new Set(Array.from({ length: 13 }, (_, index) => `LVS-CONFIG-${String(index).padStart(3, "0")}`));

const howToRead = () => `
## Every key

The column of errors has the codes, without \`LVS-CONFIG-\`, that can be reported at a key, at an entry of its list or map, or at the
part of it that is wrong: those of its own type and bounds, and those that lvsctl's test cases have shown there. Besides:

- Any key can have ${linked(["LVS-CONFIG-012"])}, the wrong kind of value; any map ${linked(["LVS-CONFIG-010"])}, an unknown
  key, and ${linked(["LVS-CONFIG-011"])}, one that is missing; and the file as a whole the codes below 010, or ${linked(["LVS-CONFIG-071"])}.
- ${linked(OF_PLAYBOOKS)} can be
  reported at any setting of a host or service that a mode needs otherwise, or cannot carry out.

Some are warnings: those have the exit code 0 in [errors.md](errors.md). Where no default is named, the key is simply not set.
`;

function smallest(root) {
  const files = smallestFiles(root);
  const [first] = files.values();
  const each = [...files].map(([mode, text]) => `### ${mode}\n\n\`\`\`yaml\n${text}\`\`\`\n`);
  const changes = [...files]
    .slice(1)
    .map(
      ([mode, text]) =>
        `### From ${FIRST} to ${mode}: change these lines\n\n\`\`\`diff\n${changedLines(first, text)}\`\`\`\n`,
    );
  return `
## The smallest file for each mode

Each is valid, without a warning, and nothing in it can be left out. Put in your own addresses, and name
the interfaces as \`ip link\` does. The files are in [smallest](smallest). A lab that is up has the addresses and interfaces that the
file had: after an edit of those, \`lvsctl lab up --recreate FILE\` makes it again.

${each.join("\n")}
${changes.join("\n")}`;
}

/** The lines that differ, the old one before the new one; both files have their lines in the same places. */
function changedLines(before, after) {
  const [old, now] = [before, after].map((text) => text.split("\n"));
  if (old.length !== now.length) throw new Error("The smallest files have to have the same number of lines.");
  return old.flatMap((line, index) => (line === now[index] ? [] : [`-${line}\n+${now[index]}\n`])).join("");
}

function sectionText({ id, title, description, keys: own }, keys, codes) {
  const rows = own.map(({ id: key, name, schema, isRequired }) => {
    const { text, fallback } = withoutDefault(schema.description ?? "");
    const value = isRequired ? "required" : schema.default === undefined ? fallback : code(schema.default);
    const cells = [
      code(name),
      text,
      keys.typeOf(schema),
      value,
      code(yamlLine(name, schema.examples[0])),
      linked([...(codes.get(key) ?? [])].sort()),
    ];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  const heading = id === "topology" ? "The file" : title;
  return `
### ${heading}

${id === "topology" ? "" : `${keys.placesOf(id)}: `}${description}

| key | what it says | type | default | such as | errors |
|---|---|---|---|---|---|
${rows.join("\n")}
`;
}

function values(keys) {
  const rows = keys.values.map(({ title, description, examples }) =>
    `| <a id="${anchor(title)}"></a>${title} | ${description} | ${code(examples[0])} |`.replaceAll("\\|", "|"),
  );
  return `
### Values

| value | what it is | such as |
|---|---|---|
${rows.join("\n")}
`;
}

/** `Default: …` of a description has a column of its own. */
function withoutDefault(description) {
  const [sentence, value] = /\s*Default: (.+?)\.(?=\s+[A-Z`]|$)/.exec(description) ?? [];
  return { text: sentence === undefined ? description : description.replace(sentence, ""), fallback: value ?? "" };
}

function yamlLine(name, example) {
  const document = new Document({ [name]: example });
  const { value } = document.contents.items[0];
  if (isCollection(value)) value.flow = true;
  return document.toString({ lineWidth: 0, flowCollectionPadding: true }).trim();
}

function linked(codes) {
  const links = codes.map((code) => `[${code.replace("LVS-CONFIG-", "")}](errors.md#${code.toLowerCase()})`);
  return links.join(", ");
}

function code(text) {
  return `\`${text}\``;
}

/** Each finding of a golden file with the path at which it stands in the input. */
export function findings(golden, input) {
  const lines = golden.split("\n");
  const places = placesIn(input);
  return lines.flatMap((line, index) => {
    const [, row, column, code] = /^input\.yaml:(\d+):(\d+): (LVS-CONFIG-\d{3}) /.exec(line) ?? [];
    if (code === undefined) return [];
    const underline = lines.slice(index).find((one) => /^ +\| +\^+$/.test(one));
    const length = /\^+$/.exec(underline ?? "")?.[0].length;
    const here = places.filter((place) => place.line === Number(row) && place.column === Number(column));
    // The first key of a map stands where the map does; only one of them is as long as what is underlined.
    const [place] = [...here.filter((one) => one.length === length), ...here];
    return place === undefined ? [] : [{ code, path: place.path }];
  });
}

/** Where each key and each value stands. */
function placesIn(text) {
  const counter = new LineCounter();
  const places = [];
  const add = (node, path) => {
    if (!node?.range) return;
    const { line, col } = counter.linePos(node.range[0]);
    places.push({ path, line, column: col, length: node.range[1] - node.range[0] });
  };
  const visit = (node, path) => {
    if (isMap(node)) {
      for (const pair of node.items.filter(isPair)) {
        const inner = [...path, String(pair.key?.value ?? pair.key)];
        add(pair.key, inner);
        add(pair.value, inner);
        visit(pair.value, inner);
      }
    } else if (isSeq(node)) {
      node.items.forEach((item, index) => {
        add(item, [...path, index]);
        visit(item, [...path, index]);
      });
    }
  };
  visit(parseDocument(text, { lineCounter: counter, uniqueKeys: false }).contents, []);
  return places;
}
