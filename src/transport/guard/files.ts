/** Programs that show files. None of the options here writes. Devices are refused, since opening one can have effects. */
import { posix } from "node:path";
import { anything, type Check, grammar, type Rule } from "./grammar.ts";

const count: Check = (word) => /^\d{1,12}$/.test(word);

/** A path, but not of a device, nor of a kernel file that leads to one or that reading empties. */
const path: Check = (word) => {
  const absolute = posix.normalize(`/${word}`);
  if (word === "" || word.startsWith("+")) return false;
  return absolute === "/dev/null" || !/^\/(dev(\/|$)|proc\/(kmsg$|[^/]+\/(root|cwd|fd)\/))/.test(absolute);
};

/** By program. */
export const fileRules: Readonly<Record<string, Rule>> = {
  cat: grammar({ operand: path }),
  head: grammar({ flags: "v", values: { c: count }, operand: path }),
  // The first operand is a pattern, unless -e has given one.
  grep: grammar({
    flags: "HhsaovlLrxF",
    values: { e: anything },
    operand: (word) => path(word) || !word.includes("/"),
  }),
  ls: grammar({ flags: "1", operand: path }),
  stat: grammar({ flags: "L", values: { c: anything }, operand: anything }),
  test: looksAtFiles,
};

/**
 * test(1) with one question about one file, or whether two are the same. Nothing longer: a shell's own `test` may evaluate
 * what it compares, or what `-v` names, and run the commands in it.
 */
function looksAtFiles(args: readonly string[]): boolean {
  const [first = "", second = "", third = ""] = args;
  if (args.length === 2) return /^-[defLw]$/.test(first) && second.startsWith("/");
  return args.length === 3 && first.startsWith("/") && second === "-ef" && third.startsWith("/");
}
