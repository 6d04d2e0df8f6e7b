/** Labs as text and as JSON. */
import type { Lab } from "../lab/lab.ts";
import type { LabStatus } from "../lab/lab-status.ts";
import type { JsonResult } from "./json.ts";

/** `lvsctl.labs/1`. */
export function labsToJson(labs: readonly LabStatus[]): JsonResult {
  return { format: "lvsctl.labs/1", labs };
}

/** One line per lab. */
export function formatLabs(labs: readonly LabStatus[]): string {
  if (labs.length === 0) return "No lab is up.\n";
  return labs
    .map((lab) => `${lab.name}  ${lab.engine ?? "unknown engine"}  ${stateOf(lab)}  ${lab.hosts.join(" ")}\n`)
    .join("");
}

/** What to do next with a lab that is up. */
export function formatLabUp(lab: Lab, file: string): string {
  const hosts = lab.hosts.map(({ name }) => name);
  return [
    `Lab ${lab.name} is up: ${hosts.join(", ")}.`,
    `  lvsctl apply --lab ${file}`,
    `  lvsctl lab ssh ${file} ${hosts[0] ?? "HOST"}`,
    `  lvsctl lab down ${file}`,
    "",
  ].join("\n");
}

function stateOf({ state, uptimeSeconds }: LabStatus): string {
  if (state === "dead") return "dead (clear it with lab down)";
  return uptimeSeconds === undefined ? state : `${state} for ${Math.round(uptimeSeconds)} s`;
}
