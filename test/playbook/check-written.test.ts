/** The small schema checker agrees with a full one on everything that resource kinds say. */
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { checkWritten, Hole, type Schema, schemaKeywords } from "../../src/playbook/check-written.ts";
import { kinds } from "../../src/resources/kinds.ts";

const schema: Schema = {
  type: "object",
  required: ["name"],
  additionalProperties: false,
  properties: {
    name: { type: "string", minLength: 1, maxLength: 5, pattern: "^[a-z]*$" },
    port: { type: ["integer", "null"], minimum: 1, maximum: 10 },
    tags: { type: "array", minItems: 1, maxItems: 2, items: { type: "string" } },
    mode: { enum: ["dr", 4, null] },
    either: { type: ["string", "object"], pattern: "^x$", required: ["a"], properties: { a: { type: "number" } } },
    some: { type: ["integer", "boolean"] },
  },
};

const values: readonly unknown[] = [
  { name: "a" },
  {},
  [],
  null,
  "text",
  { name: "" },
  { name: "abcdef" },
  { name: "A" },
  { name: 1 },
  { name: "a", port: 0 },
  { name: "a", port: 11 },
  { name: "a", port: 1.5 },
  { name: "a", port: null },
  { name: "a", port: "1" },
  { name: "a", tags: [] },
  { name: "a", tags: ["a", 1] },
  { name: "a", tags: ["a", "b", "c"] },
  { name: "a", mode: "tun" },
  { name: "a", mode: 4 },
  { name: "a", mode: null },
  { name: "a", either: "x" },
  { name: "a", either: "y" },
  { name: "a", either: {} },
  { name: "a", either: { a: 1.5 } },
  { name: "a", either: 1 },
  { name: "a", some: true },
  { name: "a", some: "x" },
  { name: "a", unknown: 1 },
  { name: "a", toString: 1 },
];

describe("a written value", () => {
  const validate = new Ajv({ strict: false }).compile(schema);

  test.each(values)("%j", (value) => {
    expect(checkWritten(schema, value, []).length === 0).toBe(validate(value));
  });

  test("that is not known yet is held against its type alone", () => {
    const found = (properties: object) =>
      checkWritten(schema, { name: "a", ...properties }, []).map(({ path }) => path);
    expect(found({ name: new Hole("string"), port: new Hole("int"), tags: new Hole("list<string>") })).toEqual([]);
    expect(found({ port: new Hole("optional<int>"), mode: new Hole("int"), either: new Hole("dyn") })).toEqual([]);
    expect(found({ name: new Hole("int"), port: new Hole("string"), tags: new Hole("Service") })).toEqual([
      ["name"],
      ["port"],
      ["tags"],
    ]);
    expect(found({ either: new Hole("bool"), some: new Hole("string") })).toEqual([["either"], ["some"]]);
  });
});

describe("the schema of a resource kind", () => {
  test.each([...kinds])("%s uses only keywords that are checked", (_, kind) => {
    expect(
      [...keywordsOf(kind.schema)].filter((name) => !(schemaKeywords as readonly string[]).includes(name)),
    ).toEqual([]);
  });

  test.each([...kinds])("%s describes every property", (_, kind) => {
    const { properties } = kind.schema as { readonly properties: Readonly<Record<string, { description?: string }>> };
    expect(Object.keys(properties).filter((name) => properties[name]?.description === undefined)).toEqual([]);
  });
});

function keywordsOf(part: object): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [name, value] of Object.entries(part)) {
    found.add(name);
    for (const inner of schemasIn(name, value)) for (const keyword of keywordsOf(inner)) found.add(keyword);
  }
  return found;
}

function schemasIn(keyword: string, value: unknown): readonly object[] {
  if (keyword === "properties") return Object.values(value as Record<string, object>);
  return keyword === "items" ? [value as object] : [];
}
