/** The state of labs on disk: one folder each, readable by root alone. Tells whether a lab is alive. */

import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { exists } from "../transport/exists.ts";
import type { Engine } from "./engine.ts";
import type { HostInit } from "./host-init.ts";
import { findLabProcesses, type LabProcesses } from "./lab-processes.ts";
import { isAlive, type ProcessIdentity } from "./process-identity.ts";
import type { Wiring } from "./wiring.ts";

/** Where labs live; on most machines a file system in memory, so a reboot removes them. */
export const LABS = "/run/lvsctl-lab";

/** A host and its address in the lab's own network. */
export interface LabHost {
  readonly name: string;
  readonly address: string;
}

/** `lab.json`, written before the lab is started. */
export interface LabRecord {
  readonly name: string;
  readonly engine: Engine;
  /** PID 1 of the hosts, if it is not sshd. */
  readonly init?: HostInit;
  /** The packages that the hosts have and this machine has not. */
  readonly packages?: readonly string[];
  readonly hosts: readonly LabHost[];
  /** Equal for topologies that describe the same hosts. */
  readonly fingerprint: string;
  /** Absent in records of older versions, like `file` and `kernel`. */
  readonly wiring?: Wiring;
  /** The topology file it was made from. */
  readonly file?: string;
  /** The version of the hosts' kernel. */
  readonly kernel?: string;
  /** The lvsctl that started it. */
  readonly startedBy: ProcessIdentity;
}

/**
 * `dead`: its processes have ended, in a crash, but its files are still there. `orphaned`: its processes run, but the files
 * that lead to its hosts are gone.
 */
export type LabState = "starting" | "running" | "dead" | "orphaned";

/** A lab's folder, and what is left of the lab itself. */
export interface FoundLab {
  readonly directory: string;
  /** Undefined if the folder has no readable record. */
  readonly record: LabRecord | undefined;
  readonly state: LabState;
  /** PID 1 of the lab's namespaces, as this machine sees it; undefined until it has begun. */
  readonly supervisor: ProcessIdentity | undefined;
}

/** The folder of the lab of that name: `/run/lvsctl-lab/NAME`. */
export function labDirectory(name: string): string {
  return join(LABS, name);
}

/** The files in a lab's folder that more than one module uses. */
export const labFile = {
  record: "lab.json",
  pid: "pid",
  console: "console.log",
  sshConfig: "ssh_config",
  identity: "id_ed25519",
  knownHosts: "known_hosts",
} as const;

/** What the build script prints when every host accepts logins. */
const UP = /^lvsctl-lab: up\r?$/m;

/** The lab of that name, or undefined. */
export async function findLab(name: string): Promise<FoundLab | undefined> {
  const directory = labDirectory(name);
  const record = await readRecord(directory);
  const recorded = await readSupervisor(directory);
  const isUp = UP.test(await readConsole(directory));
  if (recorded !== undefined && (await isAlive(recorded))) {
    return { directory, record, supervisor: recorded, state: isUp ? "running" : "starting" };
  }
  const [left] = await labProcesses(directory);
  if (left === undefined && !(await exists(directory))) return undefined;
  const coming = recorded === undefined && record !== undefined && (await isAlive(record.startedBy));
  const isComing = !isUp && (left?.whereabouts === "here" || coming);
  return {
    directory,
    record,
    supervisor: left?.first ?? recorded,
    state: isComing ? "starting" : left === undefined ? "dead" : "orphaned",
  };
}

/** The processes of the lab with this folder, except those of others who have a lab of the same name in another /run. */
export async function labProcesses(directory: string): Promise<readonly LabProcesses[]> {
  return (await findLabProcesses(directory)).filter(({ whereabouts }) => whereabouts !== "elsewhere");
}

/** The names of all labs on this machine, in order. */
export async function labNames(): Promise<readonly string[]> {
  const entries = await readdir(LABS).catch(() => []);
  const running = (await findLabProcesses()).filter(({ whereabouts }) => whereabouts !== "elsewhere");
  const names = [...entries.filter((entry) => !entry.startsWith(",")), ...running.map(labNameOf)];
  return [...new Set(names)].sort();
}

/** The name of a lab that runs. */
export function labNameOf({ directory }: LabProcesses): string {
  return basename(directory);
}

/** Makes a folder for a lab that is being prepared; it is renamed when it is complete. `unique` tells preparations apart. */
export async function newLabFolder(name: string, unique: string): Promise<string> {
  await mkdir(LABS, { recursive: true, mode: 0o700 });
  const folder = join(LABS, `,${name},${unique}`);
  await mkdir(folder, { mode: 0o700 });
  return folder;
}

/** Removes a lab's folder, and folders of preparations that were interrupted. */
export async function removeLabFolders(name: string): Promise<void> {
  const entries = await readdir(LABS).catch(() => []);
  const own = entries.filter((entry) => entry === name || entry.startsWith(`,${name},`));
  for (const entry of own) await rm(join(LABS, entry), { recursive: true, force: true });
}

/** Everything that the lab has printed so far. */
export async function readConsole(directory: string): Promise<string> {
  return readFile(join(directory, labFile.console), "utf8").catch(() => "");
}

/** PID 1 of the lab, which it records itself; undefined until then. */
export async function readSupervisor(directory: string): Promise<ProcessIdentity | undefined> {
  const text = await readFile(join(directory, labFile.pid), "utf8").catch(() => "");
  const [, pid, started] = /^([0-9]+) ([0-9]+)\n$/.exec(text) ?? [];
  return pid === undefined || started === undefined ? undefined : { pid: Number(pid), started };
}

async function readRecord(directory: string): Promise<LabRecord | undefined> {
  try {
    return JSON.parse(await readFile(join(directory, labFile.record), "utf8"));
  } catch {
    return undefined;
  }
}
