/**
 * Reads all ledgers of a host, for every topology. Their names are not known in advance, and a read has no shell to expand a
 * pattern. find(1) can run other programs; the guard allows exactly these two, with exactly these arguments.
 */
import type { Probe } from "./probe.ts";

/** A file or folder, as stat(1) shows it. */
export interface FileStatus {
  /** Raw, with the type of the file. Source: inode(7). */
  readonly mode: number;
  /** The numeric user ID. */
  readonly owner: string;
  /** Changes whenever the file changes. */
  readonly version: string;
}

/** For `stat -c`: raw mode in hexadecimal, owner, version (inode, size, modification time), and name. */
const STATUS = "%f %u %i:%s:%Y %n";

const SEARCH = [
  ...["-maxdepth", "2", "(", "-type", "d", "-o", "-name", "ledger.json", ")"],
  ...["-exec", "stat", "-c", STATUS, "{}", "+"],
  ...["-type", "f", "-exec", "grep", "-a", "-H", "", "{}", "+"],
];

/**
 * Prints a status line for `folder`, for each folder up to two levels below it, and for each `ledger.json` in there; and
 * every line of each `ledger.json` that is a plain file, prefixed with its path and a colon.
 */
export function ledgersCommand(folder: string): readonly string[] {
  return ["find", `${folder}/`, ...SEARCH];
}

/** Parses what it printed: the status of each path, and the text of each ledger, which ends with a line break. */
export function parseLedgersOutput(stdout: string): {
  readonly statuses: ReadonlyMap<string, FileStatus>;
  readonly texts: ReadonlyMap<string, string>;
} {
  const lines = stdout.split("\n");
  return { statuses: new Map(lines.flatMap(statusFrom)), texts: textsFrom(lines) };
}

/** The probe that reads ledgers; it allows nothing else that find(1) can do. */
export const ledgersProbe: Probe = {
  program: "find",
  allows: ([folder = "", ...rest]) =>
    /^(\/[a-z][a-z0-9-]*){2,8}\/$/.test(folder) &&
    !/^\/(dev|proc|sys)\//.test(folder) &&
    rest.length === SEARCH.length &&
    rest.every((word, index) => word === SEARCH[index]),
};

function statusFrom(line: string): readonly (readonly [string, FileStatus])[] {
  const [, mode = "", owner = "", version = "", path = ""] =
    /^([0-9a-f]{1,8}) (\d+) (\d+:\d+:\d+) (\/.*?)\/?$/.exec(line) ?? [];
  return path === "" ? [] : [[path, { mode: Number.parseInt(mode, 16), owner, version }]];
}

function textsFrom(lines: readonly string[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const line of lines) {
    const [start, path = ""] = /^(\/[^:]*\/ledger\.json):/.exec(line) ?? [];
    if (start !== undefined) texts.set(path, `${texts.get(path) ?? ""}${line.slice(start.length)}\n`);
  }
  return texts;
}
