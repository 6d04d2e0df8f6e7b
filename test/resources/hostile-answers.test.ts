/** Answers of a host that means harm: each is understood, or refused as not understood; nothing else happens. */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import { kinds } from "../../src/resources/kinds.ts";
import type { ResourceKind, State } from "../../src/resources/resource.ts";
import type { ReadOutput, ReadOutputs } from "../../src/shell/read-script.ts";
import { readHostState } from "../../src/transaction/shell/observe.ts";
import type { Transport } from "../../src/transport/transport.ts";
import { fakeKind } from "../helpers/fake-kind.ts";
import { randomCases } from "../helpers/long-run.ts";
import type { ResourceCase } from "./resource-case.ts";

const context = { topology: "web-lab", host: "rs1" };

const TEXTS = [
  "",
  "\n",
  " ",
  "null",
  "[null]",
  "[[]]",
  "[{}]",
  '[{"ifname":null}]',
  '[{"ifname":"lo","addr_info":null}]',
  '[{"ifname":"lo","addr_info":[null]}]',
  '[{"ifname":"__proto__","addr_info":[{}]}]',
  '[{"dst":null}]',
  "{",
  `${"[".repeat(100_000)}`,
  `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
  "-1\n",
  "99999999999999999999999\n",
  "__proto__ __proto__ __proto__\n",
  "$(reboot) `reboot` ; reboot\n",
  "*filter\n:__proto__ ACCEPT [0:0]\nCOMMIT\n",
  "\x1b]0;x\x07\n",
  `${"a ".repeat(100_000)}\n`,
];
/** What may stand in the place of a word or number of a true answer. */
const WORDS = [
  "",
  "-1",
  "0",
  "99999999999999999999",
  "null",
  "[]",
  "{}",
  '"',
  "__proto__",
  "$(id)",
  "::",
  "\n",
  "\ufffd",
  "/",
];

function casesOf(kind: string): readonly ResourceCase[] {
  const folder = new URL(`../fixtures/resources/${kind}/`, import.meta.url);
  return readdirSync(folder).map((file) => parse(readFileSync(new URL(file, folder), "utf8")) as ResourceCase);
}

function resolved(kind: ResourceKind, written: readonly State[]): readonly State[] {
  try {
    return written.flatMap((one) => kind.resolve(one, context));
  } catch {
    return [];
  }
}

/** All that a plan does with what it has read. */
function use(kind: ResourceKind, states: readonly State[], outputs: ReadOutputs): void {
  try {
    const observed = kind.parse(outputs, states, context);
    const changes = states.map((after) => ({ kind: kind.kind, key: kind.key(after), before: undefined, after }));
    for (const state of states) {
      const actual = observed.states.get(kind.key(state));
      if (actual !== undefined) expect(kind.diff(actual, state)).toBeInstanceOf(Array);
      if (actual !== undefined) expect(kind.describe(actual)).toBeTypeOf("string");
      kind.problem?.(state, observed, false, new Set());
      kind.problem?.(state, observed, true, new Set([kind.key(state)]));
    }
    kind.foreignParts?.(states, observed, new Set());
    kind.commands(changes, observed, context);
    kind.atBoot?.(states, observed, context);
    kind.list?.parse(outputs, context);
  } catch (error) {
    if (!(error instanceof LvsctlError)) throw error;
  }
  expect({}).not.toHaveProperty("polluted");
}

it("an answer that a kind stumbles over is named with its host, as the host's", async () => {
  const stumbling = fakeKind({
    read: () => [{ name: "thing", argv: ["cat", "/proc/uptime"] }],
    parse: () => {
      throw new TypeError("x is not iterable");
    },
  });
  const transport = { host: "rs1", read: async () => new Map([["ledgers", answer("")]]) } as unknown as Transport;
  const wanted = [{ kind: "thing", key: "a", state: {} }];
  await expect(
    readHostState(transport, { wanted, topology: "web-lab", kinds: new Map([["thing", stumbling]]) }),
  ).rejects.toMatchObject({
    code: "LVS-FACT-001",
    message: "rs1 answered the read of thing with output that no program prints.",
    details: { host: "rs1", output: "x is not iterable" },
  });
});

const answer = (stdout: string, status = 0): ReadOutput => ({ stdout, stderr: "", status });

describe.each([...kinds])("%s", (name, kind) => {
  const given = casesOf(name)
    .map(({ written, outputs }) => ({ states: resolved(kind, written), outputs }))
    .filter(({ states }) => states.length > 0);

  it("takes any text for an answer", () => {
    for (const { states } of given.slice(0, 3)) {
      for (const text of TEXTS) {
        for (const status of [0, 1]) {
          use(kind, states, new Map(kind.read(states, context).map((read) => [read.name, answer(text, status)])));
        }
      }
    }
  });

  it("takes true answers in which anything else stands in some places", () => {
    const spoil = fc.record({ at: fc.nat(), word: fc.constantFrom(...WORDS) });
    fc.assert(
      fc.property(
        fc.constantFrom(...given),
        fc.array(spoil, { minLength: 1, maxLength: 3 }),
        ({ states, outputs }, spoils) => {
          const all = Object.entries(outputs).map(([read, { stdout = "", stderr = "", status = 0 }]) => {
            const pieces = stdout.split(/([\w./:-]+)/);
            for (const { at, word } of spoils)
              if (pieces.length > 1) pieces[(at % ((pieces.length - 1) / 2)) * 2 + 1] = word;
            return [read, { stdout: pieces.join(""), stderr, status }] as const;
          });
          use(kind, states, new Map(all));
        },
      ),
      { numRuns: randomCases(300) },
    );
  });
});
