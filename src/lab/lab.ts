/** Brings up the hosts of a topology on this machine. */
import { randomUUID } from "node:crypto";
import { open, readdir, rename, rm } from "node:fs/promises";
import { release } from "node:os";
import { join } from "node:path";
import { count } from "../errors/count.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { sh } from "../shell/quote.ts";
import type { Topology } from "../topology/topology.ts";
import { assertInstalled, assertRoot, chooseEngine, type Engine } from "./engine.ts";
import { assertInit, type HostInit, initFiles } from "./host-init.ts";
import { labDown } from "./lab-down.ts";
import { LAB_VARIABLE } from "./lab-processes.ts";
import { assertLabable } from "./lab-rules.ts";
import {
  findLab,
  type LabHost,
  type LabRecord,
  labDirectory,
  labFile,
  newLabFolder,
  readConsole,
} from "./lab-state.ts";
import { labWorkSeconds } from "./lab-work.ts";
import { packagesRoot } from "./packages.ts";
import { fingerprint, type HostExtras, type LabKernel, prepareLab } from "./prepare.ts";
import { isAlive, type ProcessIdentity, readProcess } from "./process-identity.ts";
import { startDetached } from "./program.ts";
import { followStart, type Outcome, untilFailure } from "./progress.ts";
import { chooseAccelerator, stockKernel } from "./stock-kernel.ts";
import { umlKernel } from "./uml-kernel.ts";

/** A lab whose hosts are up and accept logins. */
export interface Lab {
  readonly name: string;
  readonly engine: Engine;
  readonly hosts: readonly LabHost[];
  /** The path of an ssh_config for these hosts, for `ssh -F` and `--ssh-config`. */
  readonly sshConfig: string;
  readonly directory: string;
  /** Whether it was up before it was asked for. */
  readonly wasUp: boolean;
}

/** How to bring up a lab. */
export interface LabUpOptions {
  readonly engine?: Engine;
  /** PID 1 of the hosts; sshd if it is not given. */
  readonly init?: HostInit;
  /** Packages that the hosts have and this machine need not have. */
  readonly packages?: readonly string[];
  /** The memory of an engine's own kernel, `512M` or `2G`, allocated as it is used. Default: LVSCTL_LAB_MEMORY, or 1G. */
  readonly memory?: string;
  /** Called with what is done next, as one line. */
  readonly onProgress?: (message: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Brings up the hosts of a topology, or finds that they are up already. Leaves nothing behind when it fails or is aborted.
 * Throws LVS-LAB-002 without root, LVS-LAB-003 without the programs, LVS-LAB-005 when other hosts are up under the name,
 * LVS-LAB-006 when the hosts do not come up, LVS-LAB-007 when the topology or the options cannot be a lab.
 */
export async function labUp(topology: Topology, options: LabUpOptions = {}): Promise<Lab> {
  assertRoot();
  assertLabable(topology);
  const memory = parseMemory(options.memory ?? process.env["LVSCTL_LAB_MEMORY"] ?? "1G");
  options.signal?.throwIfAborted();
  const { init, onProgress } = options;
  const hosts = count(topology.hosts.length, "host");
  onProgress?.(`looking for a kernel and the programs for ${hosts} …`);
  const found = await joinRunning(topology, options);
  if (found !== undefined) return found;
  const engine = options.engine ?? (init === undefined ? await chooseEngine() : "uml");
  await assertInstalled(engine, { hasDisks: init !== undefined });
  if (init !== undefined) assertInit(init, engine);
  const extras = await extrasOf(options);
  const kernel = await kernelOf(engine, options);

  onProgress?.(`creating the keys and files of ${hosts} …`);
  const directory = labDirectory(topology.name);
  const folder = await newLabFolder(topology.name, randomUUID());
  let record: LabRecord;
  try {
    record = await prepareLab(topology, kernel, extras, folder, directory);
    options.signal?.throwIfAborted();
    await rename(folder, directory); // Atomic: the folder is complete, and only one of several lvsctl gets the name.
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    const joined = isTaken(error) ? await joinRunning(topology, options) : undefined;
    if (joined !== undefined) return joined;
    throw error;
  }
  try {
    onProgress?.(`starting the lab: ${KERNELS[engine]} …`);
    const launcher = await start(record, directory, [memory, await kernel.setting(directory)]);
    await awaitUp(record, directory, () => isAlive(launcher), options);
    return toLab(record, directory, false);
  } catch (error) {
    await labDown(topology.name);
    throw error;
  }
}

/** What the hosts run on. */
const KERNELS: Readonly<Record<Engine, string>> = {
  native: "on this machine's kernel",
  uml: "User-Mode Linux",
  qemu: "a virtual machine",
};

/** The program that starts a lab in its folder, which is its working directory. */
export function launchCommand(directory: string, supervisorArgs: readonly string[]) {
  const namespaces = ["--net", "--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child"];
  return {
    argv: ["unshare", ...namespaces, "sh", "./supervisor.sh", ...supervisorArgs],
    env: {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      LC_ALL: "C",
      [LAB_VARIABLE]: directory,
    },
  };
}

async function extrasOf(options: LabUpOptions): Promise<HostExtras> {
  const { init, packages = [] } = options;
  return {
    ...(init && { init: { name: init, files: await initFiles(init, options) } }),
    ...(packages.length > 0 && { packages: { names: packages, root: await packagesRoot(packages, options) } }),
  };
}

/** The kernel of an engine, and what supervisor.sh has to know of it. */
async function kernelOf(
  engine: Engine,
  options: LabUpOptions,
): Promise<LabKernel & { readonly setting: (directory: string) => Promise<string> }> {
  switch (engine) {
    case "native":
      return { engine, version: release(), setting: async () => "" };
    case "uml": {
      const { root, modules } = await umlKernel();
      const [version] = (await readdir(modules).catch(() => [])).sort();
      return { engine, modules, ...(version === undefined ? {} : { version }), setting: async () => root };
    }
    case "qemu": {
      const stock = await stockKernel(options);
      const modules = join(stock.root, "lib/modules");
      return { engine, stock, version: stock.version, modules, setting: chooseAccelerator };
    }
  }
}

function isSame(names: readonly string[] = [], others: readonly string[] = []): boolean {
  return [...names].sort().join() === [...others].sort().join();
}

/** The lab of these hosts, if it is up or coming up; a dead one is removed. */
async function joinRunning(topology: Topology, options: LabUpOptions): Promise<Lab | undefined> {
  const found = await findLab(topology.name);
  if (found === undefined) return undefined;
  if (found.state === "dead" || found.state === "orphaned" || found.record === undefined) {
    await labDown(topology.name);
    return undefined;
  }
  const { record, directory } = found;
  const { engine = record.engine, init = record.init, packages = record.packages } = options;
  const isAsAsked = engine === record.engine && init === record.init && isSame(packages, record.packages);
  if (record.fingerprint !== fingerprint(topology) || !isAsAsked) {
    const how = [record.engine, ...(record.init ? [`with ${record.init}`] : []), ...(record.packages ?? [])].join(" ");
    throw new LvsctlError(
      "LVS-LAB-005",
      `A lab ${topology.name} is up with other hosts, addresses, packages or another engine (${how}).`,
      { hint: `Create it again from the file as it is now: ${sh`lvsctl lab up --recreate ${topology.file}`}` },
    );
  }
  const alive = async () => ((await findLab(topology.name))?.state ?? "dead") !== "dead";
  if (found.state === "starting") await awaitUp(record, directory, alive, options);
  return toLab(record, directory, true);
}

async function start(record: LabRecord, directory: string, settings: readonly string[]): Promise<ProcessIdentity> {
  const console = await open(join(directory, labFile.console), "w", 0o600);
  try {
    const { argv, env } = launchCommand(directory, [record.engine, ...settings]);
    // The folder is the working directory, so that the supervisor ends by itself if somebody removes it meanwhile.
    const pid = await startDetached(argv, { cwd: directory, output: console.fd, env });
    return { pid, started: (await readProcess(pid))?.started ?? "" };
  } finally {
    await console.close();
  }
}

async function awaitUp(
  record: LabRecord,
  directory: string,
  alive: () => Promise<boolean>,
  { onProgress, signal }: LabUpOptions,
): Promise<void> {
  const work = () => labWorkSeconds(directory);
  const outcome = await followStart(directory, { work, alive, onProgress, signal, hosts: record.hosts.length });
  if (outcome === "up") return;
  const output = untilFailure(await readConsole(directory));
  throw new LvsctlError("LVS-LAB-006", `The lab ${record.name} did not come up: ${reason(outcome)}.`, {
    hint: "These were the last lines of its console. Everything has been cleaned up.",
    output,
  });
}

function reason(outcome: Outcome): string {
  switch (outcome) {
    case "late":
      return "it has stopped responding";
    case "ended":
      return "it ended, or was taken down";
    default:
      return "a step failed";
  }
}

function toLab({ name, engine, hosts }: LabRecord, directory: string, wasUp: boolean): Lab {
  return { name, engine, hosts, directory, wasUp, sshConfig: join(directory, labFile.sshConfig) };
}

function parseMemory(text: string): string {
  if (/^[1-9][0-9]{0,5}[MG]$/.test(text)) return text;
  throw new LvsctlError("LVS-LAB-007", `The lab's memory cannot be ${JSON.stringify(text)}.`, {
    hint: "Write LVSCTL_LAB_MEMORY as a number of mebibytes or gibibytes: 512M, 2G.",
  });
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOTEMPTY" || error.code === "EEXIST");
}
