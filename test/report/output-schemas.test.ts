/** schemas/output has a JSON Schema for each output format, and what commands print is as it says. */
import { beforeAll, describe, expect, it, test } from "vitest";
// @ts-expect-error: a script without types
import * as script from "../../scripts/output-schemas.mjs";
import type { JsonResult } from "../../src/report/json.ts";
import { mistakesIn, type OutputSchema, outputSchemas } from "../helpers/checked-json.ts";
import { jsonResults } from "../helpers/json-results.ts";

const breaks: (before: OutputSchema, after: OutputSchema) => readonly string[] = script.breaks;
const formats = [...outputSchemas.keys()];

let results: readonly JsonResult[];

beforeAll(async () => {
  results = JSON.parse(JSON.stringify(await jsonResults()));
});

test("every format has a schema, and every schema a format", () => {
  expect([...formats].sort()).toEqual([...new Set(results.map(({ format }) => format))].sort());
});

describe.each(formats)("%s", (format) => {
  const own = () => results.filter((result) => result.format === format);
  const required = outputSchemas.get(format)?.["required"] as readonly string[];

  it("has results that are as its schema says, without another field", () => {
    expect(own().flatMap((result) => mistakesIn(result))).toEqual([]);
  });

  it.each(required)("is not without %s, nor with another name for it", (field) => {
    for (const result of own()) {
      const { [field]: value, ...without } = result;
      const named = { format, ...without };
      if (field !== "format") expect(mistakesIn(named).join()).toContain(`required property '${field}'`);
      const renamed = { ...named, [`${field}2`]: value };
      expect(mistakesIn(renamed).join()).toContain(`${field}2`);
    }
  });

  it("may get fields, which readers leave alone and these tests do not", () => {
    for (const result of own()) {
      expect(mistakesIn({ ...result, news: 1 }, { isReader: true })).toEqual([]);
      expect(mistakesIn({ ...result, news: 1 }).join()).toContain('"additionalProperty":"news"');
    }
  });
});

test("a field deep inside that is missing, has another name or another type is found", () => {
  const [plan] = results.filter(({ format }) => format === "lvsctl.plan/1");
  const text = JSON.stringify(plan);
  for (const [from, to] of [
    ['"reason":"missing",', ""],
    ['"reason":"missing"', '"cause":"missing"'],
    ['"adopts":false', '"adopts":"no"'],
    ['"since":"2026-05-04T12:00:00.000Z"', '"since":null'],
  ] as const) {
    expect(text).toContain(from);
    expect(mistakesIn(JSON.parse(text.replace(from, to))), `${from} → ${to}`).not.toEqual([]);
  }
});

test("an apply holds a plan and a verification that are as their own schemas say", () => {
  const [apply] = results.filter(({ format }) => format === "lvsctl.apply/1");
  const text = JSON.stringify(apply);
  expect(text).toContain('"summary":{"create":1');
  expect(mistakesIn(JSON.parse(text.replace('"create":1', '"created":1')))).not.toEqual([]);
});

describe("a new schema", () => {
  const before: OutputSchema = {
    type: "object",
    required: ["ok"],
    properties: { ok: { type: "boolean" }, hosts: { type: "array", items: { type: "object", properties: { a: {} } } } },
  };

  it("breaks nothing with more fields, and with other words", () => {
    const properties = { ...before.properties, ok: { type: "boolean", description: "New." }, more: { type: "string" } };
    expect(breaks(before, { ...before, properties })).toEqual([]);
  });

  it.each([
    ["hosts is gone", { properties: { ok: { type: "boolean" } } }],
    ["ok can be absent", { required: [] }],
    ["ok has another type", { properties: { ...before.properties, ok: { type: ["boolean", "null"] } } }],
    [
      "hosts[].a is gone",
      { properties: { ...before.properties, hosts: { type: "array", items: { type: "object" } } } },
    ],
  ])("breaks what reads it: %s", (broken, change) => {
    expect(breaks(before, { ...before, ...change })).toEqual([broken]);
  });
});
