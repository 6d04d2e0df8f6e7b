/** What `validate` found, for people, for machines (`lvsctl.validate/1`) and as annotations of a pull request. */
import { formatGithubAnnotation } from "../document/github-annotation.ts";
import type { LvsctlError } from "../errors/lvsctl-error.ts";
import { formatError } from "./error-text.ts";
import type { Output } from "./output.ts";

export interface ValidatedFile {
  readonly file: string;
  readonly problems: readonly LvsctlError[];
}

export function formatValidation(files: readonly ValidatedFile[], format: string, output: Output): string {
  if (format === "json") return `${JSON.stringify(toJson(files), undefined, 2)}\n`;
  const problems = files.flatMap((file) => file.problems);
  if (format === "github") return problems.map((problem) => `${formatGithubAnnotation(problem)}\n`).join("");
  return files.map(({ file, problems }) => fileText(file, problems, output)).join("");
}

function fileText(file: string, problems: readonly LvsctlError[], output: Output): string {
  if (problems.length === 0) return `${output.paint("green", "✓")} ${file} is valid\n`;
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return `${problems.map((problem) => `${formatError(problem, output)}\n`).join("")}${output.paint("red", "✗")} ${file}: ${count}\n`;
}

function toJson(files: readonly ValidatedFile[]): object {
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
