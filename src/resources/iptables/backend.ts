/**
 * Which of a host's iptables to use. A host may have two that do not see each other's rules, legacy and nf_tables, and
 * `iptables` is one of them. We do not try them out: one that already holds rules must work.
 */
import { parseIptablesSave, type Saved, type SavedTable } from "../../lvs/iptables-words.ts";
import type { Family } from "../../net/address.ts";
import { quote, type ShellCommand } from "../../shell/quote.ts";
import type { ReadCommand, ReadOutput, ReadOutputs } from "../../shell/read-script.ts";
import { NOT_FOUND, outputOf } from "../outputs.ts";

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

const VARIANTS = ["", "-legacy", "-nft"] as const;
type Variant = (typeof VARIANTS)[number];

/** The reads that show each iptables' rules for a family, and which one is the default. */
export function readBackends(family: Family): readonly ReadCommand[] {
  const program = programOf(family);
  return [
    ...VARIANTS.map((variant) => ({ name: saveName(family, variant), argv: [`${program}${variant}-save`] })),
    { name: sameName(family), argv: ["test", `/usr/sbin/${program}`, "-ef", `/usr/sbin/${program}-nft`] },
  ];
}

/**
 * Chooses the one that has one of our chains, else the host's default. An nf_tables default without a single table may not
 * work on this kernel: if legacy has rules we use that instead, and if not, legacy is the fallback. Undefined: the host has
 * no iptables.
 */
export function chooseBackend(
  outputs: ReadOutputs,
  family: Family,
  ourChains: ReadonlySet<string>,
): Backend | undefined {
  const found = VARIANTS.map((variant) => ({ variant, saved: savedBy(outputs, family, variant) }));
  const installed = found.filter(({ saved }) => saved !== undefined);
  const [first] = installed;
  if (!first) return undefined;
  const legacy = installed.find(({ variant }) => variant === "-legacy");
  const isUnproven = first.variant === "" && defaultIsNft(outputs, family) && (first.saved?.tables.size ?? 0) === 0;
  const isLegacyInUse = isUnproven && legacy?.saved !== undefined && hasRules(legacy.saved);
  const ours = installed.find(({ saved }) => saved && hasChainOf(saved, ourChains));
  const { variant, saved } = ours ?? (isLegacyInUse ? legacy : undefined) ?? first;
  const restore = (which: Variant) => `${programOf(family)}${which}-restore`;
  return {
    restore: restore(variant),
    ...(!ours && isUnproven && !isLegacyInUse && legacy ? { fallback: restore("-legacy") } : {}),
    hasWait: saved?.version !== undefined && isSince162(saved.version),
    tables: saved?.tables ?? new Map(),
  };
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

function programOf(family: Family): string {
  return family === 6 ? "ip6tables" : "iptables";
}

function saveName(family: Family, variant: Variant): string {
  return `iptables-rule-${family}-save${variant}`;
}

function sameName(family: Family): string {
  return `iptables-rule-${family}-is-nft`;
}

/** What a variant printed; undefined if the host does not have it. */
export function saveOf(outputs: ReadOutputs, family: Family, variant: Variant): ReadOutput | undefined {
  const output = outputOf(outputs, saveName(family, variant));
  return output.status === NOT_FOUND ? undefined : output;
}

/** The rules of a variant; undefined if the host does not have it or it fails. */
function savedBy(outputs: ReadOutputs, family: Family, variant: Variant): Saved | undefined {
  const output = saveOf(outputs, family, variant);
  return output?.status === 0 ? parseIptablesSave(output.stdout) : undefined;
}

/** Whether the host's default is the one of nf_tables, as far as its links tell. */
export function defaultIsNft(outputs: ReadOutputs, family: Family): boolean {
  return outputOf(outputs, sameName(family)).status === 0;
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
