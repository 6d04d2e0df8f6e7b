/** Results for machines, checked against the published schema of their format; a field that it does not name is a mistake, too. */
import { readdirSync, readFileSync } from "node:fs";
import { Ajv } from "ajv";

/** A part of a schema as `npm run generate` writes it. */
export interface OutputSchema {
  readonly $id?: string;
  readonly title?: string;
  readonly properties?: Readonly<Record<string, OutputSchema>>;
  readonly [keyword: string]: unknown;
}

const folder = new URL("../../schemas/output/", import.meta.url);

/** The published schemas, by format: `lvsctl.plan/1`. */
export const outputSchemas: ReadonlyMap<string, OutputSchema> = new Map(
  readdirSync(folder).map((name) => {
    const schema: OutputSchema = JSON.parse(readFileSync(new URL(name, folder), "utf8"));
    return [schema.title ?? "", schema];
  }),
);

const strict = ajvFor([...outputSchemas.values()].map(closed));
const published = ajvFor([...outputSchemas.values()]);

function ajvFor(schemas: readonly OutputSchema[]): Ajv {
  const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
  for (const schema of schemas) ajv.addSchema(schema);
  return ajv;
}

/** The schema without room for other fields. */
function closed(schema: OutputSchema): OutputSchema {
  const inner = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inner);
    return typeof value === "object" && value !== null ? closed(value as OutputSchema) : value;
  };
  const parts = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, inner(value)]));
  return schema["type"] === "object" && schema.properties !== undefined
    ? { ...parts, additionalProperties: false }
    : parts;
}

interface Result {
  readonly format: string;
  readonly [field: string]: unknown;
}

/** What of a result's JSON is not as its schema says; with `isReader`, as a reader sees it who leaves unknown fields alone. */
export function mistakesIn(result: Result, { isReader = false } = {}): readonly string[] {
  const id = outputSchemas.get(result.format)?.$id;
  if (id === undefined) return [`${result.format} has no schema`];
  const ajv = isReader ? published : strict;
  ajv.validate(id, JSON.parse(JSON.stringify(result)));
  return (ajv.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

/** The result itself. Throws if its JSON is not as its schema says. */
export function checked<R extends Result>(result: R): R {
  const mistakes = mistakesIn(result);
  if (mistakes.length > 0) throw new Error(`${result.format}: ${mistakes.join("; ")}`);
  return result;
}

/** What a command has printed as JSON. Throws as `checked`. */
export function checkedJson(stdout: string) {
  return checked(JSON.parse(stdout));
}

/** What a published schema says of a field, at a place as docs/json.md names it: `hosts.HOST[].action`. */
export function schemaAt(
  format: string,
  place: string,
): { readonly types: readonly string[]; readonly isOptional: boolean } {
  let schema: OutputSchema = outputSchemas.get(format) ?? {};
  let isOptional = false;
  for (const step of place.replaceAll("[]", ".[]").split(".")) {
    const field = schema.properties?.[step];
    const required = (schema["required"] ?? []) as readonly string[];
    isOptional = field !== undefined && !required.includes(step);
    schema = field ?? ((step === "[]" ? schema["items"] : schema["additionalProperties"]) as OutputSchema);
  }
  const parts = (schema["anyOf"] ?? [schema]) as readonly OutputSchema[];
  const types = parts.flatMap((part) =>
    "$ref" in part ? ["object"] : [part["type"] ?? "anything"].flat().map(inWords),
  );
  return { types, isOptional };
}

function inWords(type: unknown): string {
  if (type === "array") return "list";
  return type === "boolean" ? "true or false" : String(type);
}
