/** docs/topology.md is as `npm run generate` writes it, and what it says of files and errors is so. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it, test } from "vitest";
import { parse, stringify } from "yaml";
// @ts-expect-error: a script without types
import { keysOf, schemaCodes } from "../../scripts/topology-keys.mjs";
// @ts-expect-error: a script without types
import { findings, OF_LARGE_FILES, smallestFiles, topologyPage } from "../../scripts/topology-page.mjs";
import { formatProblem } from "../../src/document/format-problem.ts";
import { configErrors } from "../../src/errors/catalogue/config.ts";
import { loadTopology } from "../helpers/load-topology.ts";
import { modeNames } from "../helpers/mode-names.ts";

interface Schema {
  readonly [keyword: string]: unknown;
}

interface Key {
  readonly id: string;
  readonly name: string;
  readonly schema: Schema;
  readonly path: readonly (string | number)[];
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const schema = JSON.parse(readFileSync(`${root}/schemas/topology.schema.json`, "utf8"));
const keys: { all: readonly Key[]; idOf(path: readonly unknown[]): string | undefined; resolve(part: Schema): Schema } =
  keysOf(schema);
const files: ReadonlyMap<string, string> = smallestFiles(root);
const page = readFileSync(`${root}/docs/topology.md`, "utf8");

test("the page is up to date (npm run generate writes it)", () => {
  expect(page).toBe(topologyPage(root));
});

/** The codes of problems and warnings. */
function codesOf(text: string): readonly string[] {
  const { problems, warnings } = loadTopology(text, "input.yaml");
  return [...problems, ...warnings].map(({ code }) => code);
}

describe("the smallest file", () => {
  it("is there for each built-in mode, and has it", () => {
    expect([...files.keys()].sort()).toEqual(modeNames());
    for (const [mode, text] of files) expect(parse(text).services.web.mode).toBe(mode);
  });

  it.each([...files])("of %s is valid without a warning, and on the page", (_, text) => {
    expect(codesOf(text)).toEqual([]);
    expect(page).toContain(`\`\`\`yaml\n${text}\`\`\``);
  });

  it.each([...files])("of %s has nothing that could be left out", (_, text) => {
    const whole = parse(text);
    const needless = pathsIn(whole).filter((path) => codesOf(stringify(without(whole, path))).length === 0);
    expect(needless.map((path) => path.join("."))).toEqual([]);
  });

  it.each([...files.keys()].slice(1))("of dr becomes that of %s by the changed lines", (mode) => {
    const [, diff = ""] = new RegExp(`### From dr to ${mode}: .*\\n\\n\`{3}diff\\n([^\`]+)`).exec(page) ?? [];
    const lines = diff.trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(1);
    let text = files.get("dr") ?? "";
    for (let index = 0; index < lines.length; index += 2) {
      const [old, now] = lines.slice(index, index + 2).map((line) => `${line.slice(1)}\n`);
      expect(text.split(old ?? "")).toHaveLength(2);
      text = text.replace(old ?? "", () => now ?? "");
    }
    expect(codesOf(text)).toEqual([]);
    expect(parse(text)).toEqual(parse(files.get(mode) ?? ""));
  });

  it("of dr with only its mode changed is not one of nat", () => {
    expect(codesOf((files.get("dr") ?? "").replace("mode: dr", "mode: nat"))).not.toEqual([]);
  });
});

/** The path of each entry of each map and list. */
function pathsIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...pathsIn(inner, [...path, key])]);
}

function without(value: unknown, [key = "", ...rest]: readonly string[]): unknown {
  const entries = Object.entries(value as object).flatMap(([name, inner]) => {
    if (name !== key) return [[name, inner] as const];
    return rest.length === 0 ? [] : [[name, without(inner, rest)] as const];
  });
  return Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}

describe("a key", () => {
  it.each(keys.all.map((key) => [key.path.join("."), key] as const))("%s has a line of YAML", (_, { name, schema }) => {
    const rows = page.split("\n").filter((row) => row.startsWith(`| \`${name}\` |`));
    const lines = rows.map((row) => new RegExp(`\\| \`(${name}: [^\`]+)\` \\|`).exec(row)?.[1] ?? "");
    const [example] = schema["examples"] as readonly unknown[];
    expect(lines.map((line) => parse(line))).toContainEqual({ [name]: example });
  });

  const coded = keys.all.flatMap((key) =>
    [...new Set<string>(schemaCodes(key.schema, keys.resolve))].map((code) => [code, key.path.join("."), key] as const),
  );

  it.each(coded)("raises %s at %s", (code, _, key) => {
    const isRaised = (value: unknown) =>
      shownAt(key, value).some((found) => found.code === code && found.id === key.id);
    expect(wrong(key.schema, code).some(isRaised)).toBe(true);
  });

  it("raises no such code where nothing is wrong", () => {
    for (const key of keys.all) {
      const found = shownAt(key, (key.schema["examples"] as readonly unknown[])[0]);
      expect(
        found.filter(({ code }) => /01[345]$/.test(code)),
        key.id,
      ).toEqual([]);
    }
  });
});

/** What is reported, at which keys, where a key has this value in a file that is otherwise the smallest one. */
function shownAt({ path }: Key, value: unknown): readonly { code: string; id: string | undefined }[] {
  const text = stringify(
    withValue(
      parse(files.get("dr") ?? ""),
      path.map((step) => (typeof step === "string" && /^[A-Z]+$/.test(step) ? NAMES[step] : step) ?? step),
      value,
    ),
    { lineWidth: 0, version: "1.2" },
  );
  return reportedIn(text);
}

/** What is reported in a file, and at which keys. */
function reportedIn(text: string): readonly { code: string; id: string | undefined }[] {
  const { problems } = loadTopology(text, "input.yaml");
  const golden = problems.map(formatProblem).join("\n\n");
  return findings(golden, text).map(({ code, path: at }: { code: string; path: readonly unknown[] }) => ({
    code,
    id: keys.idOf(at),
  }));
}

const NAMES: Readonly<Record<string, string>> = {
  SERVICE: "web",
  HOST: "rs1",
  SEGMENT: "sw1",
  NAME: "net.core.somaxconn",
};

function withValue(tree: unknown, [step, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (step === undefined) return value;
  const inner = (tree as Record<string, unknown> | undefined)?.[step];
  if (typeof step === "number") return [withValue(inner, rest, value)];
  return { ...(typeof tree === "object" ? tree : {}), [step]: withValue(inner, rest, value) };
}

const MALFORMED = ["?", "a:b", "-x", "é", `${"x".repeat(300)}/`, "0.0.0.0.0"];

/** Longer lists and maps would take long, and what has such a bound has another one. */
const MANY = 1024;

/** Values that break the condition which a code stands for. */
function wrong(part: Schema, code: string): readonly unknown[] {
  const own: Schema = keys.resolve(part);
  if (own["properties"] !== undefined) return [];
  const [example] = (own["examples"] ?? ["a"]) as readonly unknown[];
  const number = (bound: string) => own[bound] as number;
  const broken: Readonly<Record<string, () => readonly unknown[]>> = {
    "LVS-CONFIG-013": () => ((own["enum"] ?? own["const"]) ? [typeof own["const"] === "number" ? 2 : "no-such"] : []),
    "LVS-CONFIG-014": () => [
      ...("minimum" in own ? [number("minimum") - 1] : []),
      ...("maximum" in own ? [number("maximum") + 1] : []),
      ...("minItems" in own ? [[]] : []),
      ...("minProperties" in own ? [{}] : []),
      ...("maxLength" in own ? ["a".repeat(number("maxLength") + 1)] : []),
      ...(number("maxItems") <= MANY ? [Array(number("maxItems") + 1).fill([example].flat()[0])] : []),
      ...(number("maxProperties") <= MANY ? [many(number("maxProperties") + 1, example)] : []),
    ],
    "LVS-CONFIG-015": () =>
      own["pattern"] ? MALFORMED.filter((text) => !new RegExp(`${own["pattern"]}`).test(text)) : [],
  };
  const here = broken[code]?.() ?? [];
  const inner = (one: unknown) => (typeof one === "object" ? wrong(one as Schema, code) : []);
  return [
    ...here,
    ...[...((own["oneOf"] ?? []) as Schema[]), ...((own["allOf"] ?? []) as Schema[])].flatMap(inner),
    ...inner(own["items"]).map((value) => [value]),
    ...inner(own["additionalProperties"]).map((value) => ({ [Object.keys(Object(example))[0] ?? "a"]: value })),
    ...inner(own["propertyNames"]).map((name) => ({ [String(name)]: Object.values(Object(example))[0] })),
  ];
}

function withServices(realServers: number, services: number, service: object): object {
  const named = (count: number, prefix: string, value: (index: number) => object) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, value(index)]));
  const address = (index: number) => `10.0.${Math.floor(index / 200)}.${(index % 200) + 10}/16`;
  const hosts = {
    lb: { role: "director", interfaces: { eth0: "10.0.0.2/16" } },
    ...named(realServers, "rs", (index) => ({ role: "real-server", interfaces: { eth0: address(index) } })),
  };
  const more = (index: number) => ("ports" in service ? {} : { port: 80 + index });
  return {
    version: 1,
    name: "large",
    hosts,
    services: named(services, "s", (index) => ({ ...service, ...more(index) })),
  };
}

function many(count: number, example: unknown): object {
  const [value] = Object.values(Object(example));
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, value]));
}

describe("an error", () => {
  it("of a topology file is at some key, or concerns the whole file", () => {
    const general = /^LVS-CONFIG-(00\d|010|011|012|071)$/;
    const unseen = Object.keys(configErrors).filter(
      (code) => !general.test(code) && !page.includes(`(errors.md#${code.toLowerCase()})`),
    );
    expect(unseen).toEqual([]);
  });

  it.each(Object.entries(OF_LARGE_FILES))("%s of a large file is raised at its keys", (code, ids) => {
    const ports = Array.from({ length: 32 }, (_, index) => 1000 + index);
    const vips = (count: number) => Array.from({ length: count }, (_, index) => `10.1.0.${index + 1}`);
    const large = [
      withServices(1001, 200, { mode: "dr", vip: "10.1.0.1" }),
      withServices(1, 16, { mode: "dr", vips: vips(31), ports }),
      withServices(1, 16, { mode: "dr", vips: vips(33), ports }),
    ];
    const found = large.flatMap((file) => reportedIn(stringify(file))).filter((one) => one.code === code);
    expect([...new Set(found.map(({ id }) => id))].sort()).toEqual(ids);
  });

  it("of a large file is not raised for a smaller one", () => {
    const found = reportedIn(stringify(withServices(10, 10, { mode: "dr", vip: "10.1.0.1" })));
    expect(found.filter(({ code }) => code in OF_LARGE_FILES)).toEqual([]);
  });

  it("is found at the key that is underlined, where a map begins with another", () => {
    const input = "hosts:\n  rs1:\n    role: x\n";
    const golden = (length: number, column = 3, line = 2) =>
      `input.yaml:${line}:${column}: LVS-CONFIG-047 T\n  M\n  ${line} | …\n    | ${"^".repeat(length)}\n`;
    expect(findings(golden(3), input)).toEqual([{ code: "LVS-CONFIG-047", path: ["hosts", "rs1"] }]);
    expect(findings(golden(4, 5, 3), input)).toEqual([{ code: "LVS-CONFIG-047", path: ["hosts", "rs1", "role"] }]);
    expect(findings(golden(1, 2), input)).toEqual([]);
  });
});
