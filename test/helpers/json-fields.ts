/** The fields of JSON results: where they are, and examples of their values. */

export interface FoundField {
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
  const values = new Map<string, unknown[]>();
  const visit = (place: string, value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(`${place}[]`, item);
    else if (typeof value === "object" && value !== null && hasFields(place, known)) {
      for (const [key, field] of Object.entries(value)) {
        const at = [place, anyKey(place, known) ?? key].filter((part) => part !== "").join(".");
        values.set(at, [...(values.get(at) ?? []), field]);
        visit(at, field);
      }
    }
  };
  for (const { format, ...result } of JSON.parse(JSON.stringify(results))) visit("", result);
  return new Map([...values].map(([place, all]) => [place, { example: exampleOf(all) }]));
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

function exampleOf(values: readonly unknown[]): string | undefined {
  const plain = values.filter((value) => value !== null && typeof value !== "object" && value !== "");
  const texts = plain.map((value) => JSON.stringify(value)).filter((text) => text.length <= MAX_EXAMPLE);
  return texts.sort((one, other) => one.length - other.length)[0];
}
