/** The fields of JSON results: where they are, and examples of their values. */

export interface FoundField {
  /**
   * The shortest value seen, as JSON; undefined for lists, objects and long texts. Where there is a `code`, it and the fields
   * beside it are those of one object.
   */
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
  const coded = new Map<string, object[]>();
  const visit = (place: string, value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(`${place}[]`, item);
    else if (typeof value === "object" && value !== null && hasFields(place, known)) {
      if ("code" in value) coded.set(place, [...(coded.get(place) ?? []), value]);
      for (const [key, field] of Object.entries(value)) {
        const at = [place, anyKey(place, known) ?? key].filter((part) => part !== "").join(".");
        values.set(at, [...(values.get(at) ?? []), field]);
        visit(at, field);
      }
    }
  };
  for (const { format, ...result } of JSON.parse(JSON.stringify(results))) visit("", result);
  const chosen = new Map([...coded].map(([place, all]) => [place, withMostExamples(all)]));
  return new Map(
    [...values].map(([place, all]) => {
      const [, parent = "", key = ""] = /^(.*)\.([^.]+)$/.exec(place) ?? [];
      const one = chosen.get(parent);
      return [place, { example: exampleOf(one === undefined ? all : [Reflect.get(one, key)]) }];
    }),
  );
}

function withMostExamples(all: readonly object[]): object | undefined {
  const count = (one: object) => Object.values(one).filter((value) => exampleOf([value]) !== undefined).length;
  return all.toSorted((one, other) => count(other) - count(one))[0];
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
  const plain = values.filter(
    (value) => value !== undefined && value !== null && typeof value !== "object" && value !== "",
  );
  const texts = plain.map((value) => JSON.stringify(value)).filter((text) => text.length <= MAX_EXAMPLE);
  return texts.sort((one, other) => one.length - other.length)[0];
}
