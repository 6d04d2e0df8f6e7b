/** Problems as annotations of GitHub's pull requests. */
import type { LvsctlError } from "../errors/lvsctl-error.ts";

/**
 * A problem as a workflow command of GitHub Actions, which shows it at its line of the pull request.
 * Source: GitHub Actions, "Workflow commands"; the escapes are those of actions/toolkit, packages/core/src/command.ts.
 */
export function formatGithubAnnotation(problem: LvsctlError): string {
  const { at, hint } = problem.details;
  const properties = Object.entries({
    file: at?.file,
    line: at?.line,
    col: at?.column,
    endColumn: at?.length === undefined ? undefined : at.column + at.length,
    title: `${problem.code} ${problem.title}`,
  }).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${escapeProperty(String(value))}`]));
  const text = hint === undefined ? problem.message : `${problem.message}\nFix: ${hint}`;
  return `::${problem.isWarning ? "warning" : "error"} ${properties.join(",")}::${escapeData(text)}`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
