/** A run on a host that is neither confirmed nor rolled back yet: who started it, and what state it is in. */
import { createHash } from "node:crypto";
import type { Stage } from "../lvs/stage.ts";
import type { Change } from "../resources/resource.ts";
import { RUNTIME_FOLDER, TRANSACTION_FOLDER } from "../resources/state-folder.ts";
import type { ReadCommand, ReadOutputs } from "../shell/read-script.ts";

/** Who runs lvsctl, when and from where. */
export interface Runner {
  readonly user: string;
  readonly machine: string;
  readonly process: number;
  /** `apply`, `destroy`, … */
  readonly command: string;
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
  /** Undefined if it cannot be parsed. */
  readonly record: TransactionRecord | undefined;
}

const FORMAT = "lvsctl.transaction/1";
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

/** The command that reads a host's pending run; `parsePending` parses what it prints. */
export const readPending: ReadCommand = {
  name: READ,
  argv: ["grep", "-H", "", UPTIME, BOOT, ...Object.values(FILES)],
};

/** All of it. */
export const pendingReads: readonly ReadCommand[] = [readPending];

/** How far the run has come on the host: a line with one word for each step. */
export const readProgress: ReadCommand = { name: "transaction-progress", argv: ["cat", `${RUNTIME_FOLDER}/progress`] };

/** Parses the output of `readPending`; undefined if no run is pending. */
export function parsePending(outputs: ReadOutputs): Pending | undefined {
  const files = filesIn(outputs.get(READ)?.stdout ?? "");
  const id = (files.get(FILES.id) ?? files.get(FILES.confirmed))?.trim();
  if (id === undefined) return undefined;
  const record = parseRecord(files.get(FILES.record) ?? "");
  const deadline = Number.parseInt(files.get(FILES.deadline) ?? "", 10);
  const secondsLeft = Math.ceil(deadline - Number.parseFloat(files.get(UPTIME) ?? "0"));
  const isThisBoot = files.get(BOOT) === files.get(FILES.boot) && !Number.isNaN(deadline);
  if (files.has(FILES.confirmed)) return { id, record, state: "committed" };
  const output = files.get(FILES.failed)?.trim();
  if (output !== undefined) return { id, record, state: "stuck", output };
  if (!isThisBoot) return { id, record, state: "restarted" };
  return secondsLeft > 0 ? { id, record, state: "live", secondsLeft } : { id, record, state: "expired" };
}

/** A record's text: a header with a SHA-256, then one line of JSON. */
export function formatRecord(record: TransactionRecord): string {
  const body = JSON.stringify(record);
  return `${JSON.stringify({ format: FORMAT, checksum: checksum(body) })}\n${body}\n`;
}

/** Undefined if the text is damaged or of another version. */
export function parseRecord(text: string): TransactionRecord | undefined {
  const [head = "", body = ""] = text.split("\n");
  try {
    const { format, checksum: sum } = JSON.parse(head) as { format?: unknown; checksum?: unknown };
    return format === FORMAT && sum === checksum(body) ? (JSON.parse(body) as TransactionRecord) : undefined;
  } catch {
    return undefined;
  }
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
