/**
 * One script that reads everything from a host in a single exec, and the parser of its output.
 * A script is a list of plain argument vectors, so that it can be checked command by command before it is sent; whatever
 * follows from a command's output or exit status is decided here, on our side, by pure code.
 */
import { quote } from "./quote.ts";

/** One command that changes nothing. `name` is unique in its script. */
export interface ReadCommand {
  readonly name: string;
  readonly argv: readonly string[];
  /** Shell text that defines a function which `argv` calls: a probe of our own. */
  readonly script?: string;
  /**
   * A path without which the command is not run and has no output: some programs load a kernel module when they are
   * asked what it holds.
   */
  readonly onlyIf?: string;
  /** It mostly waits: it is begun before the others and runs beside them. What it says on stderr is lost. */
  readonly early?: true;
}

/** What one read command printed. Exit status 127 says that the host has no such command. */
export interface ReadOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** What a whole read script printed, by command name. */
export type ReadOutputs = ReadonlyMap<string, ReadOutput>;

/**
 * Prints the POSIX shell script for a list of read commands. `nonce` frames its output: 8 or more letters or digits that
 * no command prints; whatever a login shell prints before or after the frames is ignored.
 */
export function formatReadScript(commands: readonly ReadCommand[], nonce: string): string {
  const line = ({ name, argv, onlyIf }: ReadCommand) =>
    `${onlyIf === undefined ? "" : `[ -e ${quote(onlyIf)} ] && `}r ${quote(name)} ${argv.map(quote).join(" ")}`;
  const lines = commands.filter(({ early }) => !early).map(line);
  const early = commands.filter((one) => one.early).map(line);
  const scripts = new Set(commands.flatMap(({ script }) => script ?? []));
  // What is early writes its frames into a pipe, which holds them until the others are done.
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
 * Takes the output of a read script apart. Returns undefined when the script did not reach its end, which means that the
 * connection broke, or that the login shell is not a shell.
 */
export function parseReadOutput(stdout: string, stderr: string, nonce: string): ReadOutputs | undefined {
  if (!stdout.includes(`\n@${nonce} done\n`)) return undefined;
  const errors = frames(stderr, nonce);
  return new Map(
    [...frames(stdout, nonce)].map(([name, frame]) => [
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
