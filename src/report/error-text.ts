/** Errors in readable form: what, where, why, and what to do. */
import { sourceLines } from "../document/format-problem.ts";
import { excerpt, LONGEST_MESSAGE, lastLines } from "../errors/excerpt.ts";
import type { LvsctlError } from "../errors/lvsctl-error.ts";
import type { Output } from "./output.ts";
import { sharedProblems } from "./shared-problems.ts";
import { fold, wrap } from "./wrap.ts";

/**
 * The text of an error, or of each error that it collects, unless they have been shown; the same one of several hosts stands there
 * once, with their names.
 */
export function formatError(error: LvsctlError, output: Output): string {
  const { problems = [], areShown } = error.details;
  if (problems.length === 0) return formatOne(error, output);
  const conclusion = `${wrap(excerpt(error.message, LONGEST_MESSAGE), output.width, "  ").join("\n")}\n`;
  if (areShown) return conclusion;
  const shared = sharedProblems(
    problems,
    ({ details }) => details.host,
    ({ code, message, details: { at, step, output, hint } }) => [code, message, at, step, output, hint],
  );
  return `${shared.map(({ problem, hosts }) => formatOne(problem, output, hosts.join(", "))).join("\n")}\n${conclusion}`;
}

function formatOne(error: LvsctlError, output: Output, host = error.details.host): string {
  const { at, hint } = error.details;
  const where = at ? `${at.file}:${at.line}:${at.column}: ` : host ? `${host}: ` : "";
  const title = `${output.paint("bold", where)}${output.paint(colourOf(error), error.code)} ${error.title}`;
  const head = wrap(title, output.width, "  ");
  const message = messageLines(error.message, output);
  const fix = hint ? wrap(`  Fix: ${excerpt(hint, LONGEST_MESSAGE)}`, output.width, "  ") : [];
  return `${[...head, ...message, ...frame(error, output), ...printedLines(error, output), ...fix].join("\n")}\n`;
}

/** A message of several lines quotes somebody: none of them must look like ours. */
function messageLines(message: string, output: Output): readonly string[] {
  const [first = "", ...quoted] = excerpt(message, LONGEST_MESSAGE).split("\n");
  return [...wrap(`  ${first}`, output.width, "  "), ...quoted.flatMap((line) => quotedLines(line, output))];
}

function quotedLines(line: string, { width }: Output): readonly string[] {
  return fold(line, width, "  | ", "  : ");
}

function colourOf({ isWarning }: LvsctlError): "red" | "yellow" {
  return isWarning ? "yellow" : "red";
}

/** What a host or program printed, unless the message quotes it. */
function printedLines({ message, details }: LvsctlError, output: Output): readonly string[] {
  const printed = details.output?.trimEnd() ?? "";
  if (printed === "" || message.includes(printed)) return [];
  return lastLines(printed)
    .flatMap((line) => quotedLines(line, output))
    .map((line) => output.paint("dim", line));
}

function frame(error: LvsctlError, output: Output): readonly string[] {
  const { at } = error.details;
  if (at?.text === undefined) return [];
  const [line, underline] = sourceLines(at, at.text, output.width - `  ${at.line} | `.length);
  const [shown = ""] = fold(line, output.width, "", ""); // Chinese characters are wide.
  return [shown, output.paint(colourOf(error), underline)];
}
