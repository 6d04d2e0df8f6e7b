/**
 * The formats of what lvsctl stores on hosts. test/fixtures/history has a ledger and a pending run's record of every format
 * that the project has ever written, as the lvsctl of that time wrote them: ledgers with a state of each shape.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { formatLedger, type LedgerEntry } from "../../src/ledger/ledger.ts";
import { formatRecord, type RecordedChange } from "../../src/ledger/pending.ts";
import { identity } from "../../src/resources/resource.ts";

const FOLDER = new URL("../fixtures/history/", import.meta.url);

/** What one version of lvsctl wrote. */
export interface Written {
  /** The folder's name: its number, and what was new. */
  readonly name: string;
  readonly ledger: string;
  readonly record: string;
}

/** What every version wrote, the oldest first. */
export function history(): readonly Written[] {
  const names = readdirSync(FOLDER)
    .filter((name) => /^\d+-/.test(name))
    .toSorted((one, other) => Number.parseInt(one, 10) - Number.parseInt(other, 10));
  return names.map((name) => {
    const read = (file: string) => readFileSync(new URL(`${name}/${file}`, FOLDER), "utf8");
    return { name, ledger: read("ledger.json"), record: read("transaction.json") };
  });
}

/** What this lvsctl writes of these entries. */
export function writtenNow(entries: readonly LedgerEntry[]): Omit<Written, "name"> {
  const version = "0.1.0";
  const run = { id: "00c0ffee", since: "2026-11-26T08:00:00.000Z", hosts: ["lb1", "rs1"] };
  const ssh = { destination: "192.0.2.7", port: 2222, user: "ops", jump: "ops@gate:22", become: "sudo" } as const;
  const hosts = [{ name: "rs1", roles: ["real-server"], ssh }];
  const changes = entries.slice(0, 3).map(({ kind, key, state, stage }): RecordedChange => {
    return { kind, key, before: undefined, after: state, description: key, stage, isAction: false };
  });
  return {
    ledger: formatLedger({ topology: "field", host: "lb1", entries, hosts, run: { ...run, version } }),
    record: formatRecord({
      ...{ ...run, topology: "field", host: "lb1", changes, confirmTimeoutSeconds: 60, steps: changes.length },
      runner: { user: "ann", machine: "laptop", process: 4711, command: "apply", version },
    }),
  };
}

/** Keeps what this lvsctl writes beside what earlier versions wrote, which is never changed. */
export function keepWritten({ ledger, record }: Omit<Written, "name">): void {
  const folder = new URL(`${history().length + 1}-new/`, FOLDER);
  mkdirSync(folder);
  writeFileSync(new URL("ledger.json", folder), ledger);
  writeFileSync(new URL("transaction.json", folder), record);
}

/** One entry of each shape; none has the name of another. */
export function ofEachShape(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  const names = new Set<string>();
  const found = new Map<string, LedgerEntry>();
  for (const entry of entries) {
    const [name, shape] = [identity(entry), shapeOf(entry).join("\n")];
    if (!names.has(name) && !found.has(shape)) found.set(shape, entry);
    if (found.get(shape) === entry) names.add(name);
  }
  return [...found.values()];
}

/** The names, types and places of everything that is written; two formats differ if these do. */
export function formatOf({ ledger, record }: Omit<Written, "name">): readonly string[] {
  const [head = "", body = ""] = record.split("\n");
  const parts = { ledger: JSON.parse(ledger), head: JSON.parse(head), record: JSON.parse(body) };
  return [...new Set(shapeOf(parts))].toSorted();
}

function shapeOf(value: unknown, place = ""): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((each) => shapeOf(each, `${place}[]`));
  if (typeof value !== "object" || value === null) return [`${place}: ${value === null ? "null" : typeof value}`];
  const { kind, format } = value as Readonly<Record<string, unknown>>;
  const at = typeof kind === "string" ? `${place} ${kind}` : place;
  const parts = Object.entries(value).flatMap(([name, part]) => shapeOf(part, `${at}.${name}`));
  return typeof format === "string" ? [`${place} is ${format}`, ...parts] : parts;
}
