/**
 * One script that reads everything from a host in a single exec, and the parser of its output.
 * A script is a list of plain argument vectors, so that each command can be checked before it is sent. Decisions that depend
 * on output or exit status are made on our side, by pure code.
 */
import { quote } from "./quote.ts";

/** One command that changes nothing. `name` is unique in its script. */
export interface ReadCommand {
  readonly name: string;
  readonly argv: readonly string[];
  /** Shell text that defines a function called by `argv`: one of our probes. */
  readonly script?: string;
  /**
   * The command runs only if this path exists; otherwise it has no output. Some programs load a kernel module just to list
   * what it holds.
   */
  readonly onlyIf?: string;
  /** It mostly waits, so it starts before the others and runs in parallel. Its stderr is lost. */
  readonly early?: true;
}

/** What one read command printed. Exit status 127 means that the host has no such command. */
export interface ReadOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** What a whole read script printed, by command name. */
export type ReadOutputs = ReadonlyMap<string, ReadOutput>;

/**
 * The POSIX shell script for a list of read commands. `nonce` frames its output: 8 or more letters or digits that no command
 * prints. Anything that a login shell prints before or after the frames is ignored.
 */
export function formatReadScript(commands: readonly ReadCommand[], nonce: string): string {
  const line = ({ name, argv, onlyIf }: ReadCommand) =>
    `${onlyIf === undefined ? "" : `[ -e ${quote(onlyIf)} ] && `}r ${quote(name)} ${argv.map(quote).join(" ")}`;
  const lines = commands.filter(({ early }) => !early).map(line);
  const early = commands.filter((one) => one.early).map(line);
  const scripts = new Set(commands.flatMap(({ script }) => script ?? []));
  // Early commands write their frames into a pipe, which holds them until the others are done.
  const beside = ["{", ...early, "} 2>/dev/null | { exec 3<&0", ...lines, "cat <&3; }"];
  return [
    "export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    `r() { n=$1; shift; printf '\\n@%s begin %s\\n' ${nonce} "$n"; printf '\\n@%s begin %s\\n' ${nonce} "$n" >&2`,
    `"$@" </dev/null; s=$?; printf '\\n@%s end %s\\n' ${nonce} "$s"; printf '\\n@%s end %s\\n' ${nonce} "$s" >&2; }`,
    ...scripts,
    ...(early.length > 0 ? beside : lines),
    `printf '\\n@%s done\\n' ${nonce}`,
    "",
  ].join("\n");
}

/**
 * Parses the output of a read script. Returns undefined if the script did not reach its end: the connection broke, or the
 * login shell is not a shell. NUL characters become U+FFFD: what is made of an answer may be shown or sent as a shell word.
 */
export function parseReadOutput(stdout: string, stderr: string, nonce: string): ReadOutputs | undefined {
  if (!stdout.includes(`\n@${nonce} done\n`)) return undefined;
  const errors = frames(stderr.replaceAll("\0", "\ufffd"), nonce);
  return new Map(
    [...frames(stdout.replaceAll("\0", "\ufffd"), nonce)].map(([name, frame]) => [
      name,
      { stdout: frame.text, stderr: errors.get(name)?.text ?? "", status: frame.status },
    ]),
  );
}

function frames(text: string, nonce: string): Map<string, { text: string; status: number }> {
  const found = new Map<string, { text: string; status: number }>();
  const begin = `\n@${nonce} begin `;
  const end = `\n@${nonce} end `;
  let at = text.indexOf(begin);
  while (at >= 0) {
    const nameEnd = text.indexOf("\n", at + begin.length);
    const close = text.indexOf(end, nameEnd);
    if (nameEnd < 0 || close < 0) break;
    const statusEnd = text.indexOf("\n", close + end.length);
    found.set(text.slice(at + begin.length, nameEnd), {
      text: text.slice(nameEnd + 1, Math.max(nameEnd + 1, close)),
      status: Number(text.slice(close + end.length, statusEnd < 0 ? undefined : statusEnd)),
    });
    at = text.indexOf(begin, close);
  }
  return found;
}
