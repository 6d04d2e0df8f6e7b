/**
 * Writes the names of the built-in modes into schemas/topology.schema.json, so that editors suggest them, and generates the
 * types for expressions. Then generates, from each schemas/<name>.schema.json, the TypeScript types and the compiled
 * validator in src/<name>/generated/; and from the types of results, the schemas of what `--format json` prints, in
 * schemas/output; and docs/topology.md. All of it is checked in; running this again changes nothing unless something has
 * changed that it is made of.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import standaloneCode from "ajv/dist/standalone/index.js";
import { compile } from "json-schema-to-typescript";
import { parse } from "yaml";
import { modelTypes } from "./model-types.mjs";
import { breaks, outputSchemas } from "./output-schemas.mjs";
import { topologyPage } from "./topology-page.mjs";

const root = new URL("..", import.meta.url).pathname;
const suffix = ".schema.json";

/** Properties of the topology schema that only some modes use, and how a mode's traits say so. */
const meanings = [
  ...["arp", "tunnel", "mssClamp", "masquerade", "localAddresses"].map((setting) => [
    "service",
    setting,
    ({ settings }) => settings?.[setting] !== undefined,
  ]),
  ["synproxy", "on", ({ answeredBy }) => answeredBy === "director"],
  ["realServer", "port", ({ mapsPorts }) => mapsPorts === true],
];

nameModes();
writeFileSync(join(root, "src/playbook/generated/model-fields.ts"), modelTypes(root));
for (const file of readdirSync(join(root, "schemas"))
  .filter((name) => name.endsWith(suffix))
  .sort()) {
  await generate(file.slice(0, -suffix.length), JSON.parse(readFileSync(join(root, "schemas", file), "utf8")));
}
writeOutputSchemas();
writeFileSync(join(root, "docs/topology.md"), topologyPage(root));

async function generate(name, schema) {
  const folder = join(root, "src", name, "generated");
  const note = `Generated from schemas/${name}${suffix} by scripts/generate.mjs. Change the schema, then run \`npm run generate\`.`;
  mkdirSync(folder, { recursive: true });
  const write = (file, content) => writeFileSync(join(folder, file), content);
  write(`${name}-file.ts`, await types(schema, `${name}-file`, note));
  write(`validate-${name}.mjs`, validator(schema, exportName(name), note));
  write(`validate-${name}.d.mts`, declaration(exportName(name), note));
}

/**
 * What editors say about modes: their names, in the order of `Playbooks.builtIn()` (modes that require no setting first, then
 * by name), and behind `Built-in modes…:` in the description of a property those whose traits give it a meaning.
 */
function nameModes() {
  const playbooks = readdirSync(join(root, "playbooks"))
    .map((name) => parse(readFileSync(join(root, "playbooks", name), "utf8")))
    .filter(({ kind }) => kind === "mode")
    .sort((one, other) => requiredSettings(one) - requiredSettings(other) || (one.playbook < other.playbook ? -1 : 1));
  const modes = playbooks.map(({ playbook }) => playbook);
  const path = join(root, "schemas", "topology.schema.json");
  const text = readFileSync(path, "utf8");
  const { definitions } = JSON.parse(text);
  const { description, examples } = definitions.service.properties.mode;
  const inline = (value) => JSON.stringify(value).replaceAll('","', '", "');
  const names = modes.map((mode) => `\`${mode}\``).join(", ");
  const described = `How packets reach the real servers: ${names}, or the path of a playbook of your own, beginning with \`./\`, \`../\` or \`/\`.`;
  let named = text
    .replace(inline(description), () => inline(described))
    .replace(inline(examples), () => inline([...modes, "./my-mode.yaml"]));
  for (const [definition, property, hasMeaning] of meanings) {
    const before = definitions[definition].properties[property].description;
    const meant = playbooks.filter(({ traits = {} }) => hasMeaning(traits)).map(({ playbook }) => `\`${playbook}\``);
    const after = before.replace(/(?<=Built-in modes[^:]*: ).*(?=\.$)/, () => meant.join(", ") || "none");
    named = named.replace(JSON.stringify(before), () => JSON.stringify(after));
  }
  if (named !== text) writeFileSync(path, named);
}

function requiredSettings({ traits }) {
  return Object.values(traits?.settings ?? {}).filter((use) => use === "required").length;
}

/** Refuses a schema with which a program that reads the old one's output could fail: that takes a new number. */
function writeOutputSchemas() {
  const folder = join(root, "schemas/output");
  const described = parse(readFileSync(join(root, "test/fixtures/json/fields.yaml"), "utf8"));
  mkdirSync(folder, { recursive: true });
  for (const [name, schema] of outputSchemas(root, described)) {
    const path = join(folder, name);
    const broken = existsSync(path) ? breaks(JSON.parse(readFileSync(path, "utf8")), schema) : [];
    if (broken.length > 0)
      throw new Error(
        `${name}: ${broken.join(", ")}. Programs that read ${schema.title} could fail: give the format the next number. If no release has had it, delete the file.`,
      );
    writeFileSync(path, `${JSON.stringify(schema, undefined, 2)}\n`);
  }
}

function exportName(name) {
  return `validate${name[0].toUpperCase()}${name.slice(1)}`;
}

async function types(schema, name, note) {
  return compile(withNamesOnlyForDefinitions(schema), name, {
    additionalProperties: false,
    bannerComment: `/** ${note} */`,
    format: true,
    ignoreMinAndMaxItems: true,
    unreachableDefinitions: false,
    style: { printWidth: 120 },
  });
}

/** Removes the titles of single properties, each of which would become a type of its own, and `x-…` keys. */
function withNamesOnlyForDefinitions(schema) {
  const untitled = (value) => {
    if (Array.isArray(value)) return value.map(untitled);
    if (typeof value !== "object" || value === null) return value;
    const { title, examples, patternProperties, ...rest } = value;
    const kept = typeof title === "string" ? rest : { title, ...rest };
    return Object.fromEntries(
      Object.entries(kept).flatMap(([key, part]) => (part === undefined ? [] : [[key, untitled(part)]])),
    );
  };
  const definitions = Object.entries(schema.definitions ?? {}).map(([key, definition]) => [
    key,
    { ...untitled(definition), title: key[0].toUpperCase() + key.slice(1) },
  ]);
  return { ...untitled(schema), title: schema.title, definitions: Object.fromEntries(definitions) };
}

/** An ES module without runtime dependencies: `unicode: false` and plain patterns keep ajv's own helpers out of it. */
function validator(schema, name, note) {
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    strict: true,
    allowUnionTypes: true,
    strictTypes: false,
    strictRequired: false,
    unicode: false,
    logger: false,
    code: { source: true, esm: true, lines: true },
  });
  const id = schema.$id ?? name;
  ajv.addSchema(schema, id);
  const code = standaloneCode(ajv, { [name]: id });
  if (code.includes("require("))
    throw new Error(`${name}: the validator needs a helper of ajv's; say it otherwise in the schema`);
  return `// ${note}\n${code.replace('"use strict";', "").trim()}\n`;
}

function declaration(name, note) {
  return `// ${note}
import type { SchemaValidator } from "../../document/validate-schema.ts";

export declare const ${name}: SchemaValidator;
`;
}
