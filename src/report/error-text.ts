/** Errors as people read them: what, where, why, and what to do. */
import type { LvsctlError } from "../errors/lvsctl-error.ts";
import type { Output } from "./output.ts";
import { wrap } from "./wrap.ts";

/** The text of an error, or of each of the errors that it collects. */
export function formatError(error: LvsctlError, output: Output): string {
  const { problems = [] } = error.details;
  if (problems.length === 0) return formatOne(error, output);
  return `${problems.map((problem) => formatOne(problem, output)).join("\n")}\n${error.message}\n`;
}

function formatOne(error: LvsctlError, output: Output): string {
  const { at, host, hint } = error.details;
  const where = at ? `${at.file}:${at.line}:${at.column}: ` : host ? `${host}: ` : "";
  const head = `${output.paint("bold", where)}${output.paint("red", error.code)} ${error.title}`;
  const message = error.message.split("\n").flatMap((line) => wrap(`  ${line}`, output.width, "  "));
  const fix = hint ? wrap(`  Fix: ${hint}`, output.width, "  ") : [];
  const frame = at?.text === undefined ? [] : sourceLines(at.text, at.line, at.column, at.length ?? 1, output);
  return `${[head, ...message, ...frame, ...fix].join("\n")}\n`;
}

/** The source line with a caret under the place; a long line is cut around it. */
function sourceLines(text: string, line: number, column: number, length: number, output: Output): readonly string[] {
  const gutter = `  ${line} | `;
  const room = Math.max(20, output.width - gutter.length);
  const start = Math.max(0, Math.min(column - 1 - Math.floor(room / 3), text.length - room));
  const shown = text.slice(start, start + room);
  const caretAt = column - 1 - start;
  const carets = "^".repeat(Math.max(1, Math.min(length, shown.length - caretAt)));
  return [
    `${output.paint("dim", gutter)}${shown}`,
    `${" ".repeat(gutter.length + Math.max(0, caretAt))}${output.paint("red", carets)}`,
  ];
}
