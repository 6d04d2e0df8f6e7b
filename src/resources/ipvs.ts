/** What the two IPVS kinds share: how a service is written, how the table is read once, and how it is changed. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { type Protocol, parseSave, type SavedService, type ServiceId } from "../lvs/ipvsadm.ts";
import { parseThresholds } from "../lvs/ipvsadm-list.ts";
import { canonicalAddress } from "../net/address.ts";
import { command, raw, type ShellCommand, sh } from "../shell/quote.ts";
import type { ReadCommand, ReadOutputs } from "../shell/read-script.ts";
import { NOT_FOUND, notUnderstood, outputOf, requireOutput } from "./outputs.ts";
import { installHint } from "./packages.ts";
import { type Change, type Observed, oneByOne, type State, type Step } from "./resource.ts";

/** The schema properties that name a service. */
export const serviceProperties = {
  address: { type: ["string", "null"], description: "The virtual address (VIP). Not for a firewall-mark service." },
  port: {
    type: ["integer", "null"],
    minimum: 0,
    maximum: 65535,
    description: "The virtual port; 0 stands for all ports and needs persistence. Not for a firewall-mark service.",
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

/** Reads a service's name from what a playbook wrote. Throws LVS-FACT-003 where it has neither address nor mark. */
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

/** There as soon as ip_vs is loaded; ipvsadm itself would load it. */
export const IPVS_TABLE_FILE = "/proc/net/ip_vs";

/** The program, and how to get it. */
export const IPVSADM = { name: "ipvsadm", hint: installHint("ipvsadm") } as const;

/** The reads of the table. Nothing is read where ip_vs is not loaded, because ipvsadm would load it. */
export const readTable: readonly ReadCommand[] = [
  { name: PROGRAM, argv: ["command", "-v", "ipvsadm"] },
  { name: SAVE, argv: ["ipvsadm", "-S", "-n"], onlyIf: IPVS_TABLE_FILE },
  { name: THRESHOLDS, argv: ["ipvsadm", "-L", "-n", "--thresholds"], onlyIf: IPVS_TABLE_FILE },
];

/** Understands the table; it is empty where ip_vs is not loaded. Throws LVS-FACT-001 on lines that are not understood. */
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

/** The table of a host on which nobody has used IPVS. */
export function bareTable<S extends State>(): Observed<S, IpvsTable> {
  return { states: new Map(), detail: { hasProgram: true, services: [], thresholds: new Map() } };
}

/** With more changes than this, one ipvsadm makes all of them: with fewer, a failure names its change. */
const FEW = 4;

/** Steps for changes that are one line for ipvsadm each. */
export function ipvsadmSteps<S extends State>(
  changes: readonly Change<S>[],
  line: (change: Change<S>) => readonly string[],
): readonly Step<S>[] {
  if (changes.length <= FEW) return oneByOne(changes, (change) => command("ipvsadm", ...line(change)));
  const lines = changes.map((change) => restoreLine(line(change))).join("\n");
  // `ipvsadm -R` goes on after a failed line and exits with 0 when the last one succeeded: what it says is what counts.
  const script = sh`errors=$(printf '%s\\n' ${lines} | ipvsadm -R 2>&1) && [ -z "$errors" ] || { printf '%s\\n' "$errors" >&2; false; }`;
  return [{ makes: changes, script }];
}

/** Makes an entry of the table, or gives one that is there its settings. */
export function addOrEdit<S extends State>(
  state: S,
  line: (change: Pick<Change<S>, "before" | "after">) => readonly string[],
): ShellCommand {
  const add = command("ipvsadm", ...line({ before: undefined, after: state }));
  return sh`${raw(add)} 2>/dev/null || ${raw(command("ipvsadm", ...line({ before: state, after: state })))}`;
}

/** A line for `ipvsadm -R`, which knows no quoting. Throws a RangeError on a word that would be more than one. */
function restoreLine(words: readonly string[]): string {
  const bad = words.find((word) => !/^[^\s]+$/.test(word));
  if (bad !== undefined) throw new RangeError(`${JSON.stringify(bad)} is no single word for ipvsadm`);
  return words.join(" ");
}
