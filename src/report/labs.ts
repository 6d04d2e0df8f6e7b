/** Labs as text and as JSON. */
import type { Lab } from "../lab/lab.ts";
import type { LabStatus } from "../lab/lab-status.ts";
import type { JsonResult } from "./json.ts";
import { nextCommand } from "./next-command.ts";

/** What `lab down` has done, and what it has left alone. */
export interface TakenDown {
  readonly name: string;
  /** False: there was none. */
  readonly wasUp: boolean;
  /** Labs of the same name that are somebody else's. */
  readonly elsewhere: readonly LabStatus[];
}

/** `lvsctl.labs/1`. */
export function labsToJson(labs: readonly LabStatus[]) {
  return { format: "lvsctl.labs/1", labs } satisfies JsonResult;
}

/** One line per lab, with what it lacks of its file below it. */
export function formatLabs(labs: readonly LabStatus[]): string {
  return withThoseElsewhere(labs, (own) =>
    own
      .map((lab) => `${[lab.name, madeWith(lab), stateOf(lab), lab.hosts.join(" ")].join("  ")}\n${lackOf(lab)}`)
      .join(""),
  );
}

/** A table of the labs: name, state, since when, kernel, hosts and file. */
export function formatLabList(labs: readonly LabStatus[]): string {
  return withThoseElsewhere(labs, (own) => {
    const rows = own.map((lab) => [
      lab.name,
      lab.state,
      lab.since === undefined ? "?" : lab.since.replace(/:\d\d\.\d+Z$/, "Z").replace("T", " "),
      `${madeWith(lab)}${lab.kernel === undefined ? "" : ` ${lab.kernel}`}`,
      lab.hosts.join(" "),
      lab.file ?? "?",
    ]);
    const all = [["NAME", "STATE", "SINCE (UTC)", "KERNEL", "HOSTS", "FILE"], ...rows];
    const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
    const line = (row: readonly string[]) => row.map((text, column) => text.padEnd(widths[column] ?? 0)).join("  ");
    return all.map((row) => `${line(row).trimEnd()}\n`).join("");
  });
}

/** Those that can be used from here as the formatter shows them, then a sentence for each of the others. */
function withThoseElsewhere(labs: readonly LabStatus[], format: (own: readonly LabStatus[]) => string): string {
  const own = labs.filter(({ state }) => state !== "elsewhere");
  const others = labs.filter(({ state }) => state === "elsewhere");
  return [own.length === 0 ? "No lab is up.\n" : format(own), ...others.map(formatElsewhere)].join("");
}

function formatElsewhere({ name, pid, uptimeSeconds }: LabStatus): string {
  const age = uptimeSeconds === undefined ? "" : ` for ${duration(uptimeSeconds)}`;
  return `A lab ${name} has been running${age} in a mount namespace with a /run of its own (process ${pid}); it cannot be used from here.\n`;
}

/** What the file has and the lab has not, and what to do about it. */
function lackOf({ misfits = [], file }: LabStatus): string {
  if (misfits.length === 0) return "";
  return `  It no longer fits the file: ${misfits.join("; ")}.\n  Create it again: ${nextCommand("lab up --recreate", { file: file ?? "FILE" })}\n`;
}

/** What to do next with a lab that is up. */
export function formatLabUp(lab: Lab, file: string): string {
  const hosts = lab.hosts.map(({ name }) => name);
  return [
    `Lab ${lab.name} ${lab.wasUp ? "was up already" : "is up"}: ${hosts.join(", ")}.`,
    `  ${nextCommand("apply", { file, lab: true })}`,
    `  ${nextCommand("lab ssh", { file })} ${hosts[0] ?? "HOST"}`,
    `  ssh -F ${lab.sshConfig} ${hosts[0] ?? "HOST"}`,
    `  ${nextCommand("lab down", { file })}`,
    "",
  ].join("\n");
}

/** What `lab down` did, and what of the same name it has left alone. */
export function formatLabDown({ name, wasUp, elsewhere }: TakenDown): string {
  const done = wasUp ? `Lab ${name} is down; nothing of it is left.` : `There is no lab ${name}; nothing to do.`;
  const others = elsewhere.map(
    ({ pid }) =>
      `Another lab ${name} runs in a mount namespace with a /run of its own, and was left alone. ` +
      `Take it down there, or end it from here: kill -KILL ${pid}`,
  );
  return [done, ...others, ""].join("\n");
}

function madeWith({ engine, init }: LabStatus): string {
  return `${engine ?? "unknown engine"}${init === undefined ? "" : ` with ${init}`}`;
}

function stateOf({ state, pid, uptimeSeconds }: LabStatus): string {
  if (state === "dead") return "dead (clear it with lab down)";
  if (state === "orphaned") return `orphaned: process ${pid} runs, but its files are gone (clear it with lab down)`;
  const since = uptimeSeconds === undefined ? state : `${state} for ${duration(uptimeSeconds)}`;
  return state === "starting" ? `${since} (if it is stuck, clear it with lab down)` : since;
}

function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
}
