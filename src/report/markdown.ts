/** Text of anybody's inside Markdown, from which it cannot break out. Source: CommonMark 0.31, and GitHub's and GitLab's references. Pure. */
import { visibleLine } from "./visible.ts";

/**
 * Words in which no reader of Markdown finds a link, a mention, a reference or emphasis. A number sign, an at sign, a dollar, an
 * exclamation mark and the like can be one on some platform, so there is a list of what is harmless.
 */
const HARMLESS = /^(?!www\.)[(]?[\p{L}\p{N}→…](?:[\p{L}\p{N}.,;'%→…)/-]|:(?!\/))*$/u;

/** A sentence: words that could mean something become code. */
export function prose(text: string): string {
  return visibleLine(text)
    .split(CODE)
    .map((part, index) => (index % 2 === 1 ? code(part) : words(part)))
    .join("");
}

/** Our own messages mark code as Markdown does. */
const CODE = /(?<![`\p{L}\p{N}])`([^`]+)`(?![`\p{L}\p{N}])/u;

function words(text: string): string {
  return text
    .split(" ")
    .map((word) => (word === "" || /^[.,;:)]$/.test(word) || HARMLESS.test(word) ? word : code(word)))
    .join(" ");
}

/** Text as code within a line. */
export function code(text: string): string {
  const line = visibleLine(text);
  const fence = "`".repeat(longestRun(line) + 1);
  const space = /^`|`$|^ .* $/.test(line) ? " " : "";
  return `${fence}${space}${line}${space}${fence}`;
}

/** Lines as a block of code. Each has to begin with a character of ours. */
export function codeBlock(language: string, lines: readonly string[]): readonly string[] {
  const fence = "`".repeat(Math.max(3, longestRun(lines.join("\n")) + 1));
  return [`${fence}${language}`, ...lines, fence];
}

/** Text as code inside HTML. */
export function htmlCode(text: string): string {
  const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return `<code>${visibleLine(text).replaceAll(/[&<>"]/g, (one) => entities[one] ?? one)}</code>`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
