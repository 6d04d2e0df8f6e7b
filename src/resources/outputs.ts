/** Helpers for parsing the output of read commands. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { ReadOutput, ReadOutputs } from "../shell/read-script.ts";

/** The shell's exit status for a command that the host does not have. */
export const NOT_FOUND = 127;

const NONE: ReadOutput = { stdout: "", stderr: "", status: NOT_FOUND };

/** What a read command printed. If it was not run, the result is as if the host did not have it. */
export function outputOf(outputs: ReadOutputs, name: string): ReadOutput {
  return outputs.get(name) ?? NONE;
}

/**
 * The standard output of a read command that every host must have. Throws LVS-FACT-002 if the host lacks it and
 * LVS-FACT-001 if it failed. `hint` says what to install.
 */
export function requireOutput(
  outputs: ReadOutputs,
  name: string,
  host: string,
  program: { readonly name: string; readonly hint: string },
): string {
  const { stdout, stderr, status } = outputOf(outputs, name);
  if (status === NOT_FOUND) {
    throw new LvsctlError("LVS-FACT-002", `${host} has no ${program.name}.`, { host, hint: program.hint });
  }
  if (status !== 0) {
    throw new LvsctlError("LVS-FACT-001", `${program.name} failed on ${host} with exit status ${status}.`, {
      host,
      output: stderr.trim(),
      hint: `Run ${program.name} on ${host} by hand and see what it says.`,
    });
  }
  return stdout;
}

/**
 * What a command printed, regardless of its exit status: `stat` and `grep` fail if something does not exist. Throws
 * LVS-FACT-002 if the host has no such command.
 */
export function partialOutput(outputs: ReadOutputs, name: string, program: string, host: string): string {
  const { stdout, status } = outputOf(outputs, name);
  if (status !== NOT_FOUND) return stdout;
  throw new LvsctlError("LVS-FACT-002", `${host} has no ${program}.`, {
    host,
    hint: "Install coreutils and grep, or BusyBox with the same commands.",
  });
}

/** The error for unexpected output; `line` is the part we do not understand. */
export function notUnderstood(host: string, program: string, line: string): LvsctlError {
  return new LvsctlError("LVS-FACT-001", `${program} on ${host} printed something that lvsctl does not understand.`, {
    host,
    output: line,
    hint: `Please report this line together with what "${program} --version" prints.`,
  });
}
