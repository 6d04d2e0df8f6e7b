/**
 * The JSON Schema of each output format, from the type of the function in src/report that makes it (`planToJson`) and from the
 * meaning of its fields in test/fixtures/json/fields.yaml. A schema allows fields that it does not name: later versions add some.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const { TypeFlags } = ts;

/** Each command adds it to its own result; a result within another has none. */
const SECONDS = { description: "How long the command took, without the time of questions.", type: "number" };

/**
 * The schemas by file name: `plan-1.schema.json` for `lvsctl.plan/1`. `described`: the content of fields.yaml. Throws for a
 * type that JSON cannot hold, and for a described field that no type has.
 */
export function outputSchemas(root, described) {
  const folder = join(root, "src/report");
  const files = readdirSync(folder).map((name) => join(folder, name));
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram(files, options);
  const checker = program.getTypeChecker();
  const schemas = new Map();
  for (const file of files) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(file));
    for (const made of module === undefined ? [] : checker.getExportsOfModule(module)) {
      const [signature] = checker.getTypeOfSymbol(made).getCallSignatures();
      const type = signature?.getReturnType();
      const format = type && formatOf(type, checker);
      if (format === undefined) continue;
      const { what, command, fields } = described[format] ?? { fields: {} };
      const places = new Map(Object.entries(fields));
      const reader = new TypeReader(checker, places);
      const { properties, ...rest } = reader.object(type, "");
      const undescribed = [...places.keys()].filter((place) => !reader.seen.has(place));
      if (undescribed.length > 0)
        throw new Error(`${format} has no ${undescribed.join(", ")}, which fields.yaml describes.`);
      schemas.set(fileOf(format), {
        $schema: "http://json-schema.org/draft-07/schema#",
        $id: fileOf(format),
        title: format,
        description: `\`lvsctl ${command} --format json\`: ${what}.`,
        ...rest,
        properties: { ...properties, format: { const: format }, seconds: SECONDS },
      });
    }
  }
  return schemas;
}

/**
 * What a program that reads the old schema's output could miss in the new one's, by place: a field that is gone, that can now
 * be absent, or whose type is another one.
 */
export function breaks(before, after, place = "") {
  const at = (key) => (place === "" ? key : `${place}.${key}`);
  const kept = Object.entries(before.properties ?? {}).flatMap(([key, old]) => {
    const now = after.properties?.[key];
    return now === undefined ? [`${at(key)} is gone`] : breaks(old, now, at(key));
  });
  const optional = (before.required ?? [])
    .filter((key) => after.properties?.[key] !== undefined && !after.required?.includes(key))
    .map((key) => `${at(key)} can be absent`);
  const inner = ["items", "additionalProperties"].flatMap((part) =>
    before[part] && after[part] ? breaks(before[part], after[part], `${place}[]`) : [],
  );
  const shape = ({ type, $ref, anyOf, const: value }) =>
    JSON.stringify({ type, $ref, value, anyOf: anyOf?.map(shape) });
  return [...(shape(before) === shape(after) ? [] : [`${place} has another type`]), ...kept, ...optional, ...inner];
}

class TypeReader {
  seen = new Set();

  constructor(checker, places) {
    this.checker = checker;
    this.places = places;
  }

  /** The schema of a value, at a place as fields.yaml names it. */
  read(type, place) {
    const parts = (type.isUnion() ? type.types : [type]).filter(({ flags }) => !(flags & TypeFlags.Undefined));
    const schemas = merged(parts.map((part) => this.one(part, place)));
    const [schema = {}] = schemas;
    const description = this.places.get(place);
    this.seen.add(place);
    return {
      ...(description === undefined ? {} : { description: sentence(description) }),
      ...(schemas.length <= 1 ? schema : joined(schemas)),
    };
  }

  one(type, place) {
    const { flags } = type;
    // `unknown ?? null` has the type `{} | null`.
    if (flags & TypeFlags.Unknown || this.checker.typeToString(type) === "{}") return {};
    if (flags & TypeFlags.Null) return { type: "null" };
    if (flags & TypeFlags.BooleanLike) return { type: "boolean" };
    if (flags & TypeFlags.NumberLike) return { type: "number" };
    if (flags & (TypeFlags.StringLike | TypeFlags.TemplateLiteral)) return { type: "string" };
    if (flags & TypeFlags.NonPrimitive) return { type: "object" };
    const name = this.checker.typeToString(type);
    if (
      !(flags & (TypeFlags.Object | TypeFlags.Intersection)) ||
      type.getCallSignatures().length > 0 ||
      /^(Readonly)?(Map|Set)</.test(name)
    )
      throw new Error(`${place} is ${name}, which JSON cannot hold.`);
    const format = place === "" ? undefined : formatOf(type, this.checker);
    if (format !== undefined) return { $ref: fileOf(format) };
    if (!this.checker.isArrayType(type)) return this.object(type, place);
    const [item] = this.checker.getTypeArguments(type);
    return { type: "array", items: this.read(item, `${place}[]`) };
  }

  object(type, place) {
    const any = this.checker.getIndexTypeOfType(type, ts.IndexKind.String);
    if (any !== undefined) {
      const values =
        any.flags & TypeFlags.Unknown
          ? {}
          : { additionalProperties: this.read(any, this.inside(place, this.anyKey(place))) };
      return { type: "object", ...values };
    }
    const fields = this.checker.getPropertiesOfType(type).map((field) => {
      const of = this.checker.getTypeOfSymbol(field);
      const canBeAbsent =
        field.flags & ts.SymbolFlags.Optional ||
        (of.isUnion() ? of.types : [of]).some(({ flags }) => flags & TypeFlags.Undefined);
      return { name: field.name, isRequired: !canBeAbsent, schema: this.read(of, this.inside(place, field.name)) };
    });
    return {
      type: "object",
      required: fields.filter(({ isRequired }) => isRequired).map(({ name }) => name),
      properties: Object.fromEntries(fields.map(({ name, schema }) => [name, schema])),
    };
  }

  inside(place, key) {
    return place === "" ? key : `${place}.${key}`;
  }

  /** What fields.yaml calls the keys of a map: `HOST`. */
  anyKey(place) {
    const start = this.inside(place, "");
    const keys = [...this.places.keys()].flatMap((one) =>
      one.startsWith(start) ? (/^[A-Z]+\b/.exec(one.slice(start.length)) ?? []) : [],
    );
    return keys[0] ?? "NAME";
  }
}

/** Without what is there twice, as from the texts of a union. */
function merged(schemas) {
  return [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];
}

/** Several plain types as one list; else as alternatives. */
function joined(schemas) {
  if (schemas.some((schema) => Object.keys(schema).length === 0)) return {};
  const isPlain = (schema) => Object.keys(schema).join() === "type";
  const plain = schemas.filter(isPlain).map(({ type }) => type);
  const rest = schemas.filter((schema) => !isPlain(schema));
  if (rest.length === 0) return { type: plain.sort() };
  const [only] = rest;
  if (rest.length === 1 && typeof only.type === "string") return { ...only, type: [only.type, ...plain.sort()] };
  return { anyOf: [...rest, ...plain.map((type) => ({ type }))] };
}

function formatOf(type, checker) {
  const format = type.getProperty("format");
  const value = format && checker.getTypeOfSymbol(format);
  return value?.isStringLiteral() && /^lvsctl\.[a-z]+\/\d+$/.test(value.value) ? value.value : undefined;
}

function fileOf(format) {
  return `${format.replace("lvsctl.", "").replace("/", "-")}.schema.json`;
}

function sentence(text) {
  return `${text.replace(/^[a-z]/, (first) => first.toUpperCase())}.`;
}
