/**
 * What can be saved of a damaged ledger: of the entries that can still be read those that are true of the host, and of
 * what the topology asks for what is on the host just so. Pure.
 */

import { stages } from "../lvs/stage.ts";
import { type HostContext, identity, type Observed, type ResourceKind } from "../resources/resource.ts";
import type { ReadCommand } from "../shell/read-script.ts";
import { isEntry, type Ledger, type LedgerEntry } from "./ledger.ts";

/** What the topology asks for, as far as its traces on a host are recognised by it. */
interface WantedResource extends Omit<LedgerEntry, "original"> {
  /** The services that want it; empty for what a host itself needs. */
  readonly services: readonly string[];
}

/** What can be read of a damaged ledger. */
export interface Readable {
  readonly entries: readonly LedgerEntry[];
  /** Lines that were or could have been entries. */
  readonly unreadable: readonly string[];
}

/** What becomes of it. */
export interface Salvage {
  /** What the new ledger holds. */
  readonly entries: readonly LedgerEntry[];
  /** Those of them that no entry mentioned; what was there before, if anything, is not known. */
  readonly found: readonly LedgerEntry[];
  /** Read, and not true of the host: gone, changed since, or changed in the ledger. */
  readonly untrue: readonly LedgerEntry[];
  /** Asked for and there, and left out: a setting or an address that the host may always have had. */
  readonly unclear: readonly WantedResource[];
}

/** What decides what is true. */
export interface Circumstances {
  readonly observed: ReadonlyMap<string, Observed>;
  /** What the topology asks of the host; nothing when its file is lost. */
  readonly desired: readonly WantedResource[];
  /** Those of other topologies, which may know what was there before. */
  readonly others: readonly Ledger[];
  readonly kinds: ReadonlyMap<string, ResourceKind>;
}

const HEAD = /^\s*"(format|topology|host|checksum|entries)": /;
const FRAME = /^[\s{}[\],]*$/;

/** The entries of a damaged ledger, one a line. `mayRead`: whether a command that an entry leads to only reads. */
export function readableEntries(
  text: string,
  kinds: ReadonlyMap<string, ResourceKind>,
  context: HostContext,
  mayRead: (command: ReadCommand) => boolean,
): Readable {
  const entries = new Map<string, LedgerEntry>();
  const unreadable: string[] = [];
  for (const line of text.split("\n")) {
    if (HEAD.test(line) || FRAME.test(line)) continue;
    const entry = entryFrom(line, kinds, context, mayRead);
    if (entry === undefined) unreadable.push(line);
    else if (!entries.has(identity(entry))) entries.set(identity(entry), entry);
  }
  return { entries: [...entries.values()], unreadable };
}

/** Sorts out what is true. Entries keep the order in which things were made, as far as that is known. */
export function salvage(
  readable: readonly LedgerEntry[],
  { observed, desired, others, kinds }: Circumstances,
): Salvage {
  const isThere = ({ kind, key, state }: Pick<LedgerEntry, "kind" | "key" | "state">) => {
    const actual = observed.get(kind)?.states.get(key);
    return actual !== undefined && kinds.get(kind)?.diff(actual, state).length === 0;
  };
  const kept = readable.filter(isThere);
  const known = new Set(kept.map(identity));
  const inherited = new Map(others.flatMap(({ entries }) => entries.map((entry) => [identity(entry), entry] as const)));
  const candidates = desired.filter(
    (resource) => kinds.get(resource.kind)?.action === undefined && !known.has(identity(resource)) && isThere(resource),
  );
  // What a host may have without lvsctl is not noted as ours: that would be to take it away some day.
  const isClear = (resource: WantedResource) =>
    inherited.has(identity(resource)) || (resource.services.length > 0 && !kinds.get(resource.kind)?.isSetting);
  const found = candidates.filter(isClear).map(({ kind, key, state, stage }): LedgerEntry => {
    const original = inherited.get(identity({ kind, key }))?.original ?? null;
    return { kind, key, stage, state, original };
  });
  return {
    entries: [...kept, ...found].sort((one, other) => stages.indexOf(one.stage) - stages.indexOf(other.stage)),
    found,
    untrue: readable.filter((entry) => !isThere(entry) && !found.some((each) => identity(each) === identity(entry))),
    unclear: candidates.filter((resource) => !isClear(resource)),
  };
}

function entryFrom(
  line: string,
  kinds: ReadonlyMap<string, ResourceKind>,
  context: HostContext,
  mayRead: (command: ReadCommand) => boolean,
): LedgerEntry | undefined {
  try {
    const value: unknown = JSON.parse(line.trim().replace(/,$/, ""));
    if (!isEntry(value)) return undefined;
    const kind = kinds.get(value.kind);
    if (kind === undefined || kind.key(value.state) !== value.key || kind.describe(value.state) === "")
      return undefined;
    const isSound =
      kind.diff(value.state, value.state).length === 0 && kind.read([value.state], context).every(mayRead);
    return isSound ? value : undefined;
  } catch {
    return undefined; // Whatever a kind says of a state that is not one of its own: the line is no entry.
  }
}
