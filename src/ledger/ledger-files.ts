/** All ledgers on a host, and whether they can be trusted: lvsctl acts on them as root. */
import { bareCommand, type FollowUp } from "../errors/follow-up.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { type FileStatus, ledgersCommand, parseLedgersOutput } from "../probes/ledgers.ts";
import { unknownInStates } from "../resources/known-fields.ts";
import { NOT_FOUND, outputOf } from "../resources/outputs.ts";
import { type HostContext, inverse, type ResourceKind } from "../resources/resource.ts";
import { STATE_ROOT, stateFolder } from "../resources/state-folder.ts";
import type { ReadCommand, ReadOutputs } from "../shell/read-script.ts";
import { damaged, type Ledger, type LedgerEntry, ledgerPath, newerLedger, parseLedger, withField } from "./ledger.ts";

/** A ledger as it is on a host, not parsed yet. */
export interface LedgerFile {
  readonly topology: string;
  /** Only as far as it is text; ends with a newline. */
  readonly text: string;
  /** Why a user other than root may have written it; undefined if none can. */
  readonly exposure: string | undefined;
  /** Differs after each change of the file. */
  readonly version: string;
}

const READ = "ledgers";

/** The end of what find, stat and grep say of what is not there, or was removed meanwhile. */
const GONE = "No such file or directory";

/** Source: inode(7). */
const TYPE = 0o170000;
const PLAIN_FILE = 0o100000;
const LINK = 0o120000;
const WRITABLE_BY_OTHERS = 0o022;

/** The command that reads all ledgers on a host; `parseLedgerFiles` parses what it prints. */
export const readLedgers: ReadCommand = { name: READ, argv: ledgersCommand(STATE_ROOT) };

/**
 * Parses the output of `readLedgers`; by topology. Throws LVS-FACT-002 if the host has no find, and LVS-FACT-001 if it could
 * not look everywhere: a ledger that nobody has seen is not the same as none.
 */
export function parseLedgerFiles(outputs: ReadOutputs, host: string): ReadonlyMap<string, LedgerFile> {
  const { stdout, stderr, status } = outputOf(outputs, READ);
  if (status === NOT_FOUND) {
    const hint = "Install findutils, or BusyBox with find, stat and grep.";
    throw new LvsctlError("LVS-FACT-002", `${host} has no find.`, { host, hint });
  }
  const unread = stderr.split("\n").filter((line) => /^(find|stat|grep): /.test(line) && !line.endsWith(GONE));
  if (unread.length > 0) {
    const hint = `See on ${host} why: is the disk in order, and may root read ${STATE_ROOT}? Nothing is changed until every ledger can be read.`;
    throw new LvsctlError("LVS-FACT-001", `The ledgers on ${host} could not be read.`, {
      ...{ host, hint, output: unread.join("\n") },
    });
  }
  const { statuses: found, texts } = parseLedgersOutput(stdout);
  const files = [...found].flatMap(([path, { version }]): readonly LedgerFile[] => {
    const topology = /\/([^/]+)\/ledger\.json$/.exec(path)?.[1];
    if (topology === undefined || path !== ledgerPath(topology)) return [];
    return [{ topology, text: texts.get(path) ?? "", exposure: exposureOf(topology, found), version }];
  });
  return new Map(files.map((file) => [file.topology, file]));
}

/**
 * Parses a ledger's file. Throws LVS-LEDGER-003 if others could have written it, LVS-LEDGER-001 or -002 if it cannot be
 * parsed or holds kinds or fields that only a newer lvsctl knows.
 */
export function trustedLedger(
  { topology, text, exposure }: LedgerFile,
  host: string,
  kinds: ReadonlyMap<string, ResourceKind>,
  next: FollowUp = bareCommand,
): Ledger {
  if (exposure !== undefined) throw exposed(topology, host, exposure, next);
  const ledger = parseLedger(text, topology, host, next);
  const refuse = (what: string) => newerLedger(topology, host, what, ledger.run?.version);
  const unknown = ledger.entries.find(({ kind }) => !kinds.has(kind));
  if (unknown !== undefined) throw refuse(`it holds a ${unknown.kind} (${unknown.key})`);
  for (const entry of ledger.entries) {
    const { state, original } = entry;
    const subject = `its ${entry.kind} ${JSON.stringify(entry.key)}`;
    const field = unknownInStates({ state, original }, kinds.get(entry.kind)?.fields ?? {});
    if (field !== undefined) throw refuse(withField(field, subject));
    if (!isSound(entry, kinds, { topology, host }))
      throw damaged(topology, host, `${subject} has an invalid state`, next);
  }
  return ledger;
}

/** Whether its kind can work with an entry's states: a host can write anything, with the right checksum. */
function isSound(
  { kind: name, state, original }: LedgerEntry,
  kinds: ReadonlyMap<string, ResourceKind>,
  context: HostContext,
) {
  const kind = kinds.get(name);
  try {
    return [state, ...(original === null ? [] : [original])].every((one) => {
      const change = { kind: name, key: kind?.key(one) ?? "", before: one, after: undefined };
      kind?.diff(one, one);
      kind?.read([one], context);
      kind?.commands([change, inverse(kind, change)], kind.bare(), context);
      return typeof kind?.describe(one) === "string" && typeof change.key === "string";
    });
  } catch {
    return false;
  }
}

function exposed(topology: string, host: string, why: string, next: FollowUp): LvsctlError {
  return new LvsctlError(
    "LVS-LEDGER-003",
    `Somebody else may have written the ledger ${ledgerPath(topology)}: ${why}.`,
    {
      host,
      hint: `lvsctl does what a ledger says as root. Find out who changed the permissions, and check its content: ${next("ledger show")}. ${next("ledger repair")} keeps the entries that match the host.`,
    },
  );
}

function exposureOf(topology: string, found: ReadonlyMap<string, FileStatus>): string | undefined {
  const path = ledgerPath(topology);
  const type = (found.get(path)?.mode ?? 0) & TYPE;
  if (type !== PLAIN_FILE) return type === LINK ? "it is a symbolic link" : "it is no plain file";
  for (const place of [path, stateFolder(topology), STATE_ROOT]) {
    const status = found.get(place);
    if (status === undefined) continue;
    const { owner, mode } = status;
    const subject = place === path ? "it" : `its folder ${place}`;
    if (owner !== "0") return `${subject} belongs to the user with the number ${owner}, not to root`;
    const bits = (mode & 0o7777).toString(8).padStart(4, "0");
    if ((mode & WRITABLE_BY_OTHERS) !== 0)
      return `${subject} can be written to by users other than root (mode ${bits})`;
  }
  return undefined;
}
