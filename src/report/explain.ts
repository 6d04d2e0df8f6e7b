import { formatExplanation } from "./explain-text.ts";
import type { Explanation } from "./explanation.ts";
import type { Output } from "./output.ts";

/** Writes an explanation as `text` or `json` (`lvsctl.explain/1`). */
export function showExplanation(explanation: Explanation, format: string, output: Output): void {
  if (format === "json") {
    output.write(`${JSON.stringify({ format: "lvsctl.explain/1", ...explanation }, null, 2)}\n`);
  } else {
    output.write(formatExplanation(explanation, output));
  }
}
