/** Where our lines have to stand in rc.local so that they run: before whatever ends it. */

/** How many lines of the text come before ours; or why nobody can say where they would run. */
export type Place = { readonly before: number } | { readonly doubt: string };

const SHELLS = /^#!\s*(\/usr\/bin\/env\s+)?\S*\b(sh|bash|dash|ash|ksh\d*|mksh|zsh|busybox)\b/;

/** What a command, or a word of the shell's own, comes after. */
const BEGIN = String.raw`(?:^|[;&|(){}!]|\b(?:then|else|do)\s)\s*`;

/** Words that end a script. An exec that only redirects does not. */
const LEAVES = new RegExp(String.raw`${BEGIN}(?:exit\b|exec\s+(?!\d*[<>]|&>))`);

/** A line after which its command goes on. */
const GOES_ON = /(?:\\|&&|\||[{(]|;;|\b(?:then|else|do|in))\s*$/;

/** What opens and what closes something, each found in a line. */
const PAIRS = [
  ...[["if", "fi"] as const, ["case", "esac"] as const, ["do", "done"] as const].map((pair) =>
    pair.map((word) => new RegExp(String.raw`${BEGIN}${word}\b`, "g")),
  ),
  [/\{/g, /\}/g],
  [/\(/g, /\)/g],
];

/**
 * The place in a text without our lines: at its end, or before a last line that exits. That line closes nothing that was opened
 * before, so the script is not in the middle of anything there. If another line may exit, ours might never run. `isOurs`: lines of ours
 * for other topologies.
 */
export function placeIn(text: string, isOurs: (line: number) => boolean = () => false): Place {
  const lines = text.split("\n");
  const [first = ""] = lines;
  if (first.startsWith("#!") && !SHELLS.test(first)) return { doubt: `it is no shell script (${show(first)})` };
  const code = lines
    .map((line, index) => ({ line, index, bare: withoutWords(line) }))
    .filter(({ bare, index }) => bare.trim() !== "" && !isOurs(index));
  const leaving = code.find(({ bare }) => LEAVES.test(bare));
  if (leaving === undefined) return { before: lines.length };
  const previous = code[code.indexOf(leaving) - 1];
  const isLast = leaving === code.at(-1);
  if (isLast && isWhole(leaving.bare) && !GOES_ON.test(previous?.bare ?? "")) return { before: leaving.index };
  return { doubt: `it may end before them, in line ${leaving.index + 1} (${show(leaving.line)})` };
}

/** Without what is quoted, and without a remark. */
function withoutWords(line: string): string {
  return line
    .replace(/\\[^\n]/g, "_")
    .replace(/'[^']*'|"[^"]*"/g, "_")
    .replace(/(^|\s)#.*$/, "$1");
}

function isWhole(bare: string): boolean {
  const isClosed = (pair: readonly RegExp[]) => new Set(pair.map((word) => bare.match(word)?.length ?? 0)).size === 1;
  return !/['"]/.test(bare) && !GOES_ON.test(bare) && PAIRS.every(isClosed);
}

function show(line: string): string {
  return JSON.stringify(line.trim().slice(0, 60));
}
