/** Makes text from anywhere safe to show: a terminal interprets nothing in it. Pure. */

/**
 * What a terminal, or a reader's eye, may be misled by: control characters except tab and line feed, invisible formatting
 * such as changes of the writing direction (but not the joiners that scripts and emoji need), private characters, halves of
 * characters, and separators that break lines. Source: Unicode's general categories.
 */
const MISLEADING = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;
const HARMLESS = new Set(["\t", "\n", "\u200c", "\u200d"]);

/** The text with whatever could mislead replaced by U+FFFD, or by what `instead` returns for it. Line breaks stay. */
export function visible(text: string, instead: (character: string) => string = () => "\ufffd"): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(MISLEADING, (character) => (HARMLESS.has(character) ? character : instead(character)));
}

/** The same on one line: line breaks are replaced, too. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll("\n", "\ufffd");
}

/** JSON in which whatever could mislead is escaped; it means the same. */
export function visibleJson(json: string): string {
  return json.replace(MISLEADING, (character) => (HARMLESS.has(character) ? character : escaped(character)));
}

/** Source: RFC 8259, section 7. */
function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
    .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
    .join("");
}
