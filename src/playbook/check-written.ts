/**
 * Checks what a step writes under `with` against its resource kind's schema: when the playbook loads, with holes where
 * expressions stand, and again with their values. It understands the part of JSON Schema that resource kinds use
 * (`schemaKeywords`); a general validator knows no holes, and compiling one would cost every command its time.
 */
import type { SchemaMistake } from "../document/validate-schema.ts";
import { elementType } from "./topology-model.ts";

/** Stands for the value of an expression that is not known yet, only its type in the expression language's words. */
export class Hole {
  readonly type: string;

  constructor(type: string) {
    this.type = type;
  }
}

/** The JSON Schema keywords that resource kinds may use. */
export const schemaKeywords = [
  "type",
  "title",
  "description",
  "examples",
  "default",
  "properties",
  "required",
  "additionalProperties",
  "items",
  "enum",
  "const",
  "minimum",
  "maximum",
  "minLength",
  "maxLength",
  "pattern",
  "minItems",
  "maxItems",
  "oneOf",
  "anyOf",
  "not",
] as const;

export type Schema = { readonly [K in (typeof schemaKeywords)[number]]?: unknown };
type Path = SchemaMistake["path"];
type Keyword = (typeof schemaKeywords)[number];

interface Subject {
  readonly schema: Schema;
  readonly value: unknown;
  readonly path: Path;
}

/** What the schema finds wrong in a value; `path` is where the value stands in the document. */
export function checkWritten(schema: Schema, value: unknown, path: Path): readonly SchemaMistake[] {
  const subject = { schema, value, path };
  const wrongType = checkType(subject);
  if (wrongType.length > 0) return wrongType;
  const general = [...checkUnions(subject), ...checkChoice(subject)];
  if (value instanceof Hole) return general;
  if (Array.isArray(value)) return [...general, ...checkList(subject, value)];
  if (isObject(value)) return [...general, ...checkObject(subject, value)];
  return [...general, ...checkScalar(subject)];
}

function checkType(subject: Subject): readonly SchemaMistake[] {
  const wanted = subject.schema.type;
  if (wanted === undefined) return [];
  const types = Array.isArray(wanted) ? wanted : [wanted];
  const actual = jsonTypes(subject.value);
  return actual === undefined || types.some((type) => actual.includes(type))
    ? []
    : [mistake(subject, "type", { type: wanted })];
}

/** A type of the expression language in words for people: `a whole number`. */
export function nameType(type: string): string {
  const names: Readonly<Record<string, string>> = {
    string: "a text",
    integer: "a whole number",
    number: "a number",
    boolean: "true or false",
    array: "a list",
    object: "a map",
    null: "nothing",
  };
  return names[typesOfHole(type)?.[0] ?? ""] ?? "something";
}

/** The JSON types that a value has, `integer` and `number` for a whole number; undefined where that is not known yet. */
function jsonTypes(value: unknown): readonly string[] | undefined {
  if (value instanceof Hole) return typesOfHole(value.type);
  if (value === null) return ["null"];
  if (Array.isArray(value)) return ["array"];
  if (typeof value === "number") return Number.isInteger(value) ? ["integer", "number"] : ["number"];
  return [typeof value];
}

function typesOfHole(type: string): readonly string[] | undefined {
  const inner = /^optional<(.+)>$/.exec(type)?.[1];
  if (inner !== undefined) return typesOfHole(inner);
  const simple: Readonly<Record<string, readonly string[]>> = {
    string: ["string"],
    int: ["integer", "number"],
    double: ["number"],
    bool: ["boolean"],
    null: ["null"],
  };
  if (type === "dyn" || type === "optional") return undefined;
  if (elementType(type) !== undefined) return ["array"];
  return simple[type] ?? ["object"];
}

function checkUnions(subject: Subject): readonly SchemaMistake[] {
  const { schema, value, path } = subject;
  const holds = (branch: Schema): boolean => checkWritten(branch, value, path).length === 0;
  const found: SchemaMistake[] = [];
  for (const keyword of ["oneOf", "anyOf"] as const) {
    const branches = schema[keyword] as readonly Schema[] | undefined;
    if (branches !== undefined && !branches.some(holds)) found.push(mistake(subject, keyword, {}));
  }
  if (schema.not !== undefined && holds(schema.not as Schema)) found.push(mistake(subject, "not", {}));
  return found;
}

function checkChoice(subject: Subject): readonly SchemaMistake[] {
  const { schema, value } = subject;
  if (value instanceof Hole) return [];
  const values = schema.enum as readonly unknown[] | undefined;
  if (values !== undefined && !values.includes(value)) return [mistake(subject, "enum", { allowedValues: values })];
  if (schema.const !== undefined && schema.const !== value) {
    return [mistake(subject, "const", { allowedValue: schema.const })];
  }
  return [];
}

function checkScalar(subject: Subject): readonly SchemaMistake[] {
  const { schema, value } = subject;
  if (typeof value === "number") return checkRange(subject, value, "minimum", "maximum");
  if (typeof value !== "string") return [];
  const { pattern } = schema;
  const found = checkRange(subject, value.length, "minLength", "maxLength");
  return typeof pattern === "string" && !new RegExp(pattern, "u").test(value)
    ? [...found, mistake(subject, "pattern", { pattern })]
    : found;
}

function checkRange(subject: Subject, size: number, least: Keyword, most: Keyword): readonly SchemaMistake[] {
  const low = subject.schema[least];
  const high = subject.schema[most];
  if (typeof low === "number" && size < low) return [mistake(subject, least, { limit: low })];
  if (typeof high === "number" && size > high) return [mistake(subject, most, { limit: high })];
  return [];
}

function checkList(subject: Subject, list: readonly unknown[]): readonly SchemaMistake[] {
  const { schema, path } = subject;
  const items = schema.items as Schema | undefined;
  const inside = items === undefined ? [] : list.flatMap((item, index) => checkWritten(items, item, [...path, index]));
  return [...checkRange(subject, list.length, "minItems", "maxItems"), ...inside];
}

function checkObject(subject: Subject, object: Readonly<Record<string, unknown>>): readonly SchemaMistake[] {
  const { schema, path } = subject;
  const known = (schema.properties ?? {}) as Readonly<Record<string, Schema>>;
  const required = (schema.required ?? []) as readonly string[];
  const missing = required
    .filter((name) => !Object.hasOwn(object, name))
    .map((name) => mistake(subject, "required", { missingProperty: name }));
  const members = Object.entries(object).flatMap(([name, member]) => {
    const property = Object.hasOwn(known, name) ? known[name] : undefined;
    if (property !== undefined) return checkWritten(property, member, [...path, name]);
    return schema.additionalProperties === false
      ? [mistake(subject, "additionalProperties", { additionalProperty: name })]
      : [];
  });
  return [...missing, ...members];
}

function mistake(subject: Subject, keyword: Keyword, params: Readonly<Record<string, unknown>>): SchemaMistake {
  const { schema, value, path } = subject;
  const error = {
    keyword,
    params,
    schema: schema[keyword],
    parentSchema: schema,
    data: value,
    instancePath: path.map((step) => `/${step}`).join(""),
    schemaPath: keyword,
  };
  return { path, error };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
