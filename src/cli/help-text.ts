/** The part of the help below the flags: what happens, and examples. */
import { wrap } from "../report/wrap.ts";
import type { Described, Example } from "./command.ts";

const GAP = 3;
/** Notes go in a column of their own if it can be at least this wide. */
const MIN_COLUMN = 24;

/**
 * A command's paragraphs and examples, each preceded by an empty line. No line exceeds `width`, except for what cannot be
 * broken.
 */
export function helpText({ details = [], examples = [] }: Described, width: number): readonly string[] {
  const paragraphs = details.flatMap((text) => ["", ...wrap(text, width)]);
  if (examples.length === 0) return paragraphs;
  const title = examples.length === 1 ? "Example:" : "Examples:";
  return [...paragraphs, "", title, ...exampleLines(examples, width)];
}

/** Lines to copy, with their notes in a column beside them, or below each if there is no room. */
export function exampleLines(examples: readonly Example[], width: number): readonly string[] {
  const noted = examples.flatMap(([line, note]) => (note === undefined ? [] : [line.length]));
  const column = Math.max(0, ...noted) + 2 + GAP;
  return examples.flatMap(([line, note]) => {
    const command = `  ${line}`;
    if (note === undefined) return [command];
    if (width - column < MIN_COLUMN) return [command, ...wrap(`      ${note}`, width, "      ")];
    const [first = "", ...more] = wrap(note, width - column);
    return [command.padEnd(column) + first, ...more.map((rest) => " ".repeat(column) + rest)];
  });
}
