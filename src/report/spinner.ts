/** What a command is waiting for. */
import type { Output } from "./output.ts";

/**
 * Takes the step that begins, as `reading 6 hosts`, and how far it is, as `reading hosts, 4 of 6`. Undefined: nothing is being
 * waited for.
 */
export type ShowActivity = (step: string | undefined, now?: string) => void;

/** On a terminal the state of now, cleared at the end; elsewhere one line for each step. */
export function createSpinner(output: Output): ShowActivity {
  let last: string | undefined;
  return (step, now = step) => {
    if (output.isTerminal) output.showActivity(now);
    else if (step !== undefined && step !== last) output.write(`${step}\n`);
    last = step ?? last;
  };
}
