/** Outputs of commands that fail in part, which is how they say that something does not exist. */
import { LvsctlError } from "../../errors/lvsctl-error.ts";
import type { ReadOutputs } from "../../shell/read-script.ts";
import { NOT_FOUND, outputOf } from "../outputs.ts";

/** What a command printed, whatever its exit status. Throws LVS-FACT-002 where the host has no such command. */
export function partialOutput(outputs: ReadOutputs, name: string, program: string, host: string): string {
  const { stdout, status } = outputOf(outputs, name);
  if (status !== NOT_FOUND) return stdout;
  throw new LvsctlError("LVS-FACT-002", `${host} has no ${program}.`, {
    host,
    hint: "Install coreutils and grep, or BusyBox with the same commands.",
  });
}
