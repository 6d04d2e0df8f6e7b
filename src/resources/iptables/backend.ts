/** Which of a host's iptables to use. One that already holds rules must work. */
import type { Saved, SavedTable } from "../../lvs/iptables-words.ts";
import type { Family } from "../../net/address.ts";
import { quote, type ShellCommand } from "../../shell/quote.ts";
import type { ReadOutputs } from "../../shell/read-script.ts";
import type { Fault } from "../filter-fault.ts";
import { programOf } from "./rule-state.ts";
import { defaultIsNft, type Variant, type VariantName, variantsOf } from "./variants.ts";

/** One of a host's iptables, with its rules. */
export interface Backend {
  /** The program that changes rules: `iptables-restore`, `ip6tables-legacy-restore`. */
  readonly restore: string;
  /** The program to use if `restore` turns out not to work on this kernel. */
  readonly fallback?: string;
  /** Whether `restore` is known to understand -w. It does since 1.6.2, and as RHEL 7 has it since 1.4.21-18. */
  readonly hasWait: boolean;
  readonly tables: ReadonlyMap<string, SavedTable>;
}

/** What a host has to hold our rules; without `backend` and `fault`, nothing at all. */
export interface Choice {
  readonly backend?: Backend;
  /** Why nothing that the host has can be used. */
  readonly fault?: Fault;
}

/**
 * Chooses the one that has one of our chains, else the host's default. An nf_tables default without a single table may not
 * work on this kernel: if legacy has rules we use that instead, and if not, legacy is the fallback. A default that cannot be
 * read may hold our chains, so nothing else takes its place.
 */
export function chooseBackend(outputs: ReadOutputs, family: Family, ourChains: ReadonlySet<string>): Choice {
  const installed = variantsOf(outputs, family);
  const usable = installed.flatMap((one) => (one.fault === undefined ? [one] : []));
  const faults = installed.flatMap(({ fault }) => fault ?? []);
  const [first] = usable;
  const ours = usable.find(({ saved }) => hasChainOf(saved, ourChains));
  const unread = first === undefined ? faults.find(({ isEmpty }) => !isEmpty) : unreadFault(installed[0]);
  if (ours === undefined && unread !== undefined) return { fault: unread };
  if (first === undefined) return faults[0] === undefined ? {} : { fault: faults[0] };
  const legacy = usable.find(({ name }) => name === "-legacy");
  const isUnproven = first.name === "" && defaultIsNft(outputs, family) && first.saved.tables.size === 0;
  const isLegacyInUse = isUnproven && legacy !== undefined && hasRules(legacy.saved);
  const { name, saved } = ours ?? (isLegacyInUse ? legacy : undefined) ?? first;
  const restore = (which: VariantName) => `${programOf(family)}${which}-restore`;
  const backend = {
    restore: restore(name),
    ...(!ours && isUnproven && !isLegacyInUse && legacy ? { fallback: restore("-legacy") } : {}),
    hasWait: saved.version !== undefined && isSince162(saved.version),
    tables: saved.tables,
  };
  return { backend };
}

function unreadFault(one: Variant | undefined): Fault | undefined {
  return one?.fault?.isEmpty === false ? one.fault : undefined;
}

/** The backend of a current distribution without any rules. */
export function bareBackend(family: Family): Backend {
  return { restore: `${programOf(family)}-restore`, hasWait: true, tables: new Map() };
}

/** Loads one table's lines atomically; other rules are not touched. */
export function restoreScript({ restore, fallback, hasWait }: Backend, lines: readonly string[]): ShellCommand {
  const call = (program: string) => `${program} ${hasWait ? "-w 10" : waitIfKnown(program)} --noflush`;
  const text = `${lines.join("\n")}\n`;
  if (fallback === undefined) return `printf %s ${quote(text)} | ${call(restore)}` as ShellCommand;
  return [
    `rules=${quote(text)}`,
    `printf %s "$rules" | ${call(restore)} || printf %s "$rules" | ${call(fallback)}`,
  ].join("\n") as ShellCommand;
}

/** Shell text for -w where the program's help has it: an old one would take the 10 for the name of a file to load. */
function waitIfKnown(program: string): string {
  return `$(${program} --help 2>&1 </dev/null | grep -q -e --wait && echo -w 10)`;
}

function hasChainOf({ tables }: Saved, chains: ReadonlySet<string>): boolean {
  return [...tables.values()].some((table) => [...table.chains].some((chain) => chains.has(chain)));
}

function hasRules({ tables }: Saved): boolean {
  return [...tables.values()].some(({ rules }) => rules.size > 0);
}

function isSince162(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  return major * 10_000 + minor * 100 + patch >= 10_602;
}
