/**
 * The topology as expressions see it: the type of every field, so that a misspelt one is found when a playbook loads, and
 * the topology's values as instances of these types. Whole numbers are BigInt in expressions; only this file converts them,
 * in both directions.
 */

import { modelFields } from "./generated/model-fields.ts";

/** Every type of the model by name, with its fields and their types in the expression language: `list<RealServer>`. */
export const modelTypes: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map(Object.entries(modelFields));

/** The element type of a list, `list<RealServer>` → `RealServer`; undefined if the type is not a list. */
export function elementType(type: string): string | undefined {
  if (type === "list") return "dyn";
  return /^list<(.+)>$/.exec(type)?.[1];
}

/** The class of each type: the expression language recognises a value's type by its constructor. */
export const modelClasses: ReadonlyMap<string, new () => object> = new Map(
  [...modelTypes.keys()].map((name) => [name, class {}]),
);

const converted = new WeakMap<object, object>();

/** Part of the topology as a value of the given type. Each object is converted only once. */
export function toModel(value: unknown, type: string): unknown {
  if (type === "int") return BigInt(value as number);
  const element = elementType(type);
  const fields = modelTypes.get(type);
  if (typeof value !== "object" || value === null || (element === undefined && fields === undefined)) return value;
  const known = converted.get(value);
  if (known !== undefined) return known;
  const made = fields === undefined ? toList(value, element ?? "dyn") : toInstance(value, type, fields);
  converted.set(value, made);
  return made;
}

/**
 * The result of an expression as plain JSON. Throws a RangeError for what JSON cannot represent: bytes, unsigned integers,
 * types, and whole numbers beyond 2^53.
 */
export function fromModel(value: unknown): unknown {
  if (typeof value === "bigint") return safeNumber(value);
  if (Array.isArray(value)) return value.map(fromModel);
  if (value === null || typeof value !== "object") return value;
  if (!isPlain(value)) throw new RangeError("the result is neither text, a number, true or false, a list nor a map");
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(entries.map(([name, member]) => [String(name), fromModel(member)]));
}

const instanceClasses: ReadonlySet<unknown> = new Set([...modelClasses.values(), Object, Map]);

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || instanceClasses.has((prototype as object).constructor);
}

function safeNumber(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`the number ${value} is too large`);
  return number;
}

function toList(value: object, element: string): readonly unknown[] {
  return (value as readonly unknown[]).map((member) => toModel(member, element));
}

function toInstance(value: object, type: string, fields: Readonly<Record<string, string>>): object {
  const instance = new (modelClasses.get(type) ?? Object)() as Record<string, unknown>;
  for (const [name, fieldType] of Object.entries(fields)) {
    const member = (value as Readonly<Record<string, unknown>>)[name];
    if (member !== undefined) instance[name] = toModel(member, fieldType);
  }
  return instance;
}
