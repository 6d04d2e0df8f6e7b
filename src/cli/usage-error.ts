import type { CommanderError } from "commander";
import { LvsctlError } from "../errors/lvsctl-error.ts";

/** What commander says of a value that is refused, for a flag that takes none. */
const OF_A_FLAG = /^(option '[^'<]*') argument 'undefined' is invalid\. /;

/**
 * LVS-USAGE-001 for what commander says of a command line. `name`: the command it is about, with `lvsctl`; `usage`: what can
 * follow the name.
 */
export function usageError({ message }: CommanderError, name: string, usage: string): LvsctlError {
  const [, said = message, guess] = /^(?:error: )?([\s\S]*?)(?:\s*\((Did you mean [\s\S]*\?)\))?$/.exec(message) ?? [];
  const plain = said.replace(OF_A_FLAG, "$1: ");
  const sentence = `${plain.charAt(0).toUpperCase()}${plain.slice(1)}`;
  const isFile = /unknown option '[^']*\.ya?ml'/i.test(said)
    ? "A file whose name begins with - is written with ./ in front. "
    : "";
  return new LvsctlError("LVS-USAGE-001", /[.?!]$/.test(sentence) ? sentence : `${sentence}.`, {
    hint: `${isFile}${guess ? `${guess} ` : ""}Usage: ${name} ${usage} (${name} --help explains it).`,
  });
}
