/** Line wrapping. Pure. */
import { breakWord, displayWidth } from "./display-width.ts";
import { visibleLine } from "./visible.ts";

/** Line breaks that stand together, or any other single blank. */
const BLANKS = /[\n\v\f\r\u2028\u2029]+|\s/gu;

/** The least room for text, however far it is indented. */
const LEAST = 20;

const TAB_STOP = 8;

/** Printable ASCII without quotes, remarks and texts of several lines: no word holds a blank. */
const PLAIN_WORDS = /^(?!.* {2})[ !$-&(-;=-[\]-~]*$/;

/**
 * Breaks one line that has to be shown as it is, so that a terminal does not go on with it at its left edge: the first part
 * stands behind `first`, the others behind `next`. Blanks stay.
 */
export function fold(line: string, width: number, first: string, next: string): readonly string[] {
  const edge = Math.max(width, displayWidth(first) + LEAST);
  const parts: string[] = [];
  let part = first;
  let columns = displayWidth(first);
  for (const character of visibleLine(line)) {
    if (columnAfter(columns, character) > edge && part !== first && part !== next) {
      parts.push(part);
      part = next;
      columns = displayWidth(next);
    }
    part += character;
    columns = columnAfter(columns, character);
  }
  return [...parts, part];
}

function columnAfter(columns: number, character: string): number {
  return character === "\t" ? columns - (columns % TAB_STOP) + TAB_STOP : columns + displayWidth(character);
}

/**
 * A command, line by line. If it is of plain words alone, they stay as they are, to be copied: with those a terminal may go on at
 * its left edge, because they look like nothing else. Others are folded.
 */
export function foldCommand(command: string, width: number, first: string, next: string): readonly string[] {
  const lines = command.split("\n");
  const isPlain = lines.every((line) => PLAIN_WORDS.test(line));
  return lines.flatMap((line) => (isPlain ? [first + line] : fold(line, width, first, next)));
}

/**
 * Breaks text between words, and between Chinese characters, so that no line is wider than `width` unless a single word is.
 * The first line keeps its own indentation; the others get `indent`. Line breaks, tabs and other blanks in the text count as
 * spaces: nothing in it begins a line of its own.
 */
export function wrap(written: string, width: number, indent = ""): readonly string[] {
  const text = written.trimEnd().replaceAll(BLANKS, " ");
  const lines: string[] = [];
  let line = /^ */.exec(text)?.[0] ?? "";
  let columns = line.length;
  let isEmpty = true;
  for (const word of text.trimStart().split(" ")) {
    for (const [index, part] of breakWord(word).entries()) {
      const gap = isEmpty || index > 0 ? "" : " ";
      const needed = displayWidth(part) + gap.length;
      if (!isEmpty && columns + needed > width) {
        lines.push(line);
        line = indent + part;
        columns = displayWidth(line);
      } else {
        line += gap + part;
        columns += needed;
      }
      isEmpty = false;
    }
  }
  return [...lines, line];
}
