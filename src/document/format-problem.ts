/** Prints problems as text for people. */
import type { LvsctlError, Position } from "../errors/lvsctl-error.ts";

const MAX_LINE_WIDTH = 160;

/**
 * A problem as plain text: its place and title, the reason, the source line with the mistake underlined, and the fix.
 * Ends without a line break.
 */
export function formatProblem(problem: LvsctlError): string {
  const { at, hint } = problem.details;
  const place = at === undefined ? "" : `${at.file}:${at.line}:${at.column}: `;
  const lines = [`${place}${problem.code} ${problem.title}`, `  ${problem.message}`];
  if (at?.text !== undefined) lines.push(...sourceLines(at, at.text));
  if (hint !== undefined) lines.push(`  Fix: ${hint}`);
  return lines.join("\n");
}

/**
 * The source line of a place, cut to `maxWidth` around it, and the line that underlines it. An ellipsis marks each end that is
 * left out. Control characters, which a terminal would obey, become dots.
 */
export function sourceLines(
  at: Position,
  source: string,
  maxWidth = MAX_LINE_WIDTH,
): [line: string, underline: string] {
  const text = source.replaceAll(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g, "·");
  const gutter = String(at.line).length;
  const half = Math.floor(maxWidth / 2);
  const marked = Math.max(1, at.length ?? 1);
  const isFar = text.length > maxWidth && at.column + Math.min(marked, half) >= maxWidth;
  const skipped = isFar ? Math.min(at.column - half, text.length - maxWidth) : 0;
  const isCut = skipped + maxWidth < text.length;
  const part = text.slice(skipped, skipped + maxWidth - (isCut ? 1 : 0)) + (isCut ? "…" : "");
  const shown = skipped > 0 ? `…${part.slice(1)}` : part;
  const start = at.column - 1 - skipped;
  const length = Math.max(1, Math.min(marked, shown.length - start));
  const indent = shown.slice(0, start).replaceAll(/[^\t]/g, " ");
  return [`  ${at.line} | ${shown}`, `  ${" ".repeat(gutter)} | ${indent}${"^".repeat(length)}`];
}
