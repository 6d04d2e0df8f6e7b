/** One line about what is going on, on a terminal only, gone when it is over. */
import type { Output } from "./output.ts";

/** Shows a text in place of the last one; undefined takes it away. */
export type ShowStatus = (text: string | undefined) => void;

export function createStatus(output: Output): ShowStatus {
  let isShown = false;
  return (text) => {
    if (!output.isTerminal) return;
    if (isShown) output.write("\r\u001b[K");
    if (text !== undefined) output.write(output.paint("dim", text.slice(0, output.width - 1)));
    isShown = text !== undefined;
  };
}
