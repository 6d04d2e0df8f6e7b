/** All output: data to stdout, everything else to stderr. Knows what each stream can display. */
import { styleText } from "node:util";

/** How to highlight text. */
export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** Writes to one stream; `paint` adds colour only if the stream supports it and nobody turned it off. */
export interface Output {
  readonly width: number;
  readonly isTerminal: boolean;
  write(text: string): void;
  paint(style: Style, text: string): string;
}

/** The user's wishes for an output. */
export interface OutputOptions {
  /** False: never; undefined: NO_COLOR, FORCE_COLOR and the stream decide. */
  readonly color?: boolean;
}

const DEFAULT_WIDTH = 80;
const MAX_WIDTH = 120;

/** An output over a stream of this process. If its reader goes away (`| head`), the rest is dropped without an error. */
export function createOutput(stream: NodeJS.WriteStream, options: OutputOptions = {}): Output {
  let isOpen = true;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    isOpen = false;
  });
  const isTerminal = stream.isTTY === true;
  return {
    isTerminal,
    width: Math.min(isTerminal && stream.columns > 0 ? stream.columns : DEFAULT_WIDTH, MAX_WIDTH),
    write: (text) => {
      if (isOpen) stream.write(text);
    },
    paint: (style, text) => (options.color === false ? text : styleText(style, text, { stream })),
  };
}
