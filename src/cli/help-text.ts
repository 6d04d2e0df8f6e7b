/** The part of help that stands below the flags: what happens, and examples. */
import { wrap } from "../report/wrap.ts";
import type { Described, Example } from "./command.ts";

const GAP = 3;
/** Notes get a column of their own where it is at least this wide. */
const MIN_COLUMN = 24;

/** Paragraphs and examples of a command, each after an empty line. No line is wider than `width` but for what cannot be broken. */
export function helpText({ details = [], examples = [] }: Described, width: number): readonly string[] {
  const paragraphs = details.flatMap((text) => ["", ...wrap(text, width)]);
  if (examples.length === 0) return paragraphs;
  const title = examples.length === 1 ? "Example:" : "Examples:";
  return [...paragraphs, "", title, ...exampleLines(examples, width)];
}

/** Lines to be copied, with what they are for in a column beside them, or below each where there is no room for that. */
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
