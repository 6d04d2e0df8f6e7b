/** Errors in readable form: what, where, why, and what to do. */
import { sourceLines } from "../document/format-problem.ts";
import type { LvsctlError } from "../errors/lvsctl-error.ts";
import type { Output } from "./output.ts";
import { wrap } from "./wrap.ts";

/** The most lines of what a program printed: the last ones say why it ended. */
const PRINTED_LINES = 15;

/** The text of an error, or of each error that it collects. */
export function formatError(error: LvsctlError, output: Output): string {
  const { problems = [] } = error.details;
  if (problems.length === 0) return formatOne(error, output);
  return `${problems.map((problem) => formatOne(problem, output)).join("\n")}\n${error.message}\n`;
}

function formatOne(error: LvsctlError, output: Output): string {
  const { at, host, hint } = error.details;
  const where = at ? `${at.file}:${at.line}:${at.column}: ` : host ? `${host}: ` : "";
  const head = `${output.paint("bold", where)}${output.paint(colourOf(error), error.code)} ${error.title}`;
  const message = error.message.split("\n").flatMap((line) => wrap(`  ${line}`, output.width, "  "));
  const fix = hint ? wrap(`  Fix: ${hint}`, output.width, "  ") : [];
  return `${[head, ...message, ...frame(error, output), ...printedLines(error, output), ...fix].join("\n")}\n`;
}

function colourOf({ isWarning }: LvsctlError): "red" | "yellow" {
  return isWarning ? "yellow" : "red";
}

/** What a host or program printed, unless the message quotes it. */
function printedLines({ message, details }: LvsctlError, output: Output): readonly string[] {
  const printed = details.output?.trimEnd() ?? "";
  if (printed === "" || message.includes(printed)) return [];
  return printed
    .split(/\r?\n/)
    .slice(-PRINTED_LINES)
    .map((line) => output.paint("dim", `  | ${line}`));
}

function frame(error: LvsctlError, output: Output): readonly string[] {
  const { at } = error.details;
  if (at?.text === undefined) return [];
  const [line, underline] = sourceLines(at, at.text, output.width - `  ${at.line} | `.length);
  return [line, output.paint(colourOf(error), underline)];
}
