/** Quoting for POSIX shells. Everything that reaches a shell goes through here. */

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** POSIX shell text with every value quoted. Made only by this module and by templates that use it. */
export type ShellCommand = string & { readonly __shellCommand: true };

/**
 * Quotes one word for a POSIX shell; a word that needs no quotes stays as it is.
 * Throws a RangeError on NUL, which a shell word cannot contain. The caller has to put `--` before a word that may begin with `-`.
 * Source: POSIX.1-2017, Shell Command Language 2.2.2.
 */
export function quote(word: string): string {
  if (word.includes("\0")) throw new RangeError("a shell word cannot hold a NUL character");
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Joins an argument vector into one quoted command. */
export function command(...argv: readonly string[]): ShellCommand {
  return argv.map(quote).join(" ") as ShellCommand;
}

/**
 * A template for shell text whose interpolated values are quoted: `` sh`ip link set ${device} up` ``.
 * A ShellCommand made by `command` or `sh` is quoted like any other value; use `raw` to nest one.
 */
export function sh(parts: TemplateStringsArray, ...values: readonly (string | number | Raw)[]): ShellCommand {
  return parts
    .map((part, index) => {
      const value = values[index];
      if (value === undefined) return part;
      return part + (typeof value === "object" ? value.text : quote(String(value)));
    })
    .join("") as ShellCommand;
}

interface Raw {
  readonly text: ShellCommand;
}

/** Marks a finished ShellCommand so that `sh` nests it without quoting it again. */
export function raw(text: ShellCommand): Raw {
  return { text };
}

/** Finished commands, one after the other; with ` &&\n` each only if those before it have succeeded. */
export function inSequence(commands: readonly ShellCommand[], by: "\n" | " &&\n" = "\n"): ShellCommand {
  return commands.join(by) as ShellCommand;
}
