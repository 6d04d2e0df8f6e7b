/**
 * The ledger: what lvsctl made on one host for one topology, and what was there before. It is the only record that we own
 * IPVS entries, addresses and sysctls, and it is enough to restore everything.
 */
import { createHash } from "node:crypto";
import { bareCommand, type FollowUp } from "../errors/follow-up.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { Stage } from "../lvs/stage.ts";
import { stages } from "../lvs/stage.ts";
import { type Fields, unknownField } from "../resources/known-fields.ts";
import type { State } from "../resources/resource.ts";
import { stateFolder } from "../resources/state-folder.ts";
import {
  isVersion,
  KNOWN_HOST_FIELDS,
  type KnownHost,
  type LedgerRun,
  parseKnownHosts,
  parseLedgerRun,
} from "./known-host.ts";

/** One resource that lvsctl has set. `kind` and `key` identify it on its host. */
export interface LedgerEntry {
  readonly kind: string;
  readonly key: string;
  readonly stage: Stage;
  /** What we set. */
  readonly state: State;
  /** What was there before we first touched it; null: nothing. */
  readonly original: State | null;
}

/** Everything that lvsctl has set on one host for one topology. */
export interface Ledger {
  readonly topology: string;
  readonly host: string;
  /** In the order in which they were made. */
  readonly entries: readonly LedgerEntry[];
  /** The other hosts of the topology. Absent in ledgers of older versions. */
  readonly hosts?: readonly KnownHost[];
  /** The run that wrote it. Absent in ledgers of older versions, and after a repair. */
  readonly run?: LedgerRun;
}

const FORMAT = "lvsctl.ledger/1";

/** The fields of an entry. Those of its states are its kind's affair. */
export const ENTRY_FIELDS: Fields<LedgerEntry> = { kind: true, key: true, stage: true, state: true, original: true };

const FIELDS: Fields<Ledger & { readonly format: string; readonly checksum: string }> = {
  ...{ format: true, topology: true, host: true, checksum: true },
  hosts: KNOWN_HOST_FIELDS,
  run: { id: true, since: true, hosts: true, version: true },
  entries: ENTRY_FIELDS,
};

/** The path of a topology's ledger on a host. */
export function ledgerPath(topology: string): string {
  return `${stateFolder(topology)}/ledger.json`;
}

/** A ledger's text: JSON with one entry per line, so that people can read it, and a SHA-256 over its entries. */
export function formatLedger(ledger: Ledger): string {
  const lines = ledger.entries.map((entry) => `    ${JSON.stringify(entry)}`).join(",\n");
  const { topology, host, hosts, run } = ledger;
  // Absent fields are left out.
  const more = JSON.parse(JSON.stringify({ hosts, run })) as object;
  const head = { format: FORMAT, topology, host, ...more, checksum: checksum(ledger.entries) };
  const fields = Object.entries(head).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  return `{\n${fields.join(",\n")},\n  "entries": [\n${lines}\n  ]\n}\n`;
}

/**
 * Parses a ledger's text. Throws LVS-LEDGER-001 when it is damaged or not ours, LVS-LEDGER-002 when a newer lvsctl wrote
 * it. The only version so far is `lvsctl.ledger/1`; if you add one, keep reading the older ones. A new field needs no new one:
 * older versions refuse a ledger that has it, because they would write the next one without it.
 */
export function parseLedger(text: string, topology: string, host: string, next: FollowUp = bareCommand): Ledger {
  const refuse = (why: string) => damaged(topology, host, why, next);
  if (text.trim() === "") throw refuse("it is empty");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse("it is not JSON: truncated or damaged");
  }
  if (!isRecord(value) || typeof value["format"] !== "string") throw refuse("it is not a ledger");
  const version = (isRecord(value["run"]) && value["run"]["version"]) || undefined;
  if (value["format"] !== FORMAT) throw otherVersion(value["format"], { topology, host, version }, refuse);
  if (value["topology"] !== topology) throw refuse(`it belongs to the topology ${JSON.stringify(value["topology"])}`);
  const entries = value["entries"];
  if (!Array.isArray(entries) || !entries.every(isAnyEntry)) throw refuse("its entries are malformed");
  if (value["checksum"] !== checksumOrNone(entries)) throw refuse("its checksum does not match its entries");
  const unknown = entries.find(({ stage }) => !stages.includes(stage));
  if (unknown)
    throw newerLedger(topology, host, `it has an entry of the stage ${JSON.stringify(unknown.stage)}`, version);
  if (typeof value["host"] !== "string") throw refuse("it names no host");
  const hosts = value["hosts"] === undefined ? [] : parseKnownHosts(value["hosts"]);
  const run = value["run"] === undefined ? undefined : parseLedgerRun(value["run"]);
  const field = unknownField(value, FIELDS);
  if (field !== undefined) throw newerLedger(topology, host, withField(field), version);
  if (hosts === undefined) throw refuse("its list of other hosts is malformed");
  if (run === undefined && value["run"] !== undefined) throw refuse("the run that wrote it is malformed");
  return {
    topology,
    host: value["host"],
    entries,
    ...(value["hosts"] === undefined ? {} : { hosts }),
    ...(run === undefined ? {} : { run }),
  };
}

/** LVS-LEDGER-001: what is wrong with a ledger, and what to do about it. */
export function damaged(topology: string, host: string, why: string, next: FollowUp = bareCommand): LvsctlError {
  return new LvsctlError("LVS-LEDGER-001", `The ledger ${ledgerPath(topology)} cannot be used: ${why}.`, {
    host,
    hint: `lvsctl only changes what its ledger accounts for. ${next("ledger repair")} makes a new ledger from what can be saved and keeps this one; ${next("apply --adopt")} takes over the rest.`,
  });
}

/** LVS-LEDGER-002: what only a newer lvsctl knows of a ledger. `version`: the one that wrote it, as the ledger says. */
export function newerLedger(topology: string, host: string, what: string, version: unknown): LvsctlError {
  const maker = isVersion(version) ? `lvsctl ${version}` : "the lvsctl that made it";
  return new LvsctlError(
    "LVS-LEDGER-002",
    `The ledger ${ledgerPath(topology)} was made by a newer lvsctl: ${what}, which this one does not know.`,
    {
      host,
      hint: `Use ${maker}, or a newer one. lvsctl --version shows which one this is; if it is that one, somebody has edited the ledger.`,
    },
  );
}

/** What `newerLedger` says of an unknown field. `subject`: where it is. */
export function withField(field: string, subject = "it"): string {
  return `${subject} has the field ${JSON.stringify(field.slice(0, 80))}`;
}

function otherVersion(
  format: string,
  { topology, host, version }: { readonly topology: string; readonly host: string; readonly version: unknown },
  refuse: (why: string) => LvsctlError,
): LvsctlError {
  const isNewer = /^lvsctl\.ledger\/([2-9]|[1-9]\d{1,5})$/.test(format);
  if (!isNewer) return refuse(`its format is ${JSON.stringify(format.slice(0, 40))}`);
  return newerLedger(topology, host, `its format is ${format}`, version);
}

/** Whether two ledgers have the same entries and know the same other hosts. A missing one is like one without entries. */
export function isSameLedger(one: Ledger | undefined, other: Ledger | undefined): boolean {
  const content = (ledger: Ledger | undefined) =>
    ledger && ledger.entries.length > 0 ? [ledger.host, ledger.entries, ledger.hosts ?? []] : [];
  return JSON.stringify(content(one)) === JSON.stringify(content(other));
}

/** The checksum in a ledger's text. Ledgers with the same checksum have the same entries. */
export function ledgerChecksum({ entries }: Ledger): string {
  return checksum(entries);
}

/** None where the entries are nested so deeply that JavaScript cannot write them. */
function checksumOrNone(entries: readonly LedgerEntry[]): string | undefined {
  try {
    return checksum(entries);
  } catch {
    return undefined;
  }
}

function checksum(entries: readonly LedgerEntry[]): string {
  return createHash("sha256").update(JSON.stringify(entries)).digest("hex");
}

/** Whether a value has the shape of an entry. Its `state` is not checked against the kind. */
export function isEntry(value: unknown): value is LedgerEntry {
  return isAnyEntry(value) && stages.some((stage) => stage === value.stage);
}

/** Whether a value has the shape of an entry of this lvsctl, or of a newer one that has more stages. */
function isAnyEntry(value: unknown): value is LedgerEntry {
  return (
    isRecord(value) &&
    typeof value["kind"] === "string" &&
    typeof value["key"] === "string" &&
    typeof value["stage"] === "string" &&
    isRecord(value["state"]) &&
    (value["original"] === null || isRecord(value["original"]))
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
