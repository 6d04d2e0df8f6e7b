/** One line about what is going on: only on a terminal, and cleared at the end. */
import type { Output } from "./output.ts";
import { fold } from "./wrap.ts";

/** Replaces the last text with this one; undefined clears it. */
export type ShowActivity = (text: string | undefined) => void;

/** A spinner on an output; does nothing if that is not a terminal. */
export function createSpinner(output: Output): ShowActivity {
  let isShown = false;
  return (text) => {
    if (!output.isTerminal) return;
    if (isShown) output.eraseLine();
    if (text !== undefined) output.write(output.paint("dim", fold(text, output.width - 1, "", "")[0] ?? ""));
    isShown = text !== undefined;
  };
}
