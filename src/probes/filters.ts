/** Reads the rules of nf_tables, whoever has made them. */
import { type NftRuleset, parseNftRuleset } from "../lvs/nft-ruleset.ts";
import { failureOf } from "../shell/failure.ts";
import type { ReadCommand, ReadOutputs } from "../shell/read-script.ts";
import type { Probe } from "./probe.ts";

/** Without the contents of named sets, which can be lists of a million addresses. */
const ARGUMENTS = ["-j", "-t", "list", "ruleset"];

/** What was found; both are absent on a host without nft. */
export interface FoundFilters {
  readonly nft?: NftRuleset;
  /** Why the rules could not be read. */
  readonly unknownFilters?: string;
}

/** nft(8), for this one command. */
export const filtersProbe: Probe = {
  program: "nft",
  allows: (args) => args.join(" ") === ARGUMENTS.join(" "),
};

/** The read command. */
export const readFilters: ReadCommand = { name: "nft-ruleset", argv: [filtersProbe.program, ...ARGUMENTS] };

const NOT_FOUND = 127;

/** Parses what it printed. */
export function parseFilters(outputs: ReadOutputs): FoundFilters {
  const output = outputs.get(readFilters.name);
  if (output === undefined || output.status === NOT_FOUND) return {};
  const call = `nft ${ARGUMENTS.join(" ")}`;
  if (output.status !== 0) return { unknownFilters: `${call} failed there: ${failureOf(output)}` };
  const nft = parseNftRuleset(output.stdout);
  return nft === undefined ? { unknownFilters: `what ${call} printed there is no ruleset` } : { nft };
}
