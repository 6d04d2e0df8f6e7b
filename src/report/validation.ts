/** The results of `validate`: as text, as JSON (`lvsctl.validate/1`) and as annotations of a pull request. */
import { byPosition } from "../document/by-position.ts";
import { formatGithubAnnotation } from "../document/github-annotation.ts";
import { count } from "../errors/count.ts";
import type { LvsctlError } from "../errors/lvsctl-error.ts";
import { formatError } from "./error-text.ts";
import type { JsonResult } from "./json.ts";
import type { Output } from "./output.ts";
import { wrap } from "./wrap.ts";

/** A topology file, what is wrong with it, and what is allowed and probably not meant. */
export interface ValidatedFile {
  readonly file: string;
  readonly problems: readonly LvsctlError[];
  readonly warnings: readonly LvsctlError[];
}

/** Every problem and warning with its location, and one verdict per file. */
export function formatValidation(files: readonly ValidatedFile[], output: Output): string {
  return files.map((file) => fileText(file, output)).join("");
}

/** Every problem and warning as an annotation of a GitHub pull request. */
export function formatAnnotations(files: readonly ValidatedFile[]): string {
  return files.flatMap((file) => [...findingsOf(file)].map((found) => `${formatGithubAnnotation(found)}\n`)).join("");
}

/** `lvsctl.validate/1`. */
export function validationToJson(files: readonly ValidatedFile[]) {
  const problems = files.flatMap((file) => file.problems.map((problem) => findingToJson(file, problem)));
  const warnings = files.flatMap((file) => file.warnings.map((warning) => findingToJson(file, warning)));
  return { format: "lvsctl.validate/1", ok: problems.length === 0, problems, warnings } satisfies JsonResult;
}

function findingToJson({ file }: ValidatedFile, { code, title, message, details: { hint, at } }: LvsctlError) {
  return {
    file: at?.file ?? file,
    line: at?.line ?? null,
    column: at?.column ?? null,
    endColumn: at?.length === undefined ? null : at.column + at.length,
    code,
    title,
    message,
    fix: hint ?? null,
  };
}

function findingsOf({ problems, warnings }: ValidatedFile): readonly LvsctlError[] {
  return [...problems, ...warnings].toSorted(byPosition);
}

function fileText(file: ValidatedFile, output: Output): string {
  const found = findingsOf(file).map((problem) => `${formatError(problem, output)}\n`);
  return `${found.join("")}${wrap(verdict(file, output), output.width, "  ").join("\n")}\n`;
}

function verdict({ file, problems, warnings }: ValidatedFile, output: Output): string {
  const warned = warnings.length === 0 ? [] : [count(warnings.length, "warning")];
  if (problems.length > 0) {
    return `${output.paint("red", "✗")} ${file}: ${[count(problems.length, "problem"), ...warned].join(", ")}`;
  }
  if (warnings.length === 0) return `${output.paint("green", "✓")} ${file} is valid`;
  return `${output.paint("yellow", "!")} ${file} is valid, with ${warned.join("")}`;
}
