import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parseDocument } from "../../src/document/parse-document.ts";
import { validateSchema } from "../../src/document/validate-schema.ts";

const validate = new Ajv({ allErrors: true, verbose: true, strictTypes: false, allowUnionTypes: true }).compile({
  title: "Play",
  type: "object",
  additionalProperties: false,
  required: ["name"],
  properties: {
    name: { type: "string", title: "Name", description: "What it is called.", pattern: "^[a-z]+$", examples: ["one"] },
    size: { type: "integer", minimum: 1, maximum: 9, multipleOf: 2 },
    tags: { type: "array", items: { type: "string" }, minItems: 1, maxItems: 2, uniqueItems: true },
    text: { type: "string", minLength: 2, maxLength: 4 },
    kind: { enum: ["red", "green", 3] },
    where: {
      description: "A place.",
      oneOf: [
        { type: "string", pattern: "^/" },
        { type: "array", items: { type: "string" } },
        {
          type: "object",
          title: "Place",
          additionalProperties: false,
          required: ["x"],
          properties: { x: { type: "integer" } },
        },
      ],
    },
    mode: {
      description: "A way.",
      anyOf: [
        { type: "string", enum: ["fast", "slow"] },
        { type: "string", pattern: "^\\./" },
      ],
    },
    map: {
      type: "object",
      propertyNames: { title: "Key", pattern: "^k" },
      minProperties: 1,
      additionalProperties: { type: "boolean" },
    },
    when: JSON.parse(
      '{ "type": "object", "if": { "properties": { "a": { "const": 1 } } }, "then": { "required": ["b"] } }',
    ),
  },
});

/** Each problem as `line:column code message | hint`. */
function problems(text: string): string[] {
  const document = parseDocument(text, "f.yaml");
  return validateSchema(validate, document).map(({ code, message, details: { at, hint } }) =>
    [`${at?.line}:${at?.column}`, code.slice(-3), message, "|", hint].join(" "),
  );
}

describe("one problem a mistake, in our words", () => {
  it.each([
    ["name: a\nsize: 2", []],
    [
      "sice: 2\nname: a",
      [
        '1:1 010 "sice" is not a key of the play. | Did you mean "size"? Keys that are known here: name, size, tags, text, kind, where, mode, map, when.',
      ],
    ],
    ["size: 2", ['1:1 011 "name" is missing in the play. | Add `name: one`, for example. What it is called.']],
    [
      "name: 5",
      [
        '1:7 012 "name" must be a text, and this is the number 5. | A text of digits alone has quotes: `name: "5"`. Write a text, such as `name: one`. What it is called.',
      ],
    ],
    [
      "name: ",
      ['1:7 012 "name" must be a text, and this is empty. | Write a text, such as `name: one`. What it is called.'],
    ],
    ["name: A", ['1:7 015 "A" cannot be a name. | Write a name, such as `name: one`. What it is called.']],
    ["name: ' one '", ['1:7 015 " one " cannot be a name. | Delete the spaces around it: `name: one`.']],
    [
      "{ name: a, size: '4 ' }",
      ['1:18 012 "size" must be a whole number, and this is the text "4 ". | A number has no quotes: `size: 4`.'],
    ],
    ["{ name: a, size: 0 }", ['1:18 014 "size" is 0; the least is 1. | Write a number from 1 to 9.']],
    ["{ name: a, size: 10 }", ['1:18 014 "size" is 10; the most is 9. | Write a number from 1 to 9.']],
    ["{ name: a, size: 3 }", ['1:18 014 3 is not a valid value of "size". | Write another value.']],
    ["{ name: a, tags: [] }", ['1:18 014 "tags" needs at least 1 entry. | Write at least one entry.']],
    ["{ name: a, tags: [b, b] }", ['1:18 014 "tags" has the same entry twice. | Write each entry once.']],
    [
      "{ name: a, tags: [b, 7] }",
      ['1:22 012 Entry 2 of "tags" must be a text, and this is the number 7. | Write a text.'],
    ],
    ["{ name: a, text: b }", ['1:18 014 "b" is too short; 2 characters are the least. | Write at least 2 characters.']],
    [
      "{ name: a, text: bcdef }",
      ['1:18 014 "bcdef" is too long; 4 characters are the most. | Write at most 4 characters.'],
    ],
    [
      "{ name: a, kind: gren }",
      ['1:18 013 "gren" is not a valid value of "kind". | Did you mean "green"? Possible: red, green, 3.'],
    ],
    [
      "{ name: a, where: 5 }",
      [
        '1:19 012 "where" must be a text or a list or a map, and this is the number 5. | Write a text or a list or a map. A place.',
      ],
    ],
    ["{ name: a, where: b }", ['1:19 015 "b" cannot be used here. | Write another text.']],
    [
      "{ name: a, where: [1] }",
      ['1:20 012 Entry 1 of "where" must be a text, and this is the number 1. | Write a text.'],
    ],
    [
      "{ name: a, where: { y: 1, z: 2 } }",
      [
        '1:12 011 "x" is missing in the place "where". | Add `x`.',
        '1:21 010 "y" is not a key of the place "where". | Did you mean "x"? Keys that are known here: x.',
        '1:27 010 "z" is not a key of the place "where". | Did you mean "x"? Keys that are known here: x.',
      ],
    ],
    [
      "{ name: a, mode: fas }",
      ['1:18 013 "fas" is not a valid value of "mode". A way. | Did you mean "fast"? Possible: fast, slow.'],
    ],
    ["{ name: a, mode: 1 }", ['1:18 012 "mode" must be a text, and this is the number 1. | Write a text. A way.']],
    [
      "{ name: a, map: { k1: 1, b: true } }",
      [
        '1:23 012 "k1" must be true or false, and this is the number 1. | Write true or false.',
        '1:26 015 "b" cannot be a key. | Write a key.',
      ].toReversed(),
    ],
    ["{ name: a, map: {} }", ['1:17 014 "map" needs at least 1 entry. | Write at least one entry.']],
    ["{ name: a, when: { a: 1 } }", ['1:12 011 "b" is missing in "when". | Add `b`.']],
    ["5", ["1:1 012 The document must be a map, and this is the number 5. | Write a map."]],
  ])("%j", (text, expected) => {
    expect(problems(text).toSorted()).toEqual([...expected].toSorted());
  });

  it("says nothing more about what YAML could not give a value", () => {
    expect(problems("name: *nobody")).toEqual([]);
  });
});
