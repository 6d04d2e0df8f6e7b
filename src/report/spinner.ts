/** One line about what is going on: on a terminal only, and gone when it is over. */
import type { Output } from "./output.ts";

/** Shows a text in place of the last one; undefined takes it away. */
export type ShowActivity = (text: string | undefined) => void;

/** A line on an output, nothing where that is no terminal. */
export function createSpinner(output: Output): ShowActivity {
  let isShown = false;
  return (text) => {
    if (!output.isTerminal) return;
    if (isShown) output.write("\r\u001b[K");
    if (text !== undefined) output.write(output.paint("dim", text.slice(0, output.width - 1)));
    isShown = text !== undefined;
  };
}
