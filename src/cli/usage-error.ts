import type { CommanderError } from "commander";
import { LvsctlError } from "../errors/lvsctl-error.ts";

/**
 * LVS-USAGE-001 for what commander says of a command line. `name`: the command it is about, with `lvsctl`; `usage`: what can
 * follow the name.
 */
export function usageError({ message }: CommanderError, name: string, usage: string): LvsctlError {
  const [, said = message, guess] = /^(?:error: )?([\s\S]*?)(?:\s*\((Did you mean [\s\S]*\?)\))?$/.exec(message) ?? [];
  const sentence = `${said.charAt(0).toUpperCase()}${said.slice(1)}`;
  return new LvsctlError("LVS-USAGE-001", /[.?!]$/.test(sentence) ? sentence : `${sentence}.`, {
    hint: `${guess ? `${guess} ` : ""}Usage: ${name} ${usage} (${name} --help explains it).`,
  });
}
