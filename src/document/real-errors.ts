/** Finds the actual mistakes among all that a JSON Schema validator reports. */
import type { ErrorObject } from "ajv";

const UNIONS = new Set(["oneOf", "anyOf"]);
const FRAMES = new Set(["if", "propertyNames", "not"]);

/**
 * Drops the errors that only follow from another one: those of a union's other branches, and those of the values around it.
 * If a union's own error is kept, its `params` have the `types` or the `allowedValues` of its branches.
 */
export function realErrors(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const inner = new Set<string>();
  const groups = new Map<string, ErrorObject[]>();
  for (const error of errors) {
    if (FRAMES.has(error.keyword)) continue;
    for (let end = error.instancePath.lastIndexOf("/"); end >= 0; end = error.instancePath.lastIndexOf("/", end - 1)) {
      const above = error.instancePath.slice(0, end);
      if (inner.has(above) || end === 0) break;
      inner.add(above);
    }
    const key = `${error.instancePath}\0${error.propertyName ?? ""}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [error]);
    else group.push(error);
  }
  return [...groups.values()].flatMap((group) => realErrorsOf(group, inner));
}

/** The same for the errors of one value. `inner`: the paths of values that have errors further inside. */
function realErrorsOf(group: readonly ErrorObject[], inner: ReadonlySet<string>): readonly ErrorObject[] {
  const union = group.find(({ keyword }) => UNIONS.has(keyword));
  const wrongTypes = group.filter(({ keyword }) => keyword === "type");
  const others = group.filter(
    (error) => error.keyword !== "type" && !UNIONS.has(error.keyword) && !isOfOtherType(error),
  );
  if (union === undefined) return wrongTypes.length > 0 ? wrongTypes.slice(0, 1) : group;

  const isOneOfSeveral = others.length > 1 && typeof union.data !== "object";
  if (isOneOfSeveral) {
    const allowedValues = others.flatMap(({ params }) => params["allowedValues"] ?? []);
    return [{ ...union, params: { ...union.params, allowedValues } }];
  }
  if (others.length > 0 || inner.has(union.instancePath)) return others;
  return [{ ...union, params: { ...union.params, types: wrongTypes.flatMap(({ params }) => params["type"]) } }];
}

/** An enumeration without any value of this type: its error would be no help. */
function isOfOtherType({ keyword, params, data }: ErrorObject): boolean {
  if (keyword !== "enum") return false;
  const allowedValues: readonly unknown[] = params["allowedValues"];
  return !allowedValues.some((value) => typeof value === typeof data);
}
