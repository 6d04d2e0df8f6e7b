/** `lvsctl lab`: the hosts of a topology on this machine. */
import { assertRoot, type Engine } from "../lab/engine.ts";
import type { HostInit } from "../lab/host-init.ts";
import { type Lab, labUp } from "../lab/lab.ts";
import { labDown } from "../lab/lab-down.ts";
import { assertLabName } from "../lab/lab-rules.ts";
import { labSsh } from "../lab/lab-ssh.ts";
import { type LabStatus, labStatus, labsElsewhere } from "../lab/lab-status.ts";
import { runOnTerminal } from "../lab/program.ts";
import { thisMachine } from "../machine/this-machine.ts";
import type { TakenDown } from "../report/labs.ts";
import type { Topology } from "../topology/topology.ts";
import type { OnStatus } from "./host-count.ts";
import { refuseWhileRunning } from "./lab-runs.ts";
import { loadTopologyFile } from "./load.ts";

/** How to bring up a lab. */
export interface LabUpOptions {
  readonly engine?: Engine;
  readonly init?: HostInit;
  readonly packages?: readonly string[];
  /** Take it down first, if it is up. */
  readonly recreate?: boolean;
  /** Take it down also while a run is under way on its hosts. */
  readonly force?: boolean;
  readonly onStatus?: OnStatus;
  /** Called with what is done next, as one line. */
  readonly onProgress?: (message: string) => void;
  readonly signal?: AbortSignal;
}

/** Brings up the lab of a topology file. Throws LVS-CONFIG-000 for the file, and LVS-LAB-… errors. */
export async function bringUpLab(file: string, options: LabUpOptions): Promise<Lab> {
  const { topology } = await loadTopologyFile(file);
  if (options.recreate) {
    options.onProgress?.(`taking down the lab ${topology.name}, if it is up …`);
    await takeDown(topology.name, options);
  }
  return labUp(topology, options);
}

/** How to take labs down. */
export interface LabDownOptions {
  /** Also while a run is under way on their hosts. */
  readonly force?: boolean;
  readonly onStatus?: OnStatus;
}

/** Takes a lab down, by its topology file or by its name. Throws LVS-LAB-009 while a run is under way on its hosts. */
export async function takeDownLab(fileOrName: string, options: LabDownOptions = {}): Promise<TakenDown> {
  return takeDown(await labName(fileOrName), options);
}

/**
 * Takes every lab on this machine down; those of others, in another /run, stay. Throws LVS-LAB-009 before any is down if a run is
 * under way on hosts of one of them.
 */
export async function takeDownAllLabs(options: LabDownOptions = {}): Promise<readonly TakenDown[]> {
  const names = (await labStatus()).map(({ name }) => name);
  if (!options.force) for (const name of names) await refuseWhileRunning(name, options);
  const taken: TakenDown[] = [];
  for (const name of names) taken.push(await takeDown(name, { ...options, force: true }));
  return taken;
}

async function takeDown(name: string, { force = false, onStatus }: LabDownOptions): Promise<TakenDown> {
  assertRoot();
  assertLabName(name);
  if (!force) await refuseWhileRunning(name, onStatus ? { onStatus } : {});
  onStatus?.(`taking down the lab ${name}`);
  try {
    const wasUp = await labDown(name);
    return { name, wasUp, elsewhere: await labsElsewhere(name) };
  } finally {
    onStatus?.(undefined);
  }
}

/** All labs on this machine, or only those of a topology; with its file, whether it still fits that. */
export async function listLabs(fileOrName?: string): Promise<readonly LabStatus[]> {
  const topology = fileOrName !== undefined && isPath(fileOrName) ? await topologyOf(fileOrName) : undefined;
  const name = topology?.name ?? fileOrName;
  return [...(await labStatus(name, topology)), ...(await labsElsewhere(name))].map(withStart);
}

/** With the time of day since when it is up. */
function withStart(status: LabStatus): LabStatus {
  const { uptimeSeconds } = status;
  if (uptimeSeconds === undefined) return status;
  return { ...status, since: new Date(thisMachine.clock.date().getTime() - uptimeSeconds * 1000).toISOString() };
}

/** Logs in to a host of a lab, or runs a command there; returns the exit status of ssh. */
export async function sshIntoLab(fileOrName: string, host: string, argv: readonly string[]): Promise<number> {
  const file = isPath(fileOrName) ? fileOrName : undefined;
  return labSsh(await labName(fileOrName), host, argv, file);
}

/** Brings a lab up, runs a command on this machine, and always takes the lab down again; returns the command's exit status. */
export async function runInTemporaryLab(file: string, options: LabUpOptions, argv: readonly string[]): Promise<number> {
  const lab = await bringUpLab(file, options);
  try {
    return (await runOnTerminal(argv)).status ?? 1;
  } finally {
    await labDown(lab.name);
  }
}

async function labName(fileOrName: string): Promise<string> {
  return isPath(fileOrName) ? (await topologyOf(fileOrName)).name : fileOrName;
}

/** Anything that looks like a path is a topology file, anything else a lab's name: a lab can be taken down without its file. */
function isPath(fileOrName: string): boolean {
  return /[./]/.test(fileOrName);
}

async function topologyOf(file: string): Promise<Topology> {
  return (await loadTopologyFile(file)).topology;
}
