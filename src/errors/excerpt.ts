/** What others have written, cut to a length that people read. Pure. */

const MOST_CHARACTERS = 500;

/** The most characters of a message: more than any of ours has, unless it quotes others without end. */
export const LONGEST_MESSAGE = 10_000;

const MOST_LINES = 15;

/** The beginning of a text, which is shown in full unless it is longer than anything that people would read. */
export function excerpt(text: string, most = MOST_CHARACTERS): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`;
}

/** The last lines that a program printed, which say why it ended, each of them cut. */
export function lastLines(text: string): readonly string[] {
  return text
    .trimEnd()
    .split(/\r?\n/)
    .slice(-MOST_LINES)
    .map((line) => excerpt(line));
}
