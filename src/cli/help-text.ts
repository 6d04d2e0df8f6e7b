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
    return note === undefined ? command : notedLines(command, note, column, width);
  });
}

/** Lines with a note in a column beside the last of them, or below it if there is no room. */
export function notedLines(lines: readonly string[], note: string, column: number, width: number): readonly string[] {
  if (width - column < MIN_COLUMN) return [...lines, ...wrap(`      ${note}`, width, "      ")];
  const [first = "", ...more] = wrap(note, width - column);
  const last = (lines.at(-1) ?? "").padEnd(column) + first;
  return [...lines.slice(0, -1), last, ...more.map((rest) => " ".repeat(column) + rest)];
}

/** A word for the shell: its quotes stay closed. */
const SHELL_WORD = /(?:'[^']*'|[^' ])+/g;

/**
 * Breaks a command line before flags, and where that is not enough before any word, each line but the last with a backslash at
 * its end; the others are indented by two.
 */
function brokenCommand(line: string, width: number): readonly string[] {
  if (line.length <= width) return [line];
  const room = width - 2 - " \\".length;
  const parts = line.split(/ (?=--[a-z])/).flatMap((part) => {
    return part.length <= room ? [part] : joined(part.match(SHELL_WORD) ?? [], room);
  });
  const lines = joined(parts, room);
  return lines.map((part, index) => (index < lines.length - 1 ? `${part} \\` : part));
}

/** As many parts on each line as there is room for. */
function joined(parts: readonly string[], room: number): readonly string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = `${lines.at(-1)} ${part}`;
    if (lines.length > 0 && longer.length <= room) lines.splice(-1, 1, longer);
    else lines.push(part);
  }
  return lines;
}
