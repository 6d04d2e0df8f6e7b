/** The results of `validate`: as text, as JSON (`lvsctl.validate/1`) and as annotations of a pull request. */
import { formatGithubAnnotation } from "../document/github-annotation.ts";
import type { LvsctlError } from "../errors/lvsctl-error.ts";
import { formatError } from "./error-text.ts";
import type { JsonResult } from "./json.ts";
import type { Output } from "./output.ts";

/** A topology file, and what is wrong with it. */
export interface ValidatedFile {
  readonly file: string;
  readonly problems: readonly LvsctlError[];
}

/** Every problem with its location, and one verdict per file. */
export function formatValidation(files: readonly ValidatedFile[], output: Output): string {
  return files.map(({ file, problems }) => fileText(file, problems, output)).join("");
}

/** Every problem as an annotation of a GitHub pull request. */
export function formatAnnotations(files: readonly ValidatedFile[]): string {
  return files.flatMap(({ problems }) => problems.map((problem) => `${formatGithubAnnotation(problem)}\n`)).join("");
}

/** `lvsctl.validate/1`. */
export function validationToJson(files: readonly ValidatedFile[]): JsonResult {
  const problems = files.flatMap((file) =>
    file.problems.map(({ code, title, message, details: { hint, at } }) => ({
      file: at?.file ?? file.file,
      line: at?.line ?? null,
      column: at?.column ?? null,
      code,
      title,
      message,
      fix: hint ?? null,
    })),
  );
  return { format: "lvsctl.validate/1", ok: problems.length === 0, problems };
}

function fileText(file: string, problems: readonly LvsctlError[], output: Output): string {
  if (problems.length === 0) return `${output.paint("green", "✓")} ${file} is valid\n`;
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return `${problems.map((problem) => `${formatError(problem, output)}\n`).join("")}${output.paint("red", "✗")} ${file}: ${count}\n`;
}
