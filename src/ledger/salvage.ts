/**
 * Salvages a damaged ledger. It keeps readable entries that match the host, and adds what the topology wants and the host
 * has in exactly that state. Pure.
 */

import { stages } from "../lvs/stage.ts";
import { unknownField, unknownInStates } from "../resources/known-fields.ts";
import { type HostContext, identity, type Observed, type ResourceKind } from "../resources/resource.ts";
import type { ReadCommand } from "../shell/read-script.ts";
import { isHostName, type KnownHost, readableHosts } from "./known-host.ts";
import { ENTRY_FIELDS, isEntry, type Ledger, type LedgerEntry } from "./ledger.ts";

/** A resource that the topology wants, with what is needed to recognise it on a host. */
interface WantedResource extends Omit<LedgerEntry, "original"> {
  /** The services that want it; empty for what the host itself needs. */
  readonly services: readonly string[];
}

/** What is readable in a damaged ledger. */
export interface Readable {
  /** What its host is called. */
  readonly host: string | undefined;
  /** The other hosts of the topology; undefined if it names none. */
  readonly hosts: readonly KnownHost[] | undefined;
  readonly entries: readonly LedgerEntry[];
  /**
   * Lines of which something was lost: entries, or what could have been one, and the list of other hosts. Of several entries of
   * one resource, all but the first.
   */
  readonly unreadable: readonly string[];
}

/** The result of the salvage. */
export interface Salvage {
  /** The new ledger's entries. */
  readonly entries: readonly LedgerEntry[];
  /** Those that were not in the damaged ledger; what was there before is unknown, unless another ledger has it. */
  readonly found: readonly LedgerEntry[];
  /** Readable entries that do not match the host: removed, changed since, or changed in the ledger. */
  readonly untrue: readonly LedgerEntry[];
  /** Wanted and present, but left out: settings or addresses that the host may have had before lvsctl. */
  readonly unclear: readonly WantedResource[];
}

/** What the entries are compared with. */
export interface Circumstances {
  readonly observed: ReadonlyMap<string, Observed>;
  /** What the topology wants on the host; empty if its file is lost. */
  readonly desired: readonly WantedResource[];
  /** The ledgers of other topologies, which may record what was there before. */
  readonly others: readonly Ledger[];
  readonly kinds: ReadonlyMap<string, ResourceKind>;
}

const HEAD = /^\s*"(format|topology|host|run|checksum|entries)": /;
const HOSTS = /^\s*"hosts": /;
const HOST = /^[ \t]*"host": "([^"\\]*)",$/m;
const FRAME = /^[\s{}[\],]*$/;

/**
 * What can be read of a damaged ledger, whose entries are one per line. `mayRead`: whether a read command that an entry
 * produces is safe.
 */
export function readableLedger(
  text: string,
  kinds: ReadonlyMap<string, ResourceKind>,
  context: HostContext,
  mayRead: (command: ReadCommand) => boolean,
): Readable {
  const entries = new Map<string, LedgerEntry>();
  const unreadable: string[] = [];
  let hosts: readonly KnownHost[] | undefined;
  for (const line of text.split("\n")) {
    if (HEAD.test(line) || FRAME.test(line)) continue;
    if (HOSTS.test(line)) {
      hosts = readableHosts(line);
      if (!namesOnly(hosts, line)) unreadable.push(line);
      continue;
    }
    const entry = entryFrom(line, kinds, context, mayRead);
    if (entry === undefined || entries.has(identity(entry))) unreadable.push(line);
    else entries.set(identity(entry), entry);
  }
  const host = HOST.exec(text)?.[1];
  return { host: isHostName(host) ? host : undefined, hosts, entries: [...entries.values()], unreadable };
}

/**
 * The ledger that replaces a damaged one. `host`: what its host is called where the damaged ledger does not say. No run has
 * written it, and so it names none.
 */
export function repairedLedger(
  topology: string,
  host: string,
  readable: Pick<Readable, "host" | "hosts">,
  entries: readonly LedgerEntry[],
): Ledger {
  const { hosts } = readable;
  return { topology, host: readable.host ?? host, entries, ...(hosts === undefined ? {} : { hosts }) };
}

/** Compares entries with the host. They keep the order in which they were made, as far as it is known. */
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
  // What a host may have had before lvsctl must not become ours, or destroy would remove it one day.
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

/** Whether a ledger's line has these hosts and nothing else. */
function namesOnly(hosts: readonly KnownHost[], line: string): boolean {
  try {
    const list: unknown = JSON.parse(line.replace(HOSTS, "").trim().replace(/,$/, ""));
    return Array.isArray(list) && list.length === hosts.length;
  } catch {
    return false;
  }
}

function entryFrom(
  line: string,
  kinds: ReadonlyMap<string, ResourceKind>,
  context: HostContext,
  mayRead: (command: ReadCommand) => boolean,
): LedgerEntry | undefined {
  try {
    const value: unknown = JSON.parse(line.trim().replace(/,$/, ""));
    if (!isEntry(value) || unknownField(value, ENTRY_FIELDS) !== undefined) return undefined;
    const kind = kinds.get(value.kind);
    const { state, original } = value;
    if (kind === undefined || unknownInStates({ state, original }, kind.fields) !== undefined) return undefined;
    if (kind.key(state) !== value.key || kind.describe(state) === "") return undefined;
    const isSound = kind.diff(state, state).length === 0 && kind.read([state], context).every(mayRead);
    return isSound ? value : undefined;
  } catch {
    return undefined; // A kind may throw anything for a state that is not its own: the line is not an entry.
  }
}
