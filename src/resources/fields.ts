/** Comparing states field by field. */
import type { State } from "./resource.ts";

/** Which of these fields differ. Values are compared as JSON; the order of properties does not matter. */
export function differingFields<S extends State>(
  actual: S,
  desired: S,
  names: readonly (keyof S & string)[],
): readonly string[] {
  return names.filter((name) => canonicalJson(actual[name]) !== canonicalJson(desired[name]));
}

function canonicalJson(value: unknown): string | undefined {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}
