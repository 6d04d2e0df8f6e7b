/** What a lab can run on: this machine's own kernel, User-Mode Linux, or the distribution's kernel in QEMU. */

import { constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { exists } from "../transport/exists.ts";
import { runProgram } from "./program.ts";

/**
 * `native`: namespaces of this machine's kernel. `uml`: a separate kernel as an ordinary process. `qemu`: the distribution's
 * stock kernel in a virtual machine, which is slow without KVM, so it is used only on request.
 */
export type Engine = "native" | "uml" | "qemu";

const SYSTEM_FOLDERS = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** Program → its Debian package. The hosts use this machine's programs, so that the list includes theirs. */
const PROGRAMS: Readonly<Record<string, string>> = {
  unshare: "util-linux",
  ip: "iproute2",
  tc: "iproute2",
  sshd: "openssh-server",
  ssh: "openssh-client",
  "ssh-keygen": "openssh-client",
  busybox: "busybox",
  modprobe: "kmod",
  ipvsadm: "ipvsadm",
  iptables: "iptables",
  conntrack: "conntrack",
  arping: "iputils-arping",
  tcpdump: "tcpdump",
  curl: "curl",
};

/** Throws LVS-LAB-002 unless we are root. */
export function assertRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new LvsctlError(
    "LVS-LAB-002",
    "A lab makes namespaces, mounts and network devices on this machine, and only root may do that.",
    { hint: "Run the same command as root, with sudo for example." },
  );
}

const ENGINE_PROGRAMS: Readonly<Record<Engine, Readonly<Record<string, string>>>> = {
  native: {},
  uml: { "linux.uml": "user-mode-linux" },
  qemu: { "qemu-system-x86_64": "qemu-system-x86" },
};

/** For hosts with an init, which have disks. */
const DISK_PROGRAMS = { mke2fs: "e2fsprogs", mount: "mount" };

/** The engine for this machine: `native` if its kernel has IPVS, else `uml`. */
export async function chooseEngine(): Promise<Engine> {
  if (await exists("/proc/net/ip_vs")) return "native";
  if ((await findProgram("modprobe", searchPath())) === undefined) return "uml";
  const { status } = await runProgram(["modprobe", "--dry-run", "--quiet", "ip_vs"]);
  return status === 0 ? "native" : "uml";
}

/** Throws LVS-LAB-003 unless the folders hold all programs that the lab needs. The hint names the missing packages. */
export async function assertInstalled(
  engine: Engine,
  {
    hasDisks = false,
    folders = searchPath(),
  }: { readonly hasDisks?: boolean; readonly folders?: readonly string[] } = {},
): Promise<void> {
  const needed = { ...PROGRAMS, ...ENGINE_PROGRAMS[engine], ...(hasDisks ? DISK_PROGRAMS : {}) };
  const found = await Promise.all(Object.keys(needed).map((program) => findProgram(program, folders)));
  const missing = Object.entries(needed).filter((_, index) => found[index] === undefined);
  if (missing.length === 0) return;
  const programs = missing.map(([program]) => program).join(", ");
  const packages = [...new Set(missing.map(([, name]) => name))].join(" ");
  throw new LvsctlError("LVS-LAB-003", `The lab's engine ${engine} needs programs that are not here: ${programs}.`, {
    hint: `On Debian or Ubuntu: apt-get install ${packages}`,
  });
}

function searchPath(): readonly string[] {
  return [...(process.env["PATH"] ?? "").split(delimiter).filter(Boolean), ...SYSTEM_FOLDERS];
}

async function findProgram(name: string, folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    const path = join(folder, name);
    if (await exists(path, constants.X_OK)) return path;
  }
  return undefined;
}
