/**
 * All ledgers of a host, whatever topologies they belong to: their names are not known before, and a read has no shell that
 * would complete a pattern. find(1) may run other programs; the guard lets exactly these two through, with exactly these
 * arguments.
 */
import type { Probe } from "./probe.ts";

/** A file or folder, as stat(1) shows it. */
export interface FileStatus {
  /** Raw, with the type of the file. Source: inode(7). */
  readonly mode: number;
  /** The number of the user. */
  readonly owner: string;
  /** Another one after each change of the file. */
  readonly version: string;
}

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

/** Understands what it printed: everything about each path, and the text of each ledger, which ends with a line's end. */
export function parseLedgersOutput(stdout: string): {
  readonly statuses: ReadonlyMap<string, FileStatus>;
  readonly texts: ReadonlyMap<string, string>;
} {
  const lines = stdout.split("\n");
  return { statuses: new Map(lines.flatMap(statusFrom)), texts: textsFrom(lines) };
}

/** Reads ledgers; nothing else that find(1) can do is let through. */
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
