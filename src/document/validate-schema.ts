/**
 * Checks a document against a JSON Schema and says in our own words what is wrong.
 * Unions (`oneOf`, `anyOf`) are understood where their branches differ by JSON type; validators must be compiled with
 * `allErrors` and `verbose`.
 */
import type { ErrorObject } from "ajv";
import type { LvsctlError } from "../errors/lvsctl-error.ts";
import type { LocatedDocument } from "./parse-document.ts";
import { realErrors } from "./real-errors.ts";
import { type SchemaMistake, schemaProblem } from "./schema-problem.ts";

/** A compiled JSON Schema, as ajv makes it. */
export interface SchemaValidator {
  (value: unknown): boolean;
  errors?: readonly ErrorObject[] | null;
}

/** Everything that the schema finds wrong in the document, one problem a mistake, codes LVS-CONFIG-010 to 015. */
export function validateSchema(validate: SchemaValidator, document: LocatedDocument): readonly LvsctlError[] {
  return toProblems(findSchemaMistakes(validate, document.value), document);
}

/** The mistakes themselves, for a caller that goes on with what is right. */
export function findSchemaMistakes(validate: SchemaValidator, value: unknown): readonly SchemaMistake[] {
  if (validate(value)) return [];
  return realErrors(validate.errors ?? []).map((error) => ({ path: toPath(error.instancePath, value), error }));
}

/**
 * Mistakes as problems: each once, where an anchor brings one to several places, and none where the document's own
 * problems say why there is no value.
 */
export function toProblems(mistakes: readonly SchemaMistake[], document: LocatedDocument): readonly LvsctlError[] {
  const problems = new Map<string, LvsctlError>();
  const placeOf = ({ details: { at } }: LvsctlError) => `${at?.line}:${at?.column}`;
  const unreadable = new Set(document.problems.map(placeOf));
  for (const mistake of mistakes) {
    const problem = schemaProblem(mistake, document);
    const identity = `${placeOf(problem)} ${problem.code} ${problem.message}`;
    if (!unreadable.has(placeOf(problem)) && !problems.has(identity)) problems.set(identity, problem);
  }
  return [...problems.values()];
}

/** A JSON pointer as a path; list indices become numbers. */
function toPath(pointer: string, root: unknown): (string | number)[] {
  let value = root;
  return pointer
    .split("/")
    .slice(1)
    .map((part) => {
      const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
      const step = Array.isArray(value) ? Number(name) : name;
      value = typeof value === "object" && value !== null ? Reflect.get(value, step) : undefined;
      return step;
    });
}
