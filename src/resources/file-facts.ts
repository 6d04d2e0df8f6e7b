/** Parsers for what `stat` and `head -v` print about files, both GNU coreutils and BusyBox. */
import { notUnderstood } from "./outputs.ts";

/** What stat calls a file. */
export type FileType = "file" | "directory" | "symbolic link" | "special file";

/** What stat says about one file. */
export interface FileStatus {
  readonly type: FileType;
  /** Permission bits as four octal digits: `0644`. */
  readonly mode: string;
  readonly sizeBytes: number;
}

/** For `stat -c`: the raw mode in hexadecimal, the size, and the name unquoted to the end of the line. */
export const STATUS_FORMAT = "%f %s %n";

/** Source: inode(7), S_IFMT. */
const TYPES: ReadonlyMap<number, FileType> = new Map([
  [0o100000, "file"],
  [0o040000, "directory"],
  [0o120000, "symbolic link"],
]);

/** Parses `stat -c STATUS_FORMAT`, which leaves out what does not exist. Throws LVS-FACT-001. */
export function parseFileStatus(text: string, host: string): ReadonlyMap<string, FileStatus> {
  const lines = text.split("\n").filter((line) => line !== "");
  return new Map(
    lines.map((line) => {
      const [, mode, size, path] = /^([0-9a-f]+) (\d+) (\/.*)$/.exec(line) ?? [];
      if (mode === undefined || path === undefined) throw notUnderstood(host, "stat", line);
      const bits = Number.parseInt(mode, 16);
      const type = TYPES.get(bits & 0o170000) ?? "special file";
      return [path, { type, mode: (bits & 0o7777).toString(8).padStart(4, "0"), sizeBytes: Number(size) }];
    }),
  );
}

/**
 * Splits the output of one `head -v -c` into files; `files` in the order of its arguments. Sizes say where a file ends,
 * because its content may look like the next file's header. A file that is incomplete or not UTF-8 has no entry.
 */
export function parseHeads(
  text: string,
  files: readonly { readonly path: string; readonly sizeBytes: number }[],
): ReadonlyMap<string, string> {
  const bytes = Buffer.from(text);
  const contents = new Map<string, string>();
  let at = 0;
  for (const { path, sizeBytes } of files) {
    const header = Buffer.from(`==> ${path} <==\n`);
    const found = bytes.indexOf(header, at);
    if (found < 0) continue;
    const start = found + header.length;
    const end = start + sizeBytes;
    const isWhole = end === bytes.length || bytes.subarray(end, end + 5).toString() === "\n==> ";
    if (isWhole) contents.set(path, bytes.subarray(start, end).toString());
    at = isWhole ? end : start;
  }
  return contents;
}
