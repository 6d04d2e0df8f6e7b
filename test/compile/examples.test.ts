/**
 * Whole topologies, host by host and stage by stage: test/fixtures/compile/CASE/expected.txt. The input is input.yaml
 * beside it, or else examples/CASE.yaml.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import type { DesiredResource, DesiredState } from "../../src/compile/desired-state.ts";
import { formatProblem } from "../../src/document/format-problem.ts";
import type { LedgerEntry } from "../../src/ledger/ledger.ts";
import { Playbooks } from "../../src/playbook/playbooks.ts";
import { kinds } from "../../src/resources/kinds.ts";
import { loadTopology } from "../../src/topology/load-topology.ts";
import { copyModes, withCopies } from "../helpers/copied-modes.ts";
import { formatOf, history, keepWritten, ofEachShape, writtenNow } from "../helpers/formats.ts";
import { expectGolden } from "../playbook/golden.ts";

const folder = new URL("../fixtures/compile/", import.meta.url);
const cases = readdirSync(folder).filter((name) => name !== "errors");
/** What was compiled, by case. */
const allDesired = new Map<string, DesiredState>();

describe("what is asked of the hosts", () => {
  test.each(cases)("%s", (name) => {
    const playbooks = new Playbooks(kinds);
    const { topology, problems } = loadTopology(readFileSync(inputOf(name), "utf8"), `${name}.yaml`, playbooks);
    expect(problems.map(formatProblem).join("\n")).toBe("");
    if (topology === undefined) return;
    const found = playbooks.usedBy(topology);
    expect(found.problems.map(formatProblem).join("\n")).toBe("");
    const desired = compile(topology, found.playbooks, kinds);
    allDesired.set(name, desired);
    expectGolden(show(desired), new URL(`${name}/expected.txt`, folder));
  });
});

// If this fails, hosts get something that older versions may not know. See what parseLedger in src/ledger/ledger.ts and FORMAT
// in src/ledger/pending.ts say of it; UPDATE_GOLDEN=1 then adds a folder to test/fixtures/history. Those before it stay.
test.runIf(process.argv.every((word) => word !== "-t"))(
  "all of it is stored in a format of test/fixtures/history",
  () => {
    const entries = [...allDesired.values()].flatMap(({ hosts }) => [...hosts.values()].flat()).flatMap(entryOf);
    const now = writtenNow(ofEachShape(entries));
    const latest = history().at(-1);
    const isKnown = latest !== undefined && isDeepStrictEqual(formatOf(now), formatOf(latest));
    const isComplete = allDesired.size === cases.length;
    if (!isKnown && isComplete && process.env["UPDATE_GOLDEN"]) keepWritten(now);
    expect(formatOf(now)).toEqual(formatOf(history().at(-1) ?? now));
  },
);

function entryOf({ kind: name, key, stage, state }: DesiredResource): readonly LedgerEntry[] {
  const kind = kinds.get(name);
  return kind?.action ? [] : [{ kind: name, key, stage, state, original: kind?.isSetting ? state : null }];
}

describe("a copy of a built-in mode asks for the same", () => {
  let copies: string;
  beforeAll(() => {
    copies = copyModes();
  });
  afterAll(() => rmSync(copies, { recursive: true }));
  /** Loads each copy once. */
  const playbooks = new Playbooks(kinds);

  test.each(cases)("%s", (name) => {
    const text = readFileSync(inputOf(name), "utf8");
    const compiled = (input: string) => {
      const { topology } = loadTopology(input, join(copies, "input.yaml"), playbooks);
      return topology && show(compile(topology, playbooks.usedBy(topology).playbooks, kinds));
    };
    expect(withCopies(text)).not.toBe(text);
    expect(compiled(withCopies(text))).toBe(compiled(text));
  });
});

function inputOf(name: string): URL {
  const written = new URL(`${name}/input.yaml`, folder);
  return existsSync(written) ? written : new URL(`../../examples/${name}.yaml`, import.meta.url);
}

function show({ hosts, unmanaged = new Map(), notes = [] }: DesiredState): string {
  const owned = [...unmanaged].map(([host, resources]) => [`${host}, by its owner`, resources] as const);
  const said = new Set<string>();
  const parts = [...hosts, ...owned].map(([host, resources]) => [host, ...showStages(resources, said), ""].join("\n"));
  const told = notes.map(
    ({ service, playbook, step, message }) => `note ${service} (${playbook} ${step})\n  ${message}\n`,
  );
  return [...parts, ...told].join("\n");
}

/** Each reason in full where it comes first; after that its beginning stands for it. */
function showStages(resources: readonly DesiredResource[], said: Set<string>): readonly string[] {
  return resources.flatMap((resource, index) => {
    const { stage, why } = resource;
    const isNew = !said.has(why);
    said.add(why);
    return [
      ...(resources[index - 1]?.stage === stage ? [] : [`  ${stage}`]),
      `    ${describeResource(resource)}`,
      `      ${isNew ? why : why.replace(/^((?:\S+ ){5}).+/, "$1…")}`,
    ];
  });
}

function describeResource({ kind, state, services, follows }: DesiredResource): string {
  const whose = services.length === 0 ? "" : ` (${services.join(", ")})`;
  const after = follows === undefined ? "" : `, after ${follows.join(", ")}`;
  return `${kinds.get(kind)?.describe(state)}${whose}${after}`;
}
