/**
 * What each of a host's iptables says: its rules, or why it is of no use. A host may have two that do not see each other's
 * rules, legacy and nf_tables, and `iptables` is one of them.
 */
import { parseIptablesSave, type Saved } from "../../lvs/iptables-words.ts";
import type { Family } from "../../net/address.ts";
import type { ReadCommand, ReadOutput, ReadOutputs } from "../../shell/read-script.ts";
import { type Fault, failedFault, legacyFault } from "../filter-fault.ts";
import { dryRun, moduleFacts, parseRights, readRights } from "../module-loading.ts";
import { NOT_FOUND, outputOf } from "../outputs.ts";
import { programOf } from "./rule-state.ts";

const VARIANTS = ["", "-legacy", "-nft"] as const;

/** The end of a program's name. The first is the host's default. */
export type VariantName = (typeof VARIANTS)[number];

/** One of a host's iptables. */
export type Variant =
  | { readonly name: VariantName; readonly saved: Saved; readonly fault?: undefined }
  | { readonly name: VariantName; readonly fault: Fault };

/** What tells legacy's programs from those of nf_tables where there is no other one beside them. */
const NFT_PROGRAM = "xtables-nft-multi";

/** The reads that show each iptables' rules for a family, which one is the default, and what legacy would need. */
export function readVariants(family: Family): readonly ReadCommand[] {
  const program = programOf(family);
  const isThe = (variant: VariantName) => ["test", `/usr/sbin/${program}`, "-ef", `/usr/sbin/${program}${variant}`];
  return [
    ...VARIANTS.map((variant) => ({ name: saveName(family, variant), argv: [`${program}${variant}-save`] })),
    { name: readName(family, "is-nft"), argv: isThe("-nft") },
    { name: readName(family, "is-legacy"), argv: isThe("-legacy") },
    { name: readName(family, "has-nft"), argv: ["command", "-v", NFT_PROGRAM] },
    { name: readName(family, "loaded"), argv: ["test", "-e", `/proc/net/${moduleOf(family)}_names`] },
    dryRun(readName(family, "module"), [moduleOf(family)]),
    readRights,
  ];
}

/** All that the host has, its default first. */
export function variantsOf(outputs: ReadOutputs, family: Family): readonly Variant[] {
  return VARIANTS.flatMap((name): readonly Variant[] => {
    const output = saveOf(outputs, family, name);
    if (output === undefined) return [];
    if (output.status !== 0) return [{ name, fault: failedFault(`${programOf(family)}${name}-save`, output) }];
    const saved = parseIptablesSave(output.stdout);
    const fault = saved.tables.size > 0 ? undefined : idleFault(outputs, family, name);
    return [fault === undefined ? { name, saved } : { name, fault }];
  });
}

/** What a variant printed; undefined if the host does not have it. */
export function saveOf(outputs: ReadOutputs, family: Family, variant: VariantName): ReadOutput | undefined {
  const output = outputOf(outputs, saveName(family, variant));
  return output.status === NOT_FOUND ? undefined : output;
}

/** Whether the host's default is the one of nf_tables, as far as its links tell. */
export function defaultIsNft(outputs: ReadOutputs, family: Family): boolean {
  return succeeds(outputs, family, "is-nft");
}

function idleFault(outputs: ReadOutputs, family: Family, name: VariantName): Fault | undefined {
  if (!isLegacy(outputs, family, name)) return undefined;
  const loaded = outputs.get(readName(family, "loaded"))?.status;
  const facts = moduleFacts(outputOf(outputs, readName(family, "module")), parseRights(outputs));
  const beside = VARIANTS.flatMap((one) => saveOf(outputs, family, one) ?? []);
  return legacyFault(moduleOf(family), facts, loaded === undefined ? undefined : loaded === 0, beside);
}

function isLegacy(outputs: ReadOutputs, family: Family, name: VariantName): boolean {
  if (name !== "") return name === "-legacy";
  const hasNft = outputs.get(readName(family, "has-nft"));
  return succeeds(outputs, family, "is-legacy") || (hasNft !== undefined && hasNft.status !== 0);
}

function succeeds(outputs: ReadOutputs, family: Family, name: string): boolean {
  return outputOf(outputs, readName(family, name)).status === 0;
}

function moduleOf(family: Family): string {
  return family === 6 ? "ip6_tables" : "ip_tables";
}

function saveName(family: Family, variant: VariantName): string {
  return readName(family, `save${variant}`);
}

function readName(family: Family, what: string): string {
  return `iptables-rule-${family}-${what}`;
}
