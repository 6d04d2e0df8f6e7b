/** Programs that show files. None of the options here writes; devices are kept out, since opening one can have effects. */
import { posix } from "node:path";
import { anything, type Check, grammar, number, type Rule } from "./grammar.ts";
import { readsLedgers } from "./ledgers.ts";

const count: Check = (word) => /^[+-]?\d{1,12}$/.test(word);
const digits = "0123456789";

/** A path, but no device and none of the kernel's files that lead to one or forget what was read from them. */
const path: Check = (word) => {
  const absolute = posix.normalize(`/${word}`);
  if (word === "" || word.startsWith("+")) return false;
  return absolute === "/dev/null" || !/^\/(dev(\/|$)|proc\/(kmsg$|[^/]+\/(root|cwd|fd)\/))/.test(absolute);
};

const checksum = grammar({ flags: "bctz", long: ["check", "tag", "binary", "text"], operand: path });

export const fileRules: Readonly<Record<string, Rule>> = {
  cat: grammar({ flags: "AbeEnstTuv", operand: path }),
  head: grammar({ flags: `qv${digits}`, values: { n: count, c: count }, operand: path }),
  tail: grammar({ flags: `qv${digits}`, values: { n: count, c: count }, operand: path }),
  wc: grammar({ flags: "clmwL", operand: path }),
  // The first operand is a pattern, unless -e has given one.
  grep: grammar({
    flags: "EFGPivwxclLqshHnoaI",
    values: { e: anything, m: number, A: number, B: number, C: number },
    operand: grepWord,
  }),
  ls: grammar({ flags: "1aAdlhinLRtrSFZsp", operand: anything }),
  stat: grammar({
    flags: "LftZ",
    values: { c: anything },
    longValues: { format: anything, printf: anything },
    operand: anything,
  }),
  readlink: grammar({ flags: "efmnqsvz", operand: anything }),
  realpath: grammar({ flags: "emLPqsz", operand: anything }),
  sha256sum: checksum,
  sha1sum: checksum,
  md5sum: checksum,
  cksum: grammar({ operand: path }),
  base64: grammar({ flags: "di", values: { w: number }, operand: path }),
  test: looksOnly,
  "[": looksOnly,
  find,
};

function grepWord(word: string): boolean {
  return path(word) || !word.includes("/");
}

/** test(1) looks at files and never opens one. */
function looksOnly(): boolean {
  return true;
}

const findTests = new Set(
  [
    "-name",
    "-iname",
    "-path",
    "-ipath",
    "-regex",
    "-type",
    "-maxdepth",
    "-mindepth",
    "-newer",
    "-user",
    "-group",
  ].concat(
    [
      "-size",
      "-mtime",
      "-mmin",
      "-perm",
      "-links",
      "-inum",
      "-lname",
      "-empty",
      "-readable",
      "-executable",
      "-writable",
    ],
    [
      "-print",
      "-print0",
      "-printf",
      "-ls",
      "-prune",
      "-quit",
      "-o",
      "-a",
      "-or",
      "-and",
      "-not",
      "-xdev",
      "-mount",
      "-true",
    ],
    ["-false", "-follow", "-depth", "-L", "-P", "-H"],
  ),
);

/** find(1): every word that begins with a dash must be a harmless test, or a number as in `-mtime -1`; or it reads ledgers. */
function find(args: readonly string[]): boolean {
  if (readsLedgers(args)) return true;
  return args.every((word) => !word.startsWith("-") || findTests.has(word) || /^-\d+[a-zA-Z]?$/.test(word));
}
