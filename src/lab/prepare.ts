/** Writes a lab's folder, with everything that its scripts and ssh need, before any process is started. */

import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import pLimit from "p-limit";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { Topology } from "../topology/topology.ts";
import { exists } from "../transport/exists.ts";
import type { Engine } from "./engine.ts";
import type { HostInit } from "./host-init.ts";
import { commonTree, DISK, type HostKey, hostTree, layerFolder, type Surroundings } from "./host-tree.ts";
import type { InitFiles } from "./init-files.ts";
import { type LabHost, type LabRecord, labFile } from "./lab-state.ts";
import { chooseManagementNetwork } from "./management-network.ts";
import { formatControlBatch } from "./network-batch.ts";
import { readProcess } from "./process-identity.ts";
import { runProgram } from "./program.ts";
import { formatKnownHosts, formatSshConfig } from "./ssh-files.ts";
import { makeInitrd, type StockKernel } from "./stock-kernel.ts";
import type { TreeEntry } from "./tree-entry.ts";
import { wiringOf } from "./wiring.ts";

const HOST_SCRIPTS = ["host.sh", "pid1.sh", "disk.sh"] as const;
const SCRIPTS = [...HOST_SCRIPTS, "supervisor.sh", "build.sh", "connect.sh", "initrd.sh", "init.sh"] as const;
const LEGACY_TOOLS = ["iptables", "ip6tables", "arptables", "ebtables"] as const;

/** A host with an init writes to a file system of this size. */
const DISK_SIZE = "48M";

/** What runs below a lab's hosts. */
export interface LabKernel {
  readonly engine: Engine;
  /** Absent if it is not known. */
  readonly version?: string;
  /** The folder of folders of modules, if the kernel is not this machine's own. */
  readonly modules?: string;
  /** With the engine qemu. */
  readonly stock?: StockKernel;
}

/** What is on a lab's hosts besides this machine's files. */
export interface HostExtras {
  readonly init?: { readonly name: HostInit; readonly files: InitFiles };
  readonly packages?: { readonly names: readonly string[]; readonly root: string };
}

/** Equal for topologies from which a lab would build the same hosts; services do not matter. */
export function fingerprint({ segments, hosts }: Topology): string {
  const built = hosts.map(({ name, interfaces, gateways, routes }) => ({ name, interfaces, gateways, routes }));
  return createHash("sha256").update(JSON.stringify({ segments, built })).digest("hex");
}

/** Fills `folder` with the files of a lab that will live in `directory`. */
export async function prepareLab(
  topology: Topology,
  kernel: LabKernel,
  { init, packages }: HostExtras,
  folder: string,
  directory: string,
): Promise<LabRecord> {
  const { engine, stock } = kernel;
  const network = chooseManagementNetwork(topology);
  const hosts: readonly LabHost[] = topology.hosts.map(({ name }, index) => ({
    name,
    address: network.hostAddresses[index] ?? "",
  }));
  const self = await readProcess(process.pid);
  const startedBy = { pid: process.pid, started: self?.started ?? "" };
  const built = fingerprint(topology);
  const record: LabRecord = {
    name: topology.name,
    engine,
    ...(init && { init: init.name }),
    ...(packages && { packages: packages.names }),
    hosts,
    fingerprint: built,
    wiring: wiringOf(topology),
    file: resolve(topology.file),
    ...(kernel.version === undefined ? {} : { kernel: kernel.version }),
    startedBy,
  };
  const layers = [init?.files.layer, packages?.root].filter((layer) => layer !== undefined);
  const keysFolder = join(folder, "keys");
  await mkdir(keysFolder, { mode: 0o700 });
  const limit = pLimit(4);
  const [loginKey, surroundings, ...hostKeys] = await Promise.all([
    newKey(join(folder, labFile.identity), "lvsctl-lab"),
    surroundingsOf(kernel, layers, init?.files),
    ...topology.hosts.map(({ name }) => limit(() => newKey(join(keysFolder, name), name))),
  ]);
  const tree = [
    ...commonTree(topology, network, surroundings),
    ...topology.hosts.flatMap((host, index) => {
      const hostKey = hostKeys[index] ?? loginKey;
      return hostTree(topology, host, { hostKey, loginKey: loginKey.publicKey }, network, surroundings);
    }),
  ];
  const files: readonly TreeEntry[] = [
    { path: labFile.record, content: `${JSON.stringify(record, null, 2)}\n` },
    { path: labFile.sshConfig, content: formatSshConfig(directory, hosts) },
    {
      path: labFile.knownHosts,
      content: formatKnownHosts(
        hosts,
        hostKeys.map(({ publicKey }) => publicKey),
      ),
    },
    { path: "control.batch", content: formatControlBatch(engine, network) },
  ];
  await writeTree(folder, files);
  await writeTree(join(folder, "tree"), tree);
  for (const [index, layer] of layers.entries()) await copyLayer(layer, join(folder, "tree", layerFolder(index)));
  if (init !== undefined) {
    await Promise.all(hosts.map(({ name }) => limit(() => makeDisk(join(folder, "tree/hosts", name)))));
  }
  for (const script of SCRIPTS) {
    await copyFile(fileURLToPath(new URL(`./${script}`, import.meta.url)), join(folder, script));
  }
  if (stock !== undefined) await makeInitrd(stock, folder);
  for (const script of HOST_SCRIPTS) await copyFile(join(folder, script), join(folder, "tree", script));
  return record;
}

/** Makes a host's disk of its folder's files, which build.sh mounts in their place. */
async function makeDisk(host: string): Promise<void> {
  const [files, image] = [join(host, DISK), join(host, `${DISK}.img`)];
  const argv = ["mke2fs", "-q", "-F", "-t", "ext4", "-d", files, image, DISK_SIZE];
  const { status, stderr } = await runProgram(argv);
  if (status !== 0) {
    throw new LvsctlError("LVS-LAB-006", "mke2fs could not make a disk for a host of the lab.", { output: stderr });
  }
  await rm(files, { recursive: true });
  await mkdir(files);
}

async function newKey(path: string, comment: string): Promise<HostKey> {
  const result = await runProgram(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", path]);
  if (result.status !== 0) {
    throw new LvsctlError("LVS-LAB-006", "ssh-keygen could not make a key for the lab.", { output: result.stderr });
  }
  const [privateKey, publicKey] = await Promise.all([readFile(path, "utf8"), readFile(`${path}.pub`, "utf8")]);
  return { privateKey, publicKey };
}

/** As it is, with the marks of what it hides of the layers below. */
async function copyLayer(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const { status, stderr } = await runProgram(["cp", "-a", from, to]);
  if (status === 0) return;
  throw new LvsctlError("LVS-LAB-006", "The files of packages could not be copied for the lab.", { output: stderr });
}

async function surroundingsOf(
  { engine, modules }: LabKernel,
  layers: readonly string[],
  init: InitFiles | undefined,
): Promise<Surroundings> {
  const legacy = await Promise.all(LEGACY_TOOLS.map((tool) => exists(`/usr/sbin/${tool}-legacy`)));
  const own = [dirname(process.execPath), fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "")];
  return {
    engine,
    modules,
    layers: layers.length,
    passwd: await readPasswd(layers),
    legacyTools: LEGACY_TOOLS.filter((_, index) => legacy[index]),
    keptFolders: own.filter((path) => path.startsWith("/root/")),
    ...(init && { init }),
  };
}

/** Packages may have accounts of their own. */
async function readPasswd(layers: readonly string[]): Promise<string> {
  for (const layer of layers) {
    const path = join(layer, "etc/passwd");
    if (await exists(path)) return readFile(path, "utf8");
  }
  return readFile("/etc/passwd", "utf8");
}

async function writeTree(root: string, entries: readonly TreeEntry[]): Promise<void> {
  for (const entry of entries) {
    const path = join(root, entry.path);
    await mkdir(dirname(path), { recursive: true });
    if ("linkTo" in entry) await symlink(entry.linkTo, path);
    else if ("folder" in entry) await mkdir(path, { recursive: true });
    else await writeFile(path, entry.content);
    if (!("linkTo" in entry)) await chmod(path, entry.mode ?? ("folder" in entry ? 0o755 : 0o644));
  }
}
