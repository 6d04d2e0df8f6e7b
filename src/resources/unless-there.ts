/** Adds something, and leaves it as it is if it is there. */
import { raw, type ShellCommand, sh } from "../shell/quote.ts";

/** Shell text that succeeds, too, if the command refuses because there is one: then it says `word`. */
export function unlessThere(add: ShellCommand, word: string): ShellCommand {
  return sh`refusal=$(${raw(add)} 2>&1) || case $refusal in
*${word}*) ;;
*) printf '%s\\n' "$refusal" >&2; false ;;
esac`;
}
