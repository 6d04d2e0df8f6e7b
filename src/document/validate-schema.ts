/**
 * Checks a document against a JSON Schema and explains the mistakes in our own words.
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

/** Every mistake that the schema finds in the document, as problems: LVS-CONFIG-010 to 015. */
export function validateSchema(validate: SchemaValidator, document: LocatedDocument): readonly LvsctlError[] {
  return toProblems(findSchemaMistakes(validate, document.value), document);
}

/** The mistakes themselves, for callers that go on with the parts that are right. */
export function findSchemaMistakes(validate: SchemaValidator, value: unknown): readonly SchemaMistake[] {
  if (validate(value)) return [];
  return realErrors(validate.errors ?? []).map((error) => ({ path: toPath(error.instancePath, value), error }));
}

/**
 * Mistakes as problems. `hintFor` can give one a better hint than the schema has. One that an alias repeats is reported once, and none is reported where the document has a problem of
 * its own that explains the missing value.
 */
export function toProblems(
  mistakes: readonly SchemaMistake[],
  document: LocatedDocument,
  hintFor: (mistake: SchemaMistake) => string | undefined = () => undefined,
): readonly LvsctlError[] {
  const problems = new Map<string, LvsctlError>();
  const placeOf = ({ details: { at } }: LvsctlError) => `${at?.line}:${at?.column}`;
  const unreadable = new Set(document.problems.map(placeOf));
  for (const mistake of mistakes) {
    const problem = schemaProblem(mistake, document, hintFor(mistake));
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
