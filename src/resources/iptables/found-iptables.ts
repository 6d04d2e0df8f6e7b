/** All iptables of a host, each once: those that filter packets beside the one that has our rules are among them. */
import type { IptablesRules } from "../../lvs/iptables-as-nft.ts";
import { parseIptablesSave } from "../../lvs/iptables-words.ts";
import type { Family } from "../../net/address.ts";
import { failureOf } from "../../shell/failure.ts";
import type { ReadOutput, ReadOutputs } from "../../shell/read-script.ts";
import { hasNoTables } from "../filter-fault.ts";
import type { Backend } from "./backend.ts";
import { programOf } from "./rule-state.ts";
import { defaultIsNft, saveOf } from "./variants.ts";

/** One of a host's iptables: with its rules, or with why nobody knows them. */
export interface FoundIptables extends Omit<IptablesRules, "tables"> {
  readonly tables?: IptablesRules["tables"];
  readonly unread?: string;
  /** Our rules go there. */
  readonly isOurs: boolean;
}

/** What the programs for one family say. The host's default is one of the others, unless these are missing. */
export function findIptables(
  outputs: ReadOutputs,
  family: Family,
  backend: Backend | undefined,
): readonly FoundIptables[] {
  const [plain, legacy, nft] = (["", "-legacy", "-nft"] as const).map((variant) => saveOf(outputs, family, variant));
  const program = programOf(family);
  const isPlainNft = defaultIsNft(outputs, family) || /\(nf_tables\)|xtables-save/.test(plain?.stdout ?? "");
  const same = isPlainNft && nft ? "-nft" : isSame(plain, legacy) ? "-legacy" : isSame(plain, nft) ? "-nft" : "";
  const ours = [backend?.restore, backend?.fallback].map((restore) =>
    restore === `${program}-restore` ? `${program}${same}` : restore?.replace(/-restore$/, ""),
  );
  const found = (variant: string, output: ReadOutput | undefined, isNft: boolean): readonly FoundIptables[] => {
    if (output === undefined || hasNoTables(output)) return [];
    const name = `${program}${variant}`;
    const isOurs = ours.includes(name);
    const unread = `${name}-save failed there: ${failureOf(output)}`;
    if (output.status !== 0) return [{ program: name, family, isNft, isOurs, unread }];
    return [{ program: name, family, isNft, isOurs, tables: parseIptablesSave(output.stdout).tables }];
  };
  return [
    ...found("-legacy", legacy, false),
    ...found("-nft", nft, true),
    ...(same === "" ? found("", plain, isPlainNft) : []),
    ...(legacy === undefined ? unseenLegacy([plain, nft], program, family) : []),
  ];
}

/** iptables-nft says that there are rules of legacy, and the host has no program that shows them. */
function unseenLegacy(
  outputs: readonly (ReadOutput | undefined)[],
  program: string,
  family: Family,
): readonly FoundIptables[] {
  if (!outputs.some((one) => one?.stderr.includes("-legacy tables present"))) return [];
  const unread = `there are rules of ${program}-legacy and no ${program}-legacy-save to show them`;
  return [{ program: `${program}-legacy`, family, isNft: false, isOurs: false, unread }];
}

function isSame(one: ReadOutput | undefined, other: ReadOutput | undefined): boolean {
  const rules = ({ stdout }: ReadOutput) => stdout.replaceAll(/^#.*\n|\[\d+:\d+\]/gm, "");
  return one !== undefined && other !== undefined && one.status === other.status && rules(one) === rules(other);
}
