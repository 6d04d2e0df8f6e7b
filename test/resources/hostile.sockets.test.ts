/** Values that a shell would run, in every place where a state has text, given to a real shell. */
import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { kinds } from "../../src/resources/kinds.ts";
import type { ResourceKind, State } from "../../src/resources/resource.ts";
import { formatReadScript } from "../../src/shell/read-script.ts";
import { shareOf } from "../helpers/long-run.ts";
import type { ResourceCase } from "./resource-case.ts";
import { context, type ThrowAwayHost, throwAwayHost } from "./throw-away-host.ts";

const EVIL = [
  "$(touch /run/owned)",
  "`touch /run/owned`",
  "'; touch /run/owned; '",
  '"; touch /run/owned; "',
  "; touch /run/owned #",
  "\ntouch /run/owned\n",
  "\\'; touch /run/owned; \\'",
  "-e$(touch /run/owned)",
];

/** In a short run each place gets two of these values, and the place after it the next two. */
const TURNS = [0, 1, 2, 3];

let host: ThrowAwayHost;
beforeAll(async () => {
  host = await throwAwayHost();
  // What the scripts write must not end up on this machine. And they wait for what they start only until it has begun: it
  // cannot do its work.
  const setUp = `for folder in /srv /tmp; do mount -t tmpfs none $folder; done; mount -o remount,bind,ro /
cat >/usr/local/sbin/sleep <<'END'
#!/bin/sh
while pgrep -f '/bin/sh [^ ]*/start' >/dev/null; do /bin/sleep 0.02; done
END
chmod +x /usr/local/sbin/sleep`;
  expect(await host.run(setUp)).toMatchObject({ status: 0 });
});
afterAll(() => host.end());

/** Every shell text that a state leads to; none where the state is refused. */
function scripts(kind: ResourceKind, written: State): readonly string[] {
  try {
    const states = kind.resolve(written, context);
    const reads = kind.read(states, context);
    const silent = new Map(reads.map(({ name }) => [name, { stdout: "", stderr: "", status: 0 }]));
    const make = states.map((after) => ({ kind: kind.kind, key: kind.key(after), before: undefined, after }));
    const many = [...make, ...make, ...make, ...make, ...make];
    const clear = make.map((change) => ({ ...change, before: change.after, after: undefined }));
    const made = [kind.parse(silent, states, context), kind.bare()].flatMap((observed) => [
      ...[make, many, clear].flatMap((changes) => kind.commands(changes, observed, context)),
      ...(kind.atBoot?.(states, observed, context) ?? []),
    ]);
    const all = [formatReadScript(reads, "n0n0n0n0"), ...made.map(({ script }) => script)];
    return [...new Set(all)].map((script) => `(\n${script}\n)`);
  } catch {
    return [];
  }
}

/** Runs them, and fails if a value was run, or broke a script so that no shell can read it. */
async function expectData(all: readonly string[], evil: string) {
  const script = `{ :\n${all.join("\n")}\n} </dev/null >/dev/null 2>&1\nls /run/owned 2>/dev/null; echo whole`;
  expect((await host.run(script)).stdout, evil).toBe("whole\n");
}

type Place = readonly (string | number)[];

/** Where a state has text. */
function texts(value: unknown, place: Place = []): readonly Place[] {
  if (typeof value === "string") return [place];
  if (Array.isArray(value)) return value.flatMap((one, index) => texts(one, [...place, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => texts(one, [...place, name]));
}

/** Where a state may have text: the names of the properties, `*` being each item of a list. */
function textsOf(schema: unknown, place: readonly string[] = []): readonly string[] {
  const { type, properties, items, ...others } = schema as Readonly<Record<string, unknown>>;
  const own = [type].flat().includes("string") ? [place.join(".")] : [];
  const choices = ["anyOf", "oneOf", "allOf"].flatMap((name) => (others[name] as readonly unknown[] | undefined) ?? []);
  return [
    ...own,
    ...Object.entries(properties ?? {}).flatMap(([name, one]) => textsOf(one, [...place, name])),
    ...(items === undefined ? [] : textsOf(items, [...place, "*"])),
    ...choices.flatMap((one) => textsOf(one, place)),
  ];
}

const nameOf = (place: Place) => place.map((part) => (typeof part === "number" ? "*" : part)).join(".");

function withText(value: unknown, [first, ...rest]: Place, edit: (text: string) => string): unknown {
  if (first === undefined) return edit(String(value));
  if (Array.isArray(value)) return value.map((one, index) => (index === first ? withText(one, rest, edit) : one));
  const state = value as State;
  return { ...state, [first]: withText(state[String(first)], rest, edit) };
}

/** What playbooks write in the cases of a kind, as far as it leads to commands. */
function writtenFor(kind: ResourceKind): readonly State[] {
  const folder = new URL(`../fixtures/resources/${kind.kind}/`, import.meta.url);
  return readdirSync(folder)
    .map((file) => parse(readFileSync(new URL(file, folder), "utf8")) as ResourceCase)
    .flatMap(({ written, gone = [] }) => [...written, ...gone])
    .filter((written) => scripts(kind, written).length > 1);
}

/** By the name of each place for text: the first of these states that has one there, and where. */
function placesIn(all: readonly State[]) {
  const found = new Map<string, { readonly written: State; readonly places: readonly Place[] }>();
  for (const written of all) {
    const places = texts(written);
    for (const name of places.map(nameOf)) {
      if (!found.has(name)) found.set(name, { written, places: places.filter((place) => nameOf(place) === name) });
    }
  }
  return found;
}

describe.each([...kinds.values()])("$kind", (kind) => {
  const all = writtenFor(kind);
  const found = placesIn(all);

  test("has a case with each text that a playbook can write", () => {
    expect(all.length).toBeGreaterThan(0);
    expect(textsOf(kind.schema).filter((name) => !found.has(name))).toEqual([]);
  });

  test.each([...found])("text in %s is data", async (name, { written, places }) => {
    const turn = [...found.keys()].indexOf(name) % TURNS.length;
    for (const evil of shareOf(EVIL, turn, TURNS)) {
      const forms = places.flatMap((place) =>
        [() => evil, (text: string) => `${text}${evil}`].map((edit) => withText(written, place, edit) as State),
      );
      await expectData(
        forms.flatMap((form) => scripts(kind, form)),
        evil,
      );
    }
  });
});

test("a rule's words and the topology's name are data", async () => {
  const iptablesRule = kinds.get("iptables-rule");
  if (!iptablesRule) throw new Error("no rules");
  for (const evil of EVIL) {
    const written = { table: "filter", chain: "INPUT", rule: ["-m", "comment", "--comment", evil, "-j", "ACCEPT"] };
    const all = scripts(iptablesRule, written);
    expect(all.length > 0).toBe(!evil.includes("\n"));
    const states = iptablesRule.resolve({ ...written, rule: ["-j", "ACCEPT"] }, { topology: evil, host: "dr" });
    expect(states.map(({ chain }) => chain).join()).toMatch(/^INPUT,LVSCTL-[A-Za-z0-9_-]{5,9}-INPUT$/);
    await expectData(all, evil);
  }
});

test.each(["touch /run/owned", "echo '"])("this would have been seen: %s", async (script) => {
  await expect(expectData([script], script)).rejects.toThrow();
});
