/** Makes text from anywhere safe to show: a terminal interprets nothing in it. Pure. */

/**
 * What a terminal, or a reader's eye, may be misled by: control characters, invisible formatting such as changes of the writing
 * direction, private characters, halves of characters, separators that break lines, and whatever else shows nothing. Source:
 * Unicode's general categories, and its Default_Ignorable_Code_Point.
 */
const SUSPECT = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** The joiners that scripts and emoji need, and the mark that makes an emoji of a sign: where they stand behind such. */
const JOINED = /(?<=(?!\p{Script=Latin})\p{L}|[\p{M}\p{Emoji_Modifier}\p{Extended_Pictographic}])[\u200c\u200d]/u;
const EMOJI = /(?<=\p{Extended_Pictographic})\ufe0f/u;

/** Whether a character is suspect is asked first: what stands before it takes long to look at. */
const MISLEADING = new RegExp(
  `(?=${SUSPECT.source})(?!\\t|\\n|${JOINED.source}|${EMOJI.source})${SUSPECT.source}`,
  "gu",
);

/** Text in which nothing can mislead, as most is. */
const PLAIN = /^[\t\n -~]*$/;

/** The text with whatever could mislead replaced by U+FFFD, or by what `instead` returns for it. Line breaks and tabs stay. */
export function visible(text: string, instead: (character: string) => string = () => "\ufffd"): string {
  if (PLAIN.test(text)) return text;
  return text.replaceAll("\r\n", "\n").replace(MISLEADING, (character) => instead(character));
}

/** The same on one line: line breaks are replaced, too. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll("\n", "\ufffd");
}

/** JSON in which whatever could mislead is escaped; it means the same. */
export function visibleJson(json: string): string {
  return PLAIN.test(json) ? json : json.replace(MISLEADING, escaped);
}

/** Source: RFC 8259, section 7. */
function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
    .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
    .join("");
}
