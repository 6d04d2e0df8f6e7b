/** A host that prints a run of one character must not keep lvsctl from its other hosts: the work grows with the length only. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import { readableLedger } from "../../src/ledger/salvage.ts";
import { parseRoutes } from "../../src/lvs/ip-route.ts";
import { parseIptablesSave, splitWords } from "../../src/lvs/iptables-words.ts";
import { kinds } from "../../src/resources/kinds.ts";
import type { ResourceKind, State } from "../../src/resources/resource.ts";
import { parseHttp } from "../../src/verify/http.ts";
import type { Test } from "../../src/verify/tests.ts";
import { isLongRun } from "../helpers/long-run.ts";
import type { ResourceCase } from "./resource-case.ts";

const context = { topology: "web-lab", host: "rs1" };

/** With work that grows with the square of the length, each of these parses would take minutes, and all of them hours; a sixteenth of that in a short run. */
const LENGTH = isLongRun ? 400_000 : 100_000;

/** The true answers of a kind's cases, one for each of its reads. */
function answersOf(kind: ResourceKind) {
  const folder = new URL(`../fixtures/resources/${kind.kind}/`, import.meta.url);
  const cases = readdirSync(folder).map((file) => parse(readFileSync(new URL(file, folder), "utf8")) as ResourceCase);
  const byRead = new Map<string, { readonly states: readonly State[]; readonly outputs: ResourceCase["outputs"] }>();
  for (const { written, outputs } of cases) {
    const states = resolved(kind, written);
    const spoken = Object.entries(outputs).filter(([, { stdout = "" }]) => stdout.includes(" ") && states.length > 0);
    for (const [read] of spoken) byRead.set(read, { states, outputs });
  }
  return byRead;
}

function resolved(kind: ResourceKind, written: readonly State[]): readonly State[] {
  try {
    return written.flatMap((one) => kind.resolve(one, context));
  } catch {
    return [];
  }
}

describe.each([...kinds])("%s", (_name, kind) => {
  it("is parsed in the time that it takes to read it, whatever it repeats", () => {
    for (const [read, { states, outputs }] of answersOf(kind)) {
      for (const one of ["\n", " ", "a "]) {
        const all = Object.entries(outputs).map(([name, { stdout = "", stderr = "", status = 0 }]) => {
          const last = stdout.trimEnd().lastIndexOf(" ");
          const long = `${stdout.slice(0, last)}${one.repeat(LENGTH)}${stdout.slice(last)}`;
          return [name, { stdout: name === read ? long : stdout, stderr, status }] as const;
        });
        try {
          kind.parse(new Map(all), states, context);
        } catch (error) {
          expect(error).toBeInstanceOf(LvsctlError);
        }
      }
    }
  });
});

it("routes: a run of line breaks", () => {
  const text = "10.9.0.0/16 dev eth0\n";
  expect(parseRoutes(`${text}${"\n".repeat(LENGTH)}${text}`, 4)).toHaveLength(2);
});

it.each([
  ['a "b c" d', ["a", "b c", "d"]],
  ['a "b\\"c" d', ["a", 'b"c', "d"]],
  ['a"b c"d', ["ab cd"]],
  ['a "" b', ["a", "", "b"]],
  ['a "b c', ["a", "b c"]],
  ['a "b\\', ["a", "b\\"]],
])("the words of the rule %s", (line, words) => {
  expect(splitWords(line)).toEqual(words);
});

it("rules: quotes that never end", () => {
  const saved = parseIptablesSave(`*filter\n-A INPUT ${'\\"'.repeat(LENGTH)}\n-A INPUT -j DROP\nCOMMIT\n`);
  expect(saved.tables.get("filter")?.rules.get("INPUT")).toHaveLength(2);
});

it("a damaged ledger of line breaks", () => {
  const text = `${"\n".repeat(LENGTH)}  "host": "rs1",\n`;
  expect(readableLedger(text, kinds, context, () => true)).toMatchObject({ host: "rs1", entries: [], unreadable: [] });
});

it("answers, half of which are wrong", () => {
  const test = { type: "http", address: "10.0.2.1", port: 80, requests: 4, status: 200 } as unknown as Test;
  const stdout = "\nlvsctl-answer 200\n\nlvsctl-answer 404\n".repeat(LENGTH / 4);
  const found = parseHttp(test, { stdout, stderr: "", status: 0 }, { timeoutSeconds: 5, atOnce: 4 });
  expect(found).toMatchObject({ answered: LENGTH / 4, errors: ["status 404 instead of 200"] });
});
