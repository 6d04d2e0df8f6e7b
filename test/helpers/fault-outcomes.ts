/**
 * What the fault suite has shown: for each test file whose tests all passed, every fault with the state in which the hosts
 * ended. docs/faults.md is made of it.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** One fault that was injected once. */
export interface FaultOutcome {
  readonly fault: string;
  /** During what: `apply`, `destroy`, … */
  readonly during: string;
  /** `before` or `after`: the state in which every host ended; `each`: some hosts in the one, some in the other. */
  readonly ended: "before" | "after" | "each";
  /** Who brought them there. */
  readonly by: string;
  /** Of the run into which the fault was injected; a signal's name where it was killed. */
  readonly exit: string;
}

export type FaultOutcomes = Readonly<Record<string, readonly FaultOutcome[]>>;

const FILE = new URL("../fixtures/fault-outcomes.json", import.meta.url);
const PAGE = new URL("../../docs/faults.md", import.meta.url);
const notes = new URL("../../node_modules/.cache/lvsctl-faults/", import.meta.url);
const begun = new Set<string>();

/** Notes an outcome for the test file that runs. */
export function noteFault(testFile: string, outcome: FaultOutcome): void {
  const path = notesOf(testFile);
  mkdirSync(dirname(path), { recursive: true });
  if (!begun.has(path)) rmSync(path, { force: true });
  begun.add(path);
  appendFileSync(path, `${JSON.stringify(outcome)}\n`);
}

/** What a test file has noted; it is forgotten by that. */
export function takeFaults(testFile: string): readonly FaultOutcome[] {
  const path = notesOf(testFile);
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").trim().split("\n");
  rmSync(path);
  return lines.map((line) => JSON.parse(line) as FaultOutcome);
}

/** Replaces what these files have shown, where it is not less than before, and writes the page anew; nothing is for a failed file. */
export function recordFaults(shown: FaultOutcomes): void {
  const known = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as FaultOutcomes) : {};
  const news = Object.entries(shown).filter(
    ([file, outcomes]) => outcomes.length === 0 || outcomes.length >= (known[file]?.length ?? 0),
  );
  const all = Object.entries({ ...known, ...Object.fromEntries(news) }).filter(([, outcomes]) => outcomes.length > 0);
  const sorted = Object.fromEntries(all.sort(([one], [other]) => (one < other ? -1 : 1)));
  writeFileSync(FILE, `${JSON.stringify(sorted, null, 2)}\n`);
  writeFileSync(PAGE, formatFaultsPage(sorted));
}

/** docs/faults.md: a row a fault and command, with how often each end was seen. */
export function formatFaultsPage(all: FaultOutcomes): string {
  const rows = new Map<string, FaultOutcome[]>();
  for (const outcome of Object.values(all).flat()) {
    const key = `${outcome.fault} | ${outcome.during}`;
    rows.set(key, [...(rows.get(key) ?? []), outcome]);
  }
  const lines = [...rows].map(([key, outcomes]) => {
    const ends = counted(outcomes.map(({ ended, by }) => `${ENDS[ended]} (${by})`));
    return `| ${key} | ${outcomes.length} | ${ends} | ${counted(outcomes.map(({ exit }) => exit))} |`;
  });
  return `# Faults and what becomes of them

Written by the fault suite (test/e2e/faults*.test.ts), which injects each fault into a run of the real lvsctl on hosts with
a real kernel, sshd, IPVS and netfilter, and then compares all of every host (addresses, routes, rules, IPVS, parameters,
modules, files, processes) with its state before the run and with its state after an undisturbed one. Another one's IPVS
service, rules and addresses are on the same hosts, and its clients go on asking through all of it: none of their requests
was lost. No timer, lock, process or file was left over.

*before*: all hosts as before the run; *after*: all hosts as after an undisturbed run; *each*: some so, some so, which
only a crash in the middle of the confirmation can do, and which the next run mends.

| fault | during | times | ended | exit |
|---|---|---|---|---|
${lines.sort().join("\n")}
`;
}

const ENDS = { before: "before", after: "after", each: "each in one of both" } as const;

function counted(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  if (counts.size === 1) return [...counts.keys()][0] ?? "";
  return [...counts]
    .sort()
    .map(([value, count]) => `${count} × ${value}`)
    .join(", ");
}

function notesOf(testFile: string): string {
  return fileURLToPath(new URL(`${basename(testFile)}.jsonl`, notes));
}
