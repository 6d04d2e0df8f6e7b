/** One line about what is going on: only on a terminal, and cleared at the end. */
import type { Output } from "./output.ts";

/** Replaces the last text with this one; undefined clears it. */
export type ShowActivity = (text: string | undefined) => void;

/** A spinner on an output; does nothing if that is not a terminal. */
export function createSpinner(output: Output): ShowActivity {
  let isShown = false;
  return (text) => {
    if (!output.isTerminal) return;
    if (isShown) output.eraseLine();
    if (text !== undefined) output.write(output.paint("dim", text.slice(0, output.width - 1)));
    isShown = text !== undefined;
  };
}
