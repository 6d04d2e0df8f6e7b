/** The fields of JSON results: where they are, their types, and examples of their values. */

export interface FoundField {
  readonly types: ReadonlySet<string>;
  /** Whether some objects lack it. */
  readonly isOptional: boolean;
  /** The shortest value seen, as JSON; undefined for lists, objects and long texts. */
  readonly example: string | undefined;
}

/** Longer texts are sentences, whose wording may change any day; the field's documented meaning says enough. */
const MAX_EXAMPLE = 44;

/**
 * The fields of results by location: `hosts.HOST[].action`. `known`: the documented locations. A part in capitals stands for
 * any key; an object or a list of objects with no documented field is taken as a whole.
 */
export function fieldsOf(results: readonly object[], known: readonly string[]): ReadonlyMap<string, FoundField> {
  const objects = new Map<string, number>();
  const values = new Map<string, unknown[]>();
  const visit = (place: string, value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(`${place}[]`, item);
    else if (typeof value === "object" && value !== null && hasFields(place, known)) {
      objects.set(place, (objects.get(place) ?? 0) + 1);
      for (const [key, field] of Object.entries(value)) {
        const at = [place, anyKey(place, known) ?? key].filter((part) => part !== "").join(".");
        values.set(at, [...(values.get(at) ?? []), field]);
        visit(at, field);
      }
    }
  };
  for (const { format, ...result } of JSON.parse(JSON.stringify(results))) visit("", result);
  return new Map(
    [...values].map(([place, all]) => {
      const parent = place.slice(0, Math.max(0, place.lastIndexOf(".")));
      const isOptional = anyKey(parent, known) === undefined && all.length < (objects.get(parent) ?? 0);
      return [place, { types: new Set(all.map(typeOf)), isOptional, example: exampleOf(all) }];
    }),
  );
}

function hasFields(place: string, known: readonly string[]): boolean {
  return place === "" || known.some((one) => one.startsWith(`${place}.`));
}

/** `HOST` if the keys of the object there are names. */
function anyKey(place: string, known: readonly string[]): string | undefined {
  const start = place === "" ? "" : `${place}.`;
  const keys = known.flatMap((one) => (one.startsWith(start) ? (/^[A-Z]+\b/.exec(one.slice(start.length)) ?? []) : []));
  return keys[0];
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  return typeof value === "boolean" ? "true or false" : typeof value;
}

function exampleOf(values: readonly unknown[]): string | undefined {
  const plain = values.filter((value) => value !== null && typeof value !== "object" && value !== "");
  const texts = plain.map((value) => JSON.stringify(value)).filter((text) => text.length <= MAX_EXAMPLE);
  return texts.sort((one, other) => one.length - other.length)[0];
}
