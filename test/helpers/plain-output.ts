/** An output without colours that prints nothing, for texts that are compared. */
import type { Output } from "../../src/report/output.ts";

export function plainOutput(width: number): Output {
  return {
    width,
    isTerminal: false,
    write: () => undefined,
    paint: (_style, text) => text,
    showActivity: () => undefined,
    announce: () => undefined,
    lend: () => () => undefined,
  };
}
