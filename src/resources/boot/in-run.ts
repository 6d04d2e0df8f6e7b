/** What the boot unit has to do with a run that is under way. Shell text. */
import { raw, type ShellCommand, sh } from "../../shell/quote.ts";
import { againMark, LAST_STEPS, RUNTIME_FOLDER, TRANSACTION_FOLDER } from "../state-folder.ts";

/** A condition: the host has not been restarted since the run began. */
export const IN_RUN = sh`[ -e ${RUNTIME_FOLDER}/progress ]`;

/**
 * Does this when the run has been confirmed: until then, a boot needs what rolls the run back. At once where there is no run, or where
 * it is being rolled back. `draft`: a path where a file can be made if this is possible.
 */
export function onceConfirmed(script: ShellCommand, draft: string): ShellCommand {
  const isWritable = sh`{ true >${draft} && rm -f ${draft}; }`;
  return sh`if ${raw(IN_RUN)} && [ -e ${RUNTIME_FOLDER}/wanted ]; then
${raw(isWritable)} && printf '%s\\n' ${script} >>${LAST_STEPS} && sync ${LAST_STEPS} ${TRANSACTION_FOLDER}
else
${raw(script)}
fi`;
}

/**
 * Has the topology restored at the end of the run. After a restart of the host in the middle of it nothing else would: the boot found no
 * unit, and what a restart takes away is not restored step by step.
 */
export function leaveWord(topology: string): ShellCommand {
  return sh`{ mkdir -m 700 -p ${RUNTIME_FOLDER} && touch ${againMark(topology)} || :; }`;
}
