/** What the two IPVS kinds share: writing a service, reading the table once, and changing it. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { type Protocol, parseSave, type SavedService, type ServiceId } from "../lvs/ipvsadm.ts";
import { parseThresholds } from "../lvs/ipvsadm-list.ts";
import { canonicalAddress } from "../net/address.ts";
import { command, raw, type ShellCommand, sh } from "../shell/quote.ts";
import type { ReadCommand, ReadOutputs } from "../shell/read-script.ts";
import type { Fields } from "./known-fields.ts";
import { NOT_FOUND, notUnderstood, outputOf, requireOutput } from "./outputs.ts";
import { installHint } from "./packages.ts";
import { type Change, type LaterStep, type Observed, oneByOne, type State, type Step } from "./resource.ts";
import { unlessThere } from "./unless-there.ts";

/** The schema properties that name a service. */
export const serviceProperties = {
  address: { type: ["string", "null"], description: "The virtual address (VIP). Not for a firewall-mark service." },
  port: {
    type: ["integer", "null"],
    minimum: 0,
    maximum: 65535,
    description: "The virtual port; 0 means all ports and needs persistence. Not for a firewall-mark service.",
  },
  protocol: { enum: ["tcp", "udp", "sctp", null], description: "The transport protocol. Default: tcp." },
  fwmark: {
    type: ["integer", "null"],
    minimum: 1,
    maximum: 4294967295,
    description: "The firewall mark of a service that is chosen by mark and not by address.",
  },
  family: { enum: [4, 6, null], description: "The address family of a firewall-mark service. Default: 4." },
};

/** What a service's identity has in ledgers: one by address, and one by mark. */
export const SERVICE_FIELDS: Fields<ServiceId> = {
  address: true,
  port: true,
  protocol: true,
  fwmark: true,
  family: true,
};

/** Reads a service's identity from a playbook step. Throws LVS-FACT-003 if it has neither an address with a port nor a mark. */
export function serviceIdFrom({ address, port, protocol, fwmark, family }: State): ServiceId {
  if (typeof fwmark === "number") return { fwmark, family: family === 6 ? 6 : 4 };
  if (typeof address !== "string" || typeof port !== "number") {
    throw new LvsctlError("LVS-FACT-003", "A virtual service has neither an address with a port nor a firewall mark.", {
      hint: "Write address and port, or fwmark.",
    });
  }
  return { address: canonicalAddress(address), port, protocol: (protocol ?? "tcp") as Protocol };
}

/** The whole table of a host, thresholds included. */
export interface IpvsTable {
  readonly hasProgram: boolean;
  readonly services: readonly SavedService[];
  /** By `destinationKey`. */
  readonly thresholds: ReadonlyMap<string, readonly [upper: number, lower: number]>;
}

const PROGRAM = "ipvs-program";
const SAVE = "ipvs-save";
const THRESHOLDS = "ipvs-thresholds";

/** Exists once ip_vs is loaded; running ipvsadm would load it. */
export const IPVS_TABLE_FILE = "/proc/net/ip_vs";

/** The program and how to install it. */
export const IPVSADM = { name: "ipvsadm", hint: installHint("ipvsadm") } as const;

/** The reads of the table; skipped if ip_vs is not loaded, because ipvsadm would load it. */
export const readTable: readonly ReadCommand[] = [
  { name: PROGRAM, argv: ["command", "-v", "ipvsadm"] },
  { name: SAVE, argv: ["ipvsadm", "-S", "-n"], onlyIf: IPVS_TABLE_FILE },
  { name: THRESHOLDS, argv: ["ipvsadm", "-L", "-n", "--thresholds"], onlyIf: IPVS_TABLE_FILE },
];

/** Parses the table; it is empty if ip_vs is not loaded. Throws LVS-FACT-001 on lines it does not understand. */
export function parseTable(outputs: ReadOutputs, host: string): IpvsTable {
  const hasProgram = outputOf(outputs, PROGRAM).status === 0;
  if (outputOf(outputs, SAVE).status === NOT_FOUND) return { hasProgram, services: [], thresholds: new Map() };
  try {
    return {
      hasProgram,
      services: parseSave(requireOutput(outputs, SAVE, host, IPVSADM)),
      thresholds: parseThresholds(requireOutput(outputs, THRESHOLDS, host, IPVSADM)),
    };
  } catch (error) {
    throw error instanceof SyntaxError ? notUnderstood(host, IPVSADM.name, error.message) : error;
  }
}

/** The table of a host where IPVS has never been used. */
export function bareTable<S extends State>(): Observed<S, IpvsTable> {
  return { states: new Map(), detail: { hasProgram: true, services: [], thresholds: new Map() } };
}

/** More changes than this go to a single ipvsadm. Up to this many run one by one, so that a failure names its change. */
const FEW = 4;

/** Steps for changes that are each one line for ipvsadm. */
export function ipvsadmSteps<S extends State>(
  changes: readonly Change<S>[],
  line: (change: Change<S>) => readonly string[],
): readonly Step<S>[] {
  if (changes.length <= FEW) return oneByOne(changes, (change) => command("ipvsadm", ...line(change)));
  const lines = changes.map((change) => restoreLine(line(change))).join("\n");
  // `ipvsadm -R` carries on after a failed line and exits 0 if the last one succeeded, so we go by what it prints.
  const script = sh`errors=$(printf '%s\\n' ${lines} | ipvsadm -R 2>&1) && [ -z "$errors" ] || { printf '%s\\n' "$errors" >&2; false; }`;
  return [{ makes: changes, script }];
}

/** Adds an entry to the table, or updates the settings of an existing one. */
export function addOrEdit<S extends State>(
  state: S,
  line: (change: Pick<Change<S>, "before" | "after">) => readonly string[],
): ShellCommand {
  const add = command("ipvsadm", ...line({ before: undefined, after: state }));
  return sh`${raw(add)} 2>/dev/null || ${raw(command("ipvsadm", ...line({ before: state, after: state })))}`;
}

/** How an entry comes back after something has deleted entries: one that is there has the settings that somebody wants. */
export function addIfMissing<S extends State>(
  state: S,
  line: (change: Pick<Change<S>, "before" | "after">) => readonly string[],
): LaterStep {
  const add = command("ipvsadm", ...line({ before: undefined, after: state }));
  return { when: sh`asks services`, script: unlessThere(add, "already exists") };
}

/** A line for `ipvsadm -R`, which has no quoting. Throws a RangeError on a word that would be read as several. */
function restoreLine(words: readonly string[]): string {
  const bad = words.find((word) => !/^[^\s]+$/.test(word));
  if (bad !== undefined) throw new RangeError(`${JSON.stringify(bad)} is no single word for ipvsadm`);
  return words.join(" ");
}
