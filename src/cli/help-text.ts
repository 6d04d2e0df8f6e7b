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

/**
 * Lines to copy, with their notes in a column beside them, or below each if there is no room. What is too long for the width is
 * broken as in a shell.
 */
export function exampleLines(examples: readonly Example[], width: number): readonly string[] {
  const noted = examples.flatMap(([line, note]) => (note === undefined ? [] : [line.length]));
  const column = Math.max(0, ...noted) + 2 + GAP;
  return examples.flatMap(([line, note]) => {
    const command = brokenCommand(line, width - 2).map((part, index) => (index === 0 ? "  " : "    ") + part);
    if (note === undefined) return command;
    if (width - column < MIN_COLUMN) return [...command, ...wrap(`      ${note}`, width, "      ")];
    const [first = "", ...more] = wrap(note, width - column);
    return [`  ${line}`.padEnd(column) + first, ...more.map((rest) => " ".repeat(column) + rest)];
  });
}

/** Breaks a command line before flags, each line but the last with a backslash at its end; the others are indented by two. */
function brokenCommand(line: string, width: number): readonly string[] {
  if (line.length <= width) return [line];
  const room = width - 2 - " \\".length;
  const [start = "", ...flags] = line.split(/ (?=--[a-z])/);
  const lines = [start];
  for (const flag of flags) {
    const joined = `${lines.at(-1)} ${flag}`;
    if (joined.length <= room) lines.splice(-1, 1, joined);
    else lines.push(flag);
  }
  return lines.map((part, index) => (index < lines.length - 1 ? `${part} \\` : part));
}
