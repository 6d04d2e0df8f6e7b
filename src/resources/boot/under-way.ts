/** What those who bring something back on a host have to know of a run. Shell text, without `$`, `%` and single quotes. */
import { type ShellCommand, sh } from "../../shell/quote.ts";
import { RUNTIME_FOLDER, TRANSACTION_FOLDER } from "../state-folder.ts";

/**
 * A condition: a run is under way. Its files on the disk are of this boot, and those that no restart leaves behind are there: a
 * container restarts although the kernel does not.
 */
export const UNDER_WAY: ShellCommand = sh`[ -e ${TRANSACTION_FOLDER}/id ] && [ -e ${RUNTIME_FOLDER}/progress ] && grep -qsxFf /proc/sys/kernel/random/boot_id ${TRANSACTION_FOLDER}/boot`;

/**
 * A condition for when that is true: it leaves the mark for which the run's end looks, and the run has not ended meanwhile. What
 * does not have the lock can believe it, too: a run is over before its end looks for marks.
 */
export function isMarked(mark: string): ShellCommand {
  return sh`touch ${mark} 2>/dev/null && [ -e ${TRANSACTION_FOLDER}/id ]`;
}
