/**
 * The one command by which all ledgers of a host are read, whatever topologies they belong to: their names are not known
 * before, and a read has no shell that would complete a pattern. find(1) may run other programs; the guard lets exactly
 * these two through, with exactly these arguments.
 */
import type { Rule } from "./grammar.ts";

/** For `stat -c`: raw mode in hexadecimal, owner, what tells one version of a file from the next, and the name. */
const STATUS = "%f %u %i:%s:%Y %n";

const SEARCH = [
  ...["-maxdepth", "2", "(", "-type", "d", "-o", "-name", "ledger.json", ")"],
  ...["-exec", "stat", "-c", STATUS, "{}", "+"],
  ...["-type", "f", "-exec", "grep", "-a", "-H", "", "{}", "+"],
];

/**
 * Prints a line about `folder`, about each folder in it and in those, and about each `ledger.json` in a folder of
 * `folder`; and of each such file that is a plain file every line, behind its path and a colon.
 */
export function ledgersCommand(folder: string): readonly string[] {
  return ["find", `${folder}/`, ...SEARCH];
}

export const readsLedgers: Rule = ([folder = "", ...rest]) =>
  /^(\/[a-z][a-z0-9-]*){2,8}\/$/.test(folder) &&
  !/^\/(dev|proc|sys)\//.test(folder) &&
  rest.length === SEARCH.length &&
  rest.every((word, index) => word === SEARCH[index]);
