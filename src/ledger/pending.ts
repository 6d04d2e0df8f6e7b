/** A run on a host that is neither confirmed nor rolled back yet: who started it, and what state it is in. */
import { createHash } from "node:crypto";
import type { Stage } from "../lvs/stage.ts";
import type { Change } from "../resources/resource.ts";
import { RUNTIME_FOLDER, TRANSACTION_FOLDER } from "../resources/state-folder.ts";
import { LAST_LINE } from "../shell/host-script-parts.ts";
import type { ReadCommand, ReadOutputs } from "../shell/read-script.ts";
import { isVersion } from "./known-host.ts";

/** Who runs lvsctl, when and from where. */
export interface Runner {
  readonly user: string;
  readonly machine: string;
  readonly process: number;
  /** `apply`, `destroy`, … */
  readonly command: string;
  /** The version of its lvsctl. Absent in records of older versions. */
  readonly version?: string;
  /** Tell the process from all others of that machine. Absent in records of older versions. Source: src/machine/own-process.ts. */
  readonly place?: string;
  readonly started?: string;
}

/** A change in a host's record: enough to roll it back. */
export interface RecordedChange extends Change {
  /** The resource in one line, for people. */
  readonly description: string;
  readonly stage: Stage;
  /** An action, such as gratuitous ARP, leaves nothing behind and is not in the ledger. */
  readonly isAction: boolean;
}

/** A host's record of a run, with every change that the run makes on it, in order. */
export interface TransactionRecord {
  readonly id: string;
  readonly topology: string;
  readonly host: string;
  readonly runner: Runner;
  /** ISO 8601, by the clock of the machine that runs lvsctl. */
  readonly since: string;
  /** Every host of the run. */
  readonly hosts: readonly string[];
  readonly confirmTimeoutSeconds: number;
  readonly changes: readonly RecordedChange[];
  /** The number of steps that make them. */
  readonly steps: number;
}

/**
 * `live`: its timer is running. `expired`: the timer should have rolled it back by now. `restarted`: the host has been
 * restarted since. `committed`: confirmed, but cleanup was interrupted. `stuck`: the timer could not roll all of it back.
 */
export type PendingState = "live" | "expired" | "restarted" | "committed" | "stuck";

/** A run that a host holds: neither confirmed nor rolled back to the end. */
export interface Pending {
  readonly id: string;
  readonly state: PendingState;
  /** Until the host rolls the run back by itself; only if it is live. */
  readonly secondsLeft?: number;
  /** The output of the undo, if it failed. */
  readonly output?: string;
  /** Undefined if it is damaged, or if `other` says why it cannot be read. */
  readonly record: TransactionRecord | undefined;
  /** The record's format and the lvsctl that wrote it, if the format is not this one's. */
  readonly other?: OtherRecord;
  /** The files that are empty, truncated or missing; absent if all are whole. */
  readonly damaged?: readonly string[];
}

/** A record that only another lvsctl can read. */
export interface OtherRecord {
  readonly format: string;
  readonly isNewer: boolean;
  /** Undefined if the record does not say it. */
  readonly version: string | undefined;
}

/**
 * Raise the number if an older lvsctl could not roll back or confirm such a run as well as this one: also if the files beside
 * the record change. A run lasts for minutes, so no lvsctl ends those of another number. 3: a file for each step's
 * progress. 4: a file of its own that is locked, and last steps.
 */
const FORMAT = 4;
const FORMAT_NAME = "lvsctl.transaction/";
const READ = "transaction";
/** Unlike the host's clock, it never jumps. */
const UPTIME = "/proc/uptime";
const BOOT = "/proc/sys/kernel/random/boot_id";
const FILES = {
  /** The boot in which the run began. */
  boot: `${TRANSACTION_FOLDER}/boot`,
  id: `${TRANSACTION_FOLDER}/id`,
  confirmed: `${TRANSACTION_FOLDER}/confirmed`,
  failed: `${TRANSACTION_FOLDER}/failed`,
  record: `${TRANSACTION_FOLDER}/transaction.json`,
  deadline: `${RUNTIME_FOLDER}/deadline`,
};

/** Where the host keeps the script that rolls the run back. */
export const SCRIPT_FILE = `${TRANSACTION_FOLDER}/transaction.sh`;

/** The line of that script that says whose it is. */
export function scriptRemark(id: string): string {
  return `# Run ${id} of lvsctl, which has not been confirmed yet. This rolls it back: sh transaction.sh undo`;
}

const SIZES = "transaction-files";
const ENDS = "transaction-script";

/** The commands that read a host's pending run; `parsePending` parses what they print. */
export const pendingReads: readonly ReadCommand[] = [
  { name: READ, argv: ["grep", "-H", "", UPTIME, BOOT, ...Object.values(FILES)] },
  { name: SIZES, argv: ["stat", "-c", "%n", FILES.id, FILES.confirmed] },
  { name: ENDS, argv: ["grep", "-h", "-e", "^# Run [0-9a-f]* of lvsctl", "-e", `^${LAST_LINE}$`, SCRIPT_FILE] },
];

/** Which steps of the run are done on the host: a path for each, which ends in the step's number. */
export const readProgress: ReadCommand = {
  name: "transaction-progress",
  argv: ["grep", "-rl", "^done ", `${RUNTIME_FOLDER}/progress`],
};

/** Parses the output of `pendingReads`; undefined if no run is pending. */
export function parsePending(outputs: ReadOutputs): Pending | undefined {
  const files = filesIn(outputs.get(READ)?.stdout ?? "");
  const there = (outputs.get(SIZES)?.stdout ?? "").split("\n");
  const isConfirmed = there.includes(FILES.confirmed);
  if (!isConfirmed && !there.includes(FILES.id)) return undefined;
  const found = readRecord(files.get(FILES.record) ?? "");
  const record = typeof found === "object" && "id" in found ? found : undefined;
  const other = typeof found === "object" && "format" in found ? found : undefined;
  const script = outputs.get(ENDS)?.stdout ?? "";
  const idFile = isConfirmed ? FILES.confirmed : FILES.id;
  const storedId = files.get(idFile)?.trim() ?? "";
  const id = record?.id ?? /^# Run ([0-9a-f]+) /.exec(script)?.[1] ?? storedId;
  const damaged = other
    ? []
    : [
        ...(storedId === id && id !== "" ? [] : [idFile]),
        ...(found === "damaged" ? [FILES.record] : []),
        ...(script.endsWith(`${LAST_LINE}\n`) ? [] : [SCRIPT_FILE]),
      ];
  const known = { id, record, ...(other ? { other } : {}), ...(damaged.length > 0 ? { damaged } : {}) };
  if (isConfirmed) return { ...known, state: "committed" };
  const output = files.get(FILES.failed)?.trim();
  if (output !== undefined) return { ...known, state: "stuck", output };
  const deadline = Number.parseInt(files.get(FILES.deadline) ?? "", 10);
  const secondsLeft = Math.ceil(deadline - Number.parseFloat(files.get(UPTIME) ?? "0"));
  const isThisBoot = files.get(BOOT) === files.get(FILES.boot) && !Number.isNaN(deadline);
  if (!isThisBoot) return { ...known, state: "restarted" };
  return secondsLeft > 0 ? { ...known, state: "live", secondsLeft } : { ...known, state: "expired" };
}

/** A record's text: a header with a SHA-256, then one line of JSON. */
export function formatRecord(record: TransactionRecord): string {
  const body = JSON.stringify(record);
  const { version } = record.runner;
  return `${JSON.stringify({ format: `${FORMAT_NAME}${FORMAT}`, version, checksum: checksum(body) })}\n${body}\n`;
}

/** The record in a text; what another version has written is recognised by its first line. */
export function readRecord(text: string): TransactionRecord | OtherRecord | "damaged" {
  const [head = "", body = ""] = text.split("\n");
  try {
    const { format, version, checksum: sum } = JSON.parse(head) as Readonly<Record<string, unknown>>;
    const number = /^lvsctl\.transaction\/([1-9]\d{0,5})$/.exec(String(format))?.[1];
    if (number === undefined) return "damaged";
    const isNewer = Number(number) > FORMAT;
    if (isNewer || Number(number) < FORMAT)
      return { format: String(format), isNewer, version: isVersion(version) ? version : undefined };
    const record: unknown = JSON.parse(body);
    return sum === checksum(body) && isSound(record) ? record : "damaged";
  } catch {
    return "damaged";
  }
}

/** The most steps that a run has on a host: far more than any topology needs. */
const MAX_STEPS = 100_000;

/** Whether it has the shape of a record. A host can write anything, with the right checksum. The states are not checked. */
function isSound(value: unknown): value is TransactionRecord {
  const { id, topology, host, since, hosts, changes, runner, steps, confirmTimeoutSeconds } = fieldsOf(value);
  const { user, machine, command } = fieldsOf(runner);
  const isChange = (change: unknown) => {
    const { kind, key, description } = fieldsOf(change);
    return [kind, key, description].every(isText);
  };
  return (
    /^[0-9a-f]{1,64}$/.test(String(id)) &&
    [id, topology, host, since, user, machine, command].every(isText) &&
    Array.isArray(hosts) &&
    hosts.every(isText) &&
    Array.isArray(changes) &&
    changes.every(isChange) &&
    Number.isInteger(steps) &&
    Number(steps) >= 0 &&
    Number(steps) <= MAX_STEPS &&
    typeof confirmTimeoutSeconds === "number"
  );
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function checksum(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function filesIn(text: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    const path = line.slice(0, colon);
    if (colon > 0) files.set(path, `${files.get(path) ?? ""}${line.slice(colon + 1)}\n`);
  }
  return files;
}
