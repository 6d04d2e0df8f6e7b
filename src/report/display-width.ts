/**
 * How wide text is on a terminal, and where it may be broken: Chinese has no spaces, and its characters are twice as wide.
 * Pure.
 */

/**
 * Characters that take two columns. Source: Unicode's EastAsianWidth.txt, classes W and F, in blocks, which hold a few others;
 * never one too few, or a terminal would go on at its left edge with what we think fits.
 */
const WIDE =
  /[\u1100-\u115f\u231a\u231b\u2329\u232a\u23e9-\u23f3\u25fd\u25fe\u2630-\u2637\u268a-\u268f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{1b2ff}\u{1d300}-\u{1d376}\u{1f100}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;

/** Characters that must not begin a line. */
const CLOSING = /^[\u3001\u3002\u300b\u300d\u300f\u3011\uff01\uff09\uff0c\uff1a\uff1b\uff1f\u201d\u2019,.;:!?)\]]/u;
/** Characters that must not end one. */
const OPENING = /[\u300a\u300c\u300e\u3010\uff08\u201c\u2018([]$/u;

/** What takes none: joiners, and the marks of styles, which are private characters. */
const NO_WIDTH = /\u200c|\u200d|\p{Co}/u;

/** Most text; it needs none of the lists above. */
const ASCII = /^[\0-\x7f]*$/;

/** The number of columns that a text takes. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += NO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return columns;
}

/** Pads a text with spaces to a width. */
export function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}

/** Splits a word where a line may be broken: next to a wide character, but not before a comma. */
export function breakWord(word: string): readonly string[] {
  if (ASCII.test(word) || !WIDE.test(word)) return [word];
  const parts: string[] = [];
  let last = "";
  for (const character of word) {
    const mayBreak = (WIDE.test(character) || WIDE.test(last)) && !CLOSING.test(character) && !OPENING.test(last);
    if (last === "" || mayBreak) parts.push(character);
    else parts.push(`${parts.pop() ?? ""}${character}`);
    last = character;
  }
  return parts;
}
