/** What holds for every kind, tried on all cases under test/fixtures/resources/. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import { kinds } from "../../src/resources/kinds.ts";
import { inverse, observedAfter, type ResourceKind, type State } from "../../src/resources/resource.ts";
import { isReadOnly } from "../../src/transport/guard.ts";
import type { ResourceCase } from "./resource-case.ts";

const root = new URL("../fixtures/resources/", import.meta.url);
const context = { topology: "web-lab", host: "dr" };

function statesOf(kind: ResourceKind): readonly State[] {
  return readdirSync(new URL(`${kind.kind}/`, root)).flatMap((file) => {
    const given = parse(readFileSync(new URL(`${kind.kind}/${file}`, root), "utf8")) as ResourceCase;
    try {
      return [...given.written, ...(given.gone ?? [])].flatMap((written) => kind.resolve(written, context));
    } catch (error) {
      if (error instanceof LvsctlError) return [];
      throw error;
    }
  });
}

/** Every schema in a schema: its own, its properties', its items'. */
function* schemasIn(schema: unknown): Generator<Record<string, unknown>> {
  if (typeof schema !== "object" || schema === null) return;
  const { properties, items } = schema as { properties?: Record<string, unknown>; items?: unknown };
  yield schema as Record<string, unknown>;
  for (const property of Object.values(properties ?? {})) yield* schemasIn(property);
  yield* schemasIn(items);
}

const KINDS = [...kinds.keys()].join("|");
const WITH_HYPHEN = [...kinds.keys()].filter((name) => name.includes("-")).join("|");
/** How code would name a kind. A word such as "address" also stands for other things, so it depends on what is around it. */
const NAMED = [
  new RegExp(`"(${WITH_HYPHEN})"`),
  new RegExp(`\\bkind(:| [!=]==) "(${KINDS})"|"(${KINDS})" [!=]== [^;]*\\bkind\\b`),
  new RegExp(`\\b[kK]inds?\\??\\.(get|has)\\("(${KINDS})"\\)|\\bcase "(${KINDS})":`),
  new RegExp(`new (Set|Map)(<[^(]*>)?\\(\\[\\[?"(${KINDS})"|"(${KINDS})"\\]\\.includes\\(`),
  new RegExp(`\\["(${KINDS})"(,\\s*"(${KINDS})")+,?\\s*\\]`),
];
const CAST = / as [A-Z][A-Za-z]+State\b/;

const resources = new URL("../../src/resources/", import.meta.url);
/** The variables that hold a kind, as `kinds.ts` imports them. */
const VARIABLES = [...readFileSync(new URL("kinds.ts", resources), "utf8").matchAll(/^ {2}register\((\w+)\),$/gm)].map(
  ([, name]) => name ?? "",
);

/** Where code outside of src/resources names a kind, or takes a state for that of one. */
function namings(text: string): readonly string[] {
  const imports = [...text.matchAll(/^import \{([^}]*)\} from "[^"]*\/resources\/[^"]*";$/gm)];
  const words = imports.flatMap(([, list = ""]) => list.split(",").map((word) => word.trim()));
  const used = words
    .map((word) => word.split(" as "))
    .filter(([name = ""]) => VARIABLES.includes(name))
    .map(([name = "", local = name]) => local);
  const patterns = [
    ...NAMED,
    CAST,
    ...used.map((name) => new RegExp(`\\b${name}\\.kind\\b|\\{ kind\\b[^}]*\\} = ${name}\\b`)),
  ];
  const found = patterns.flatMap((pattern) => [...text.matchAll(new RegExp(pattern, "g"))].map(([match]) => match));
  const typed = used.filter((name) => !new RegExp(`\\b(isOf|allOf|observedOf|resourceOf)\\(${name}\\b`).test(text));
  return [
    ...found,
    ...typed.map((name) => `${name} is imported, and not used with isOf, allOf, observedOf or resourceOf`),
  ];
}

test("nothing outside of src/resources names a kind, or takes a state for that of one", () => {
  const source = new URL("../../src/", import.meta.url);
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !/^resources\/|\/generated\//.test(file),
  );
  expect(files.length).toBeGreaterThan(200);
  expect(VARIABLES).toHaveLength(kinds.size);
  expect(
    files.flatMap((file) => namings(readFileSync(new URL(file, source), "utf8")).map((what) => `${file}: ${what}`)),
  ).toEqual([]);
});

const SYSCTL = 'import { sysctl } from "../resources/sysctl.ts";\n';
test.each([
  'kind: "sysctl"',
  'entry.kind === "route"',
  'if ("file" === entry.kind) return;',
  'kinds.get("sysctl")',
  'new Set(["address", "route"])',
  'new Set(["address"])',
  'const both = ["address", "route"];',
  '["tunnel"].includes(kind)',
  'case "responder":',
  '"web-server"',
  "state as RouteState",
  `${SYSCTL}if (isOf(sysctl, entry) || kind.kind === sysctl.kind) return;`,
  `${SYSCTL}const { kind } = sysctl; allOf(sysctl, entries);`,
  `${SYSCTL}sysctl.resolve(one, context);`,
  'import { sysctl as parameter } from "../resources/sysctl.ts";\nisOf(parameter, one) && parameter.kind;',
])("this names a kind: %s", (text) => {
  expect(namings(text)).not.toEqual([]);
});

test.each([
  `${SYSCTL}allOf(sysctl, entries).map(({ state }) => state.key);`,
  'at(address, ["publish", "address"])',
  'const ipObjects = ["address", "route", "link", "neigh", "fou"];',
  'import type { SysctlState } from "../resources/sysctl.ts";',
])("this names none: %s", (text) => {
  expect(namings(text)).toEqual([]);
});

describe.each([...kinds.values()])("$kind", (kind) => {
  const states = statesOf(kind);

  test("its states are plain JSON and survive the ledger", () => {
    expect(states.length).toBeGreaterThan(0);
    for (const state of states) expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });

  test("a state does not differ from itself, nor from itself out of the ledger", () => {
    for (const state of states) {
      expect(kind.diff(state, state)).toEqual([]);
      expect(kind.diff(JSON.parse(JSON.stringify(state)), state)).toEqual([]);
    }
  });

  test("what it reads changes nothing, and is named after it", () => {
    const commands = [...kind.read(states, context), ...states.flatMap((state) => kind.read([state], context))];
    for (const { name, argv } of commands) {
      expect(isReadOnly(argv), argv.join(" ")).toBe(true);
      expect(name).toMatch(/^[a-z][A-Za-z0-9_-]*( |$)/);
    }
  });

  test("nothing to change needs no command", () => {
    const outputs = new Map(
      kind.read(states, context).map(({ name }) => [name, { stdout: "", stderr: "", status: 0 }]),
    );
    expect(kind.commands([], kind.parse(outputs, states, context), context)).toEqual([]);
  });

  /** Every state by itself, and all of them together as far as they are different resources. */
  const groups = [
    ...states.map((state) => [state]),
    [...new Map(states.map((state) => [kind.key(state), state])).values()],
  ];

  test("it makes every change on a bare host, and undoes it, without having read the host", () => {
    for (const group of groups) {
      const made = group.map((after) => ({ kind: kind.kind, key: kind.key(after), before: undefined, after }));
      const later = observedAfter(kind, made, kind.bare());
      const back = [...made].reverse().map((change) => inverse(kind, change));
      for (const [changes, observed] of [
        [made, kind.bare()],
        [back, later],
      ] as const) {
        const steps = kind.commands(changes, observed, context);
        expect(new Set(steps.flatMap(({ makes }) => makes))).toEqual(new Set(changes));
        expect(steps.filter(({ script }) => script === "")).toEqual([]);
        for (const change of changes) expect(kind.commands([change], observed, context)).not.toEqual([]);
      }
    }
  });

  test("it changes one state into another on a host that nobody has read", () => {
    for (const first of states) {
      const key = kind.key(first);
      const observed = observedAfter(kind, [{ kind: kind.kind, key, before: undefined, after: first }], kind.bare());
      for (const after of states.filter((other) => kind.key(other) === key && kind.diff(first, other).length > 0)) {
        expect(kind.commands([{ kind: kind.kind, key, before: first, after }], observed, context)).not.toEqual([]);
      }
    }
  });

  test("each property that a playbook can write is described", () => {
    const [top, ...properties] = schemasIn(kind.schema);
    expect(top).toMatchObject({ type: "object", additionalProperties: false });
    const objects = properties.filter(({ type, properties: inner }) => inner !== undefined || type === "object");
    for (const object of objects) expect(object["additionalProperties"]).toBe(false);
    const all = [top, ...objects].flatMap((object) =>
      Object.entries((object?.["properties"] ?? {}) as Record<string, object>),
    );
    for (const [name, schema] of all) expect(schema, name).toHaveProperty("description");
  });
});
