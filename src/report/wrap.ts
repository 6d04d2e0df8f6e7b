/** Line wrapping. Pure. */
import { breakWord, displayWidth } from "./display-width.ts";

/**
 * Breaks text between words, and between Chinese characters, so that no line is wider than `width` unless a single word is.
 * The first line keeps its own indentation; the others get `indent`.
 */
export function wrap(text: string, width: number, indent = ""): readonly string[] {
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
