/** Runs that are pending on hosts, and how they ended. */
import type { LvsctlError } from "../errors/lvsctl-error.ts";
import type { EndedRun } from "../transaction/ended-run.ts";
import { formatError } from "./error-text.ts";
import type { Output } from "./output.ts";

const ENDINGS = {
  confirmed: "Confirmed on",
  "rolled-back": "Rolled back on",
} as const;

/** How `confirm` and `rollback` ended. */
export function formatEndedRun({ result, hosts, completed = [], failures }: EndedRun, output: Output): string {
  if (result === "declined") return "";
  const failed = new Set(failures.map(({ details }) => details.host));
  const done = hosts.filter((host) => !failed.has(host));
  const ways = [
    [ENDINGS[result], done.filter((host) => !completed.includes(host))],
    ["Already confirmed, and now completed, on", done.filter((host) => completed.includes(host))],
  ] as const;
  const summary = ways.map(([way, names]) =>
    names.length > 0 ? `${output.paint("green", `${way} ${names.join(", ")}.`)}\n` : "",
  );
  return [...failures.map((failure) => formatError(failure, output)), ...summary].join("");
}

/** The warning shown first when hosts have a run pending. */
export function formatPending(problems: readonly LvsctlError[], output: Output): string {
  return `${problems.map((problem) => formatError(problem, output)).join("")}\n`;
}
