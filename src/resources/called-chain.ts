/** A chain of ours that cannot be deleted because rules of somebody else call it. */
import { andList } from "../errors/and-list.ts";
import type { ForeignPart, Problem } from "./resource.ts";

/** What a plan says that would delete the chain. `calling`: the rules, whose descriptions name their chains as `-A CHAIN`. */
export function calledProblem(chain: string, calling: readonly ForeignPart[]): Problem {
  const places = [...new Set(calling.map(({ description }) => / -A (\S+) /.exec(description)?.[1] ?? ""))];
  const [what, call, them] = calling.length === 1 ? ["a rule", "calls", "it"] : ["rules", "call", "them"];
  return {
    message: `${chain} cannot be deleted: ${what} of somebody else ${call} it, in ${andList(places)}.`,
    hint: `See whose ${calling.length === 1 ? "it is" : "they are"}, and remove ${them}: ${calling.map(({ remedy }) => remedy).join("; ")}`,
  };
}
