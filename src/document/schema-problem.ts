/** Describes each kind of mistake that a schema can find. */
import type { ErrorObject } from "ajv";
import type { ErrorCode } from "../errors/catalogue.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { nearest } from "./nearest.ts";
import type { LocatedDocument, Path } from "./parse-document.ts";
import { showValue, showYaml } from "./show-value.ts";

/** A mistake and the path of the value (for an unknown or missing key, of the map) that it concerns. */
export interface SchemaMistake {
  readonly path: readonly (string | number)[];
  readonly error: ErrorObject;
}

/** The parts of a schema that are written for people; messages use them. */
interface SchemaTexts {
  readonly title?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, SchemaTexts>>;
}

interface Words {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly path?: Path;
  readonly what?: "key" | "value";
}

/** A schema mistake as a problem at the wrong key or value: LVS-CONFIG-010 to 015. `hint`: in place of the schema's own. */
export function schemaProblem({ path, error }: SchemaMistake, document: LocatedDocument, hint?: string): LvsctlError {
  const words = describe(path, error);
  const at = document.locate(words.path ?? path, words.what ?? "value");
  return new LvsctlError(words.code, words.message, { hint: hint ?? words.hint, at });
}

function describe(path: Path, error: ErrorObject): Words {
  const schema: SchemaTexts & Readonly<Record<string, unknown>> = error.parentSchema ?? {};
  const name = subject(path);
  switch (error.keyword) {
    case "additionalProperties":
      return unknownKey(path, String(error.params["additionalProperty"]), schema, error.data);
    case "required":
      return missingKey(path, String(error.params["missingProperty"]), schema);
    case "oneOf":
    case "anyOf":
      return error.params["types"] === undefined
        ? notAllowed(path, name, error, schema)
        : wrongType(path, name, error, schema);
    case "type":
      return wrongType(path, name, error, schema);
    case "enum":
    case "const":
      return notAllowed(path, name, error, schema);
    case "pattern":
    case "format":
      return malformed(path, error, schema);
    default:
      return outOfBounds(path, name, error, schema);
  }
}

/** `written`: the map that holds the key. What is there already cannot be meant. */
function unknownKey(path: Path, key: string, schema: SchemaTexts, written: unknown): Words {
  const isPresent = (one: string) => typeof written === "object" && written !== null && Object.hasOwn(written, one);
  const known = Object.keys(schema.properties ?? {});
  const similar = nearest(
    key,
    known.filter((one) => !isPresent(one)),
  );
  const among = known.length === 0 ? "No key is allowed here." : `Keys that are known here: ${known.join(", ")}.`;
  return {
    code: "LVS-CONFIG-010",
    message: `${showValue(key)} is not a key of ${owner(path, schema)}.`,
    hint: similar === undefined ? among : `Did you mean "${similar}"? ${among}`,
    path: [...path, key],
    what: "key",
  };
}

function missingKey(path: Path, key: string, schema: SchemaTexts): Words {
  return {
    code: "LVS-CONFIG-011",
    message: `"${key}" is missing in ${owner(path, schema)}.`,
    hint: add(key, schema.properties?.[key] ?? {}),
    what: "key",
  };
}

function wrongType(path: Path, name: string, error: ErrorObject, schema: SchemaTexts): Words {
  const types = [error.params["types"] ?? error.params["type"]].flat().map(String);
  const wanted = [...new Set(types.map((type) => NAMES[type] ?? type))].join(" or ");
  const number = types.some((type) => /^(integer|number)$/.test(type))
    ? /^\s*(\d+)\s*$/.exec(String(error.data))
    : null;
  const isText = types.length === 1 && types[0] === "string";
  const isName = isText && Number.isSafeInteger(error.data) && typeof path.at(-1) === "string";
  return {
    code: "LVS-CONFIG-012",
    message: `${name} must be ${wanted}, and this is ${typeOf(error.data)}.`,
    hint:
      number === null || typeof error.data !== "string"
        ? `${isName ? `A text of digits alone has quotes: \`${setting(path, String(error.data))}\`. ` : ""}${write(path, wanted, schema)}`
        : `A number has no quotes: \`${setting(path, Number(number[1]))}\`.`,
  };
}

function notAllowed(path: Path, name: string, error: ErrorObject, schema: SchemaTexts): Words {
  const values: readonly unknown[] = error.params["allowedValues"] ?? [error.params["allowedValue"]];
  const similar = typeof error.data === "string" ? nearest(error.data, values.map(String)) : undefined;
  const possible = `Possible: ${values.map(String).join(", ")}.`;
  const other = values.find((value) => value !== error.data && String(value) === String(error.data));
  return {
    code: "LVS-CONFIG-013",
    message: `${showValue(error.data)} is not a valid value of ${name}.${schema.description === undefined ? "" : ` ${schema.description}`}`,
    hint:
      other === undefined
        ? similar === undefined
          ? possible
          : `Did you mean "${similar}"? ${possible}`
        : inItsKind(path, other),
  };
}

/** A number that has quotes, or a text that needs them. */
function inItsKind(path: Path, value: unknown): string {
  const rule = typeof value === "number" ? "A number has no quotes" : "This is a text, and needs quotes";
  return `${rule}: \`${setting(path, value)}\`.`;
}

function malformed(path: Path, error: ErrorObject, schema: SchemaTexts): Words {
  const { propertyName } = error;
  const value = propertyName ?? error.data;
  const kind = schema.title === undefined ? undefined : article(schema.title);
  const bare = withoutSpaces(value, error.params["pattern"]);
  return {
    code: "LVS-CONFIG-015",
    message: `${showValue(value)} cannot be ${kind ?? "used here"}.`,
    hint:
      bare === undefined
        ? write(propertyName === undefined ? path : [], kind ?? "another text", schema)
        : `Delete the spaces around it: \`${propertyName === undefined ? setting(path, bare) : showYaml(bare)}\`.`,
    ...(propertyName === undefined ? {} : { path: [...path, propertyName], what: "key" }),
  };
}

/** The text that is meant, if nothing but spaces around it is wrong. */
function withoutSpaces(value: unknown, pattern: unknown): string | undefined {
  const bare = typeof value === "string" ? value.trim() : undefined;
  return bare !== value && typeof pattern === "string" && new RegExp(pattern, "u").test(bare ?? "") ? bare : undefined;
}

function outOfBounds(path: Path, name: string, error: ErrorObject, schema: SchemaTexts): Words {
  const limit = String(error.params["limit"]);
  const shown = showValue(error.propertyName ?? error.data);
  const messages: Readonly<Record<string, string>> = {
    minimum: `${name} is ${shown}; the least is ${limit}.`,
    maximum: `${name} is ${shown}; the most is ${limit}.`,
    exclusiveMinimum: `${name} is ${shown}; it has to be more than ${limit}.`,
    exclusiveMaximum: `${name} is ${shown}; it has to be less than ${limit}.`,
    minLength: `${shown} is too short; ${limit} characters are the least.`,
    maxLength: `${shown} is too long; ${limit} characters are the most.`,
    minItems: `${name} needs at least ${limit} ${limit === "1" ? "entry" : "entries"}.`,
    maxItems: `${name} has more than ${limit} entries.`,
    minProperties: `${name} needs at least ${limit} ${limit === "1" ? "entry" : "entries"}.`,
    maxProperties: `${name} has more than ${limit} entries.`,
    uniqueItems: `${name} has the same entry twice.`,
  };
  return {
    code: "LVS-CONFIG-014",
    message: messages[error.keyword] ?? `${shown} is not a valid value of ${name}.`,
    hint: write(error.propertyName === undefined ? path : [], within(error, schema), schema),
    ...(error.propertyName === undefined ? {} : { path: [...path, error.propertyName], what: "key" }),
  };
}

/** What a value within its bounds is. */
function within({ keyword, params }: ErrorObject, { minimum, maximum }: SchemaTexts): string {
  const limit = Number(params["limit"]);
  if (keyword === "minItems" || keyword === "minProperties")
    return `at least ${limit === 1 ? "one entry" : `${limit} entries`}`;
  if (keyword === "maxItems" || keyword === "maxProperties") return `at most ${limit} entries`;
  if (keyword === "uniqueItems") return "each entry once";
  if (keyword === "minLength") return `at least ${limit} characters`;
  if (keyword === "maxLength") return `at most ${limit} characters`;
  if (keyword === "multipleOf" || (minimum === undefined && maximum === undefined)) return "another value";
  if (minimum === undefined) return `a number of at most ${maximum}`;
  return maximum === undefined ? `a number of at least ${minimum}` : `a number from ${minimum} to ${maximum}`;
}

/** What to write, with the schema's example, and what it is for: `Write a number from 1 to 9, such as \`port: 8\`. The port.` */
function write(path: Path, what: string, { description, examples: [example] = [] }: SchemaTexts): string {
  const such = example === undefined ? "" : `, such as \`${setting(path, example)}\``;
  return `Write ${what}${such}.${description === undefined ? "" : ` ${description}`}`;
}

function add(key: string, { description, examples: [example] = [] }: SchemaTexts): string {
  const what = example === undefined ? `\`${key}\`` : `\`${setting([key], example)}\`, for example`;
  return `Add ${what}.${description === undefined ? "" : ` ${description}`}`;
}

/** A value at its place: `port: 80`; alone in a list. */
export function setting(path: Path, value: unknown): string {
  const key = path.at(-1);
  return typeof key === "string" ? `${showYaml(key)}: ${showYaml(value)}` : showYaml(value);
}

function subject(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return "The document";
  return typeof last === "number" ? `Entry ${last + 1} of "${path.at(-2) ?? "the list"}"` : `"${last}"`;
}

function owner(path: Path, schema: SchemaTexts): string {
  const name = path.findLast((step) => typeof step === "string");
  const kind = schema.title?.toLowerCase();
  if (typeof path.at(-1) === "number") return `${kind === undefined ? "an entry" : article(kind)} in "${name}"`;
  if (name === undefined) return kind === undefined ? "the document" : `the ${kind}`;
  return kind === undefined || kind === name ? `"${name}"` : `the ${kind} "${name}"`;
}

function article(title: string): string {
  const noun = /^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
  return `${/^([aeiou]|IP|LVS|RS|IPv)/.test(noun) ? "an" : "a"} ${noun}`;
}

const NAMES: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  null: "nothing",
};

function typeOf(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  return typeof value === "boolean"
    ? `${value} (true or false)`
    : `the ${typeof value === "string" ? "text" : "number"} ${showValue(value)}`;
}
