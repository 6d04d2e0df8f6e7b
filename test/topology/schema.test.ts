import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";

interface Schema {
  readonly title?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly $ref?: string;
}

const schema: Schema = JSON.parse(readFileSync(new URL("../../schemas/topology.schema.json", import.meta.url), "utf8"));
const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, strictTypes: false });
ajv.addSchema(schema, "topology");

/** Every definition and every property in it, by JSON pointer. */
const parts = [
  ...Object.entries(schema.properties ?? {}).map(([key, part]) => [`#/properties/${key}`, part] as const),
  ...Object.entries(schema.definitions ?? {}).flatMap(([name, definition]) => [
    [`#/definitions/${name}`, definition] as const,
    ...Object.entries(definition.properties ?? {}).map(
      ([key, part]) => [`#/definitions/${name}/properties/${key}`, part] as const,
    ),
  ]),
].filter(([, part]) => part.$ref === undefined);

describe("the published schema", () => {
  it.each(parts)("explains %s with a title, a description and examples that are right", (pointer, part) => {
    expect(part.title).toMatch(/^\S.*\S$/);
    expect(part.description).toMatch(/^[A-Z`].*\.$/);
    expect(part.examples?.length).toBeGreaterThan(0);
    for (const example of part.examples ?? []) {
      expect(ajv.validate({ $ref: `topology${pointer}` }, example), JSON.stringify(example)).toBe(true);
    }
  });

  it("is draft-07, which editors understand", () => {
    expect(schema).toMatchObject({ $schema: "http://json-schema.org/draft-07/schema#" });
  });
});
