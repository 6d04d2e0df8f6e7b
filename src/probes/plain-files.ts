/** Reads the beginnings of files, of plain ones only: reading a FIFO would wait for somebody, and take from others what is in it. */
import { posix } from "node:path";
import type { ReadCommand } from "../shell/read-script.ts";
import type { Probe } from "./probe.ts";

/** `lvsctl_heads BYTES FILE…` prints what `head -v -c BYTES` does of those that are there, are plain files and no links. */
const SCRIPT = `lvsctl_heads() (
bytes=$1; shift
for file; do
shift
[ ! -f "$file" ] || [ -L "$file" ] || set -- "$@" "$file"
done
[ $# = 0 ] || head -v -c "$bytes" "$@"
)`;

/** The probe that reads them. */
export const plainFilesProbe: Probe = {
  program: "lvsctl_heads",
  script: SCRIPT,
  allows: ([bytes = "", ...paths]) => /^\d{1,9}$/.test(bytes) && paths.every(isFilePath),
};

/** Whether a path is absolute, of one line, and leads to no device and no file of the kernel's, of which reading can be a change. */
export function isFilePath(path: string): boolean {
  const isOneLine = /^\/[^\0-\x1f\x7f]*$/.test(path);
  return isOneLine && posix.normalize(path) === path && !/^\/(dev|proc|sys)(\/|$)/.test(path);
}

/** The read command; `parseHeads` parses what it prints. */
export function readPlainFiles(name: string, paths: readonly string[], bytes: number): ReadCommand {
  return { name, argv: [plainFilesProbe.program, String(bytes), ...paths], script: SCRIPT };
}
