/**
 * Checks what a step writes under `with` against its resource kind's schema: when the playbook loads, with holes in place of
 * expressions, and again with their values. It supports the part of JSON Schema that resource kinds use (`schemaKeywords`);
 * a general validator has no notion of holes, and compiling one would slow down every command.
 */
import type { SchemaMistake } from "../document/schema-problem.ts";
import { elementType } from "./topology-model.ts";

/** Stands for the value of an expression that is not known yet; only its type in the expression language is. */
export class Hole {
  readonly type: string;

  constructor(type: string) {
    this.type = type;
  }
}

/** The JSON Schema keywords that resource kinds may use. */
export const schemaKeywords = [
  "type",
  "description",
  "default",
  "properties",
  "required",
  "additionalProperties",
  "items",
  "enum",
  "minimum",
  "maximum",
  "minLength",
  "maxLength",
  "pattern",
  "minItems",
  "maxItems",
] as const;

/** The part of JSON Schema that `checkWritten` supports. */
export type Schema = { readonly [K in (typeof schemaKeywords)[number]]?: unknown };
type Keyword = (typeof schemaKeywords)[number];

/** The mistakes that the schema finds in a value; `path` is the location of the value in the document. */
export function checkWritten(schema: Schema, value: unknown, path: SchemaMistake["path"]): readonly SchemaMistake[] {
  const check = new Check(path);
  check.value(schema, value);
  return check.mistakes;
}

/** One check. It runs for every resource of every host, so it allocates only if something is wrong. */
class Check {
  readonly mistakes: SchemaMistake[] = [];
  readonly #path: (string | number)[];

  constructor(path: SchemaMistake["path"]) {
    this.#path = [...path];
  }

  value(schema: Schema, value: unknown): void {
    if (schema.type !== undefined && !hasType(value, schema.type)) {
      this.#report(schema, value, "type", { type: schema.type });
      return;
    }
    if (value instanceof Hole) return;
    this.#choice(schema, value);
    if (typeof value === "number") this.#range(schema, value, value, "minimum", "maximum");
    else if (typeof value === "string") this.#text(schema, value);
    else if (Array.isArray(value)) this.#list(schema, value);
    else if (typeof value === "object" && value !== null) this.#map(schema, value);
  }

  #choice(schema: Schema, value: unknown): void {
    const values = schema.enum as readonly unknown[] | undefined;
    if (values !== undefined && !values.includes(value)) {
      this.#report(schema, value, "enum", { allowedValues: values });
    }
  }

  #text(schema: Schema, text: string): void {
    this.#range(schema, text, text.length, "minLength", "maxLength");
    const { pattern } = schema;
    if (typeof pattern === "string" && !patternOf(pattern).test(text))
      this.#report(schema, text, "pattern", { pattern });
  }

  #list(schema: Schema, list: readonly unknown[]): void {
    this.#range(schema, list, list.length, "minItems", "maxItems");
    const items = schema.items as Schema | undefined;
    if (items !== undefined) for (const [index, item] of list.entries()) this.#inside(index, items, item);
  }

  #map(schema: Schema, map: object): void {
    const known = (schema.properties ?? {}) as Readonly<Record<string, Schema>>;
    for (const name of (schema.required ?? []) as readonly string[]) {
      if (!Object.hasOwn(map, name)) this.#report(schema, map, "required", { missingProperty: name });
    }
    for (const [name, member] of Object.entries(map)) {
      const property = Object.hasOwn(known, name) ? known[name] : undefined;
      if (property !== undefined) this.#inside(name, property, member);
      else if (schema.additionalProperties === false) {
        this.#report(schema, map, "additionalProperties", { additionalProperty: name });
      }
    }
  }

  #inside(step: string | number, schema: Schema, value: unknown): void {
    this.#path.push(step);
    this.value(schema, value);
    this.#path.pop();
  }

  #range(schema: Schema, value: unknown, size: number, least: Keyword, most: Keyword): void {
    const low = schema[least];
    const high = schema[most];
    if (typeof low === "number" && size < low) this.#report(schema, value, least, { limit: low });
    if (typeof high === "number" && size > high) this.#report(schema, value, most, { limit: high });
  }

  #report(schema: Schema, data: unknown, keyword: Keyword, params: Readonly<Record<string, unknown>>): void {
    const path = [...this.#path];
    const instancePath = path.map((step) => `/${step}`).join("");
    const error = {
      keyword,
      params,
      schema: schema[keyword],
      parentSchema: schema,
      data,
      instancePath,
      schemaPath: "",
    };
    this.mistakes.push({ path, error });
  }
}

const patterns = new Map<string, RegExp>();

function patternOf(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? new RegExp(pattern, "u");
  patterns.set(pattern, known);
  return known;
}

function hasType(value: unknown, wanted: unknown): boolean {
  const types = jsonTypes(value);
  if (types === undefined) return true;
  return Array.isArray(wanted) ? wanted.some((type) => types.includes(type)) : types.includes(String(wanted));
}

/** A type of the expression language in readable form: `a whole number`. */
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

/** The JSON types of a value, `integer` and `number` for a whole number; undefined if not known yet. */
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
