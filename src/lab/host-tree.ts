/**
 * The files that each host of a lab has of its own, as the tree that build.sh copies to its scratch folder: `hosts/HOST/upper`
 * is mounted over this machine's root; `run`, `tmp` and `home` beside it become its /run, /tmp and /root. Pure.
 */
import { isLinkLocal } from "../net/address.ts";
import type { Host, Topology } from "../topology/topology.ts";
import { formatDefaultSysctls } from "./default-sysctls.ts";
import type { Engine } from "./engine.ts";
import type { InitFiles } from "./init-files.ts";
import type { ManagementNetwork } from "./management-network.ts";
import { formatHostBatch, formatRenewBatch, formatSwitchBatch } from "./network-batch.ts";
import type { TreeEntry } from "./tree-entry.ts";

/** An SSH host key in OpenSSH's formats, as ssh-keygen(1) writes them. */
export interface HostKey {
  readonly privateKey: string;
  /** One line: `ssh-ed25519 AAAA… comment`. */
  readonly publicKey: string;
}

/** What the hosts take from this machine. */
export interface Surroundings {
  readonly engine: Engine;
  /** The folder of folders of modules for an engine's own kernel: `/usr/lib/uml/modules`. */
  readonly modules?: string | undefined;
  /** This machine's /etc/passwd. */
  readonly passwd: string;
  /** Tools of which hosts of engine uml select the legacy variant: their kernel has no nf_tables for IP. */
  readonly legacyTools: readonly string[];
  /** Folders below /root that stay visible. */
  readonly keptFolders: readonly string[];
  /** How many layers of files lie over this machine's, the first one on top. */
  readonly layers: number;
  /** Of the init that is PID 1 of the hosts; without it, sshd is. */
  readonly init?: InitFiles;
}

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const SCRATCH = "/tmp";

/** The folder in the lab's tree of a layer's files, which lie over this machine's on all hosts. */
export function layerFolder(index: number): string {
  return `layers/${index}`;
}

/** The folder of a host with an init that becomes its disk: see disk.sh. */
export const DISK = "disk";

/**
 * The program that the engine's kernel calls outside of the hosts to load a module, and iptables inside of them; both read its
 * path from kernel.modprobe. Outside, the modules are not where modprobe looks for them.
 */
const MODPROBE = "/run/lvsctl-lab/modprobe";
const MODPROBE_SCRIPT = `#!/bin/sh
[ ! -d ${SCRATCH}/kernel ] || set -- -d ${SCRATCH}/kernel "$@"
exec /sbin/modprobe "$@"
`;

/** The files that all hosts share. */
export function commonTree(
  topology: Topology,
  network: ManagementNetwork,
  { engine, modules, init }: Surroundings,
): readonly TreeEntry[] {
  const own = (folder: string): readonly TreeEntry[] => [
    { path: "kernel/lib", folder: true },
    { path: "kernel/lib/modules", linkTo: folder },
    { path: MODPROBE.slice(1), content: MODPROBE_SCRIPT, mode: 0o755 },
  ];
  return [
    { path: "switch.batch", content: formatSwitchBatch(engine, topology, network) },
    { path: "hosts.list", content: topology.hosts.map(({ name }) => `${name}\n`).join("") },
    ...["dev/pts", "dev/shm"].map((path): TreeEntry => ({ path, folder: true })),
    { path: "run", folder: true },
    { path: "dev/ptmx", linkTo: "pts/ptmx" },
    { path: "dev/fd", linkTo: "/proc/self/fd" },
    ...["stdin", "stdout", "stderr"].map(
      (name, fd): TreeEntry => ({ path: `dev/${name}`, linkTo: `/proc/self/fd/${fd}` }),
    ),
    ...(modules === undefined ? [] : own(modules)),
    ...(init === undefined ? [] : [{ path: "cgroup", folder: true } as const]),
  ];
}

/** A host's own files. `loginKey` is the public key that may log in. */
export function hostTree(
  topology: Topology,
  host: Host,
  keys: { readonly hostKey: HostKey; readonly loginKey: string },
  network: ManagementNetwork,
  surroundings: Surroundings,
): readonly TreeEntry[] {
  const address = network.hostAddresses[topology.hosts.indexOf(host)] ?? "";
  const etc: readonly TreeEntry[] = [
    { path: "hostname", content: `${host.name}\n` },
    { path: "hosts", content: formatHostsFile(topology) },
    { path: "resolv.conf", content: "" },
    { path: "motd", content: "" },
    { path: "passwd", content: withRoot(surroundings.passwd) },
    { path: "shadow", content: "root:*:19000:0:99999:7:::\n", mode: 0o600 },
    { path: "ssh/sshd_config", content: SSHD_CONFIG },
    { path: "ssh/ssh_host_ed25519_key", content: keys.hostKey.privateKey, mode: 0o600 },
    { path: "ssh/ssh_host_ed25519_key.pub", content: keys.hostKey.publicKey },
    ...(surroundings.engine === "uml" ? surroundings.legacyTools.flatMap(selectLegacy) : []),
  ];
  const disk = diskOf(surroundings);
  const own: readonly TreeEntry[] = [
    ...["root", `${disk}work`, `${disk}upper`, "run"].map((path): TreeEntry => ({ path, folder: true })),
    { path: "tmp", folder: true, mode: 0o1777 },
    { path: "home", folder: true, mode: 0o700 },
    { path: "home/.ssh", folder: true, mode: 0o700 },
    { path: "home/.ssh/authorized_keys", content: keys.loginKey, mode: 0o600 },
    { path: "run/sshd", folder: true },
    { path: "run/lock", folder: true, mode: 0o1777 },
    ...(surroundings.modules !== undefined ? [{ path: MODPROBE.slice(1), content: MODPROBE_SCRIPT, mode: 0o755 }] : []),
    ...etc.map((entry) => ({ ...entry, path: `${disk}upper/etc/${entry.path}` })),
    { path: "fstab", content: formatFstab(host.name, surroundings) },
    { path: "sysctls", content: formatDefaultSysctls(host) },
    { path: "network.batch", content: formatHostBatch(host, address, network) },
    { path: "renew.batch", content: formatRenewBatch(topology, host) },
    ...(surroundings.init === undefined ? [] : initTree(host.name, surroundings.init)),
  ];
  return own.map((entry) => ({ ...entry, path: `hosts/${host.name}/${entry.path}` }));
}

function initTree(host: string, { command, folders, files }: InitFiles): readonly TreeEntry[] {
  const onDisk = [...Object.keys(folders).map((path): TreeEntry => ({ path, folder: true })), ...files(host)];
  return [
    { path: "init", content: `${command.join(" ")}\n` },
    ...onDisk.map((entry) => ({ ...entry, path: `${DISK}/${entry.path}` })),
  ];
}

/** Where a host's files lie that survive a restart, below its folder. */
function diskOf({ init }: Surroundings): string {
  return init === undefined ? "" : `${DISK}/`;
}

const SSHD_CONFIG = `HostKey /etc/ssh/ssh_host_ed25519_key
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
PidFile none
PrintMotd no
PrintLastLog no
MaxStartups 100
MaxSessions 100
SetEnv PATH=${PATH}
Subsystem sftp internal-sftp
`;

function formatFstab(name: string, surroundings: Surroundings): string {
  const { modules, keptFolders, layers, init } = surroundings;
  const lower = Array.from({ length: layers }, (_, index) => `${SCRATCH}/${layerFolder(index)}:`).join("");
  const own = `${SCRATCH}/hosts/${name}`;
  const disk = `${own}/${diskOf(surroundings)}`;
  const mounts = [
    ["overlay", "", "overlay", `lowerdir=${lower}/,upperdir=${disk}upper,workdir=${disk}work`],
    init === undefined ? [`${SCRATCH}/dev`, "/dev", "none", "bind,ro"] : ["tmpfs", "/dev", "tmpfs", "mode=755"],
    ["devpts", "/dev/pts", "devpts", "newinstance,ptmxmode=0666,mode=0620,gid=5,nosuid,noexec,x-mount.mkdir"],
    ["tmpfs", "/dev/shm", "tmpfs", "mode=1777,nosuid,nodev,x-mount.mkdir"],
    ["proc", "/proc", "proc", "nosuid,nodev,noexec"],
    [`${own}/boot_id`, "/proc/sys/kernel/random/boot_id", "none", "bind,ro"],
    // A systemd that may write to /sys wants udev.
    ["sysfs", "/sys", "sysfs", `nosuid,nodev,noexec${init === undefined ? "" : ",ro"}`],
    ...(init?.mounts ?? []),
    ...Object.entries(init?.folders ?? {}).map(([folder, where]) => [
      `${disk}${folder}`,
      where,
      "none",
      "bind,x-mount.mkdir",
    ]),
    [`${own}/run`, "/run", "none", "bind"],
    [`${own}/tmp`, "/tmp", "none", "bind"],
    [`${own}/home`, "/root", "none", "bind"],
    ...(modules === undefined ? [] : [[modules, "/lib/modules", "none", "bind,x-mount.mkdir"]]),
    ...keptFolders.map((folder) => [folder, folder, "none", "bind,ro,x-mount.mkdir"]),
  ];
  return mounts
    .map(
      ([what, where, type, options]) =>
        `${escapeBlanks(what)} ${own}/root${escapeBlanks(where)} ${type} ${options} 0 0\n`,
    )
    .join("");
}

/** fstab(5) separates by blanks and writes them in octal. */
function escapeBlanks(path = ""): string {
  return path.replace(/[\\\s]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`);
}

function formatHostsFile({ hosts }: Topology): string {
  const own = hosts.flatMap(({ name, interfaces }) => {
    const first = interfaces.flatMap(({ addresses }) => addresses).find((address) => !isLinkLocal(address));
    return first === undefined ? [] : [`${first.address} ${name}\n`];
  });
  return `127.0.0.1 localhost\n::1 localhost ip6-localhost\n${own.join("")}`;
}

/** This machine's accounts; root has the lab's home and /bin/sh, which every machine has. */
function withRoot(passwd: string): string {
  const others = passwd.split("\n").filter((line) => line !== "" && !line.startsWith("root:"));
  return ["root:x:0:0:root:/root:/bin/sh", ...others, ""].join("\n");
}

function selectLegacy(tool: string): readonly TreeEntry[] {
  return ["", "-save", "-restore"].map((verb) => ({
    path: `alternatives/${tool}${verb}`,
    linkTo: `/usr/sbin/${tool}-legacy${verb}`,
  }));
}
