/**
 * The distribution's stock kernel for the engine qemu: this machine's own if it has 9p, else one that is downloaded once and
 * kept unpacked in a folder of ours. Nothing is installed.
 */

import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { exists } from "../transport/exists.ts";
import { type Fetched, type FetchOptions, fetchedFolder, fetchedRoots, fetchUnpacked } from "./fetched-packages.ts";
import { runProgram } from "./program.ts";

/** A kernel with its modules, unpacked on this machine: `root` holds `boot/vmlinuz-VERSION` and `lib/modules/VERSION`. */
export type StockKernel = Fetched;

const INITRD_TIMEOUT_MS = 600_000;

/** With a working KVM, a kernel starts in about a second. A broken KVM may hang without an error. */
const PROBE_TIMEOUT_MS = 6_000;

/** The kernel to boot. Throws LVS-LAB-003 if there is none and none can be downloaded. */
export async function stockKernel(options: FetchOptions): Promise<StockKernel> {
  const roots = ["/", ...(await fetchedRoots("kernels"))];
  const [found] = (await Promise.all(roots.map(kernelsIn))).flat();
  if (found !== undefined) return found;
  const fetched = await fetchUnpacked("kernels", "./fetch-stock-kernel.sh", options);
  if ("error" in fetched) throw noKernel(fetched.error);
  return fetched;
}

/** Puts `kernel` and `initrd.gz` into a lab's folder, which has the scripts already. Throws LVS-LAB-006. */
export async function makeInitrd({ version, root }: StockKernel, folder: string): Promise<void> {
  await copyFile(join(root, "boot", `vmlinuz-${version}`), join(folder, "kernel"));
  const argv = ["sh", "./initrd.sh", root, version, "initrd.gz"];
  const { status, stderr } = await runProgram(argv, { cwd: folder, timeoutMs: INITRD_TIMEOUT_MS });
  if (status === 0) return;
  throw new LvsctlError("LVS-LAB-006", "The first file system of the lab's kernel could not be made.", {
    output: stderr,
  });
}

/** `kvm` if this machine's KVM has started the lab's kernel in a trial, else `tcg`. A failure is remembered until a reboot. */
export async function chooseAccelerator(directory: string): Promise<"kvm" | "tcg"> {
  if (!(await exists("/dev/kvm"))) return "tcg";
  const boot = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
  const failed = join(fetchedFolder("kernels"), `,kvm-failed-${boot}`);
  if (await exists(failed)) return "tcg";
  const argv = ["qemu-system-x86_64", "-accel", "kvm", "-cpu", "max", "-m", "256M", "-nodefaults", "-no-reboot"];
  const screen = ["-display", "none", "-monitor", "none", "-serial", "stdio", "-kernel", "kernel"];
  const start = ["-initrd", "initrd.gz", "-append", "console=ttyS0 quiet panic=-1 lvsctl.probe"];
  const { stdout } = await runProgram([...argv, ...screen, ...start], { cwd: directory, timeoutMs: PROBE_TIMEOUT_MS });
  if (/^lvsctl-lab: works\r?$/m.test(stdout)) return "kvm";
  await mkdir(fetchedFolder("kernels"), { recursive: true });
  await writeFile(failed, "");
  return "tcg";
}

/** The kernels below a root that can mount a root by 9p; cloud kernels cannot. */
async function kernelsIn(root: string): Promise<readonly StockKernel[]> {
  const versions = await readdir(join(root, "lib/modules")).catch(() => []);
  const usable = await Promise.all(
    versions.map(async (version) => {
      const modules = join(root, "lib/modules", version);
      const has9p = ["", ".xz", ".zst"].map((ending) => exists(join(modules, `kernel/fs/9p/9p.ko${ending}`)));
      const needed = [exists(join(root, "boot", `vmlinuz-${version}`)), exists(join(modules, "modules.dep"))];
      return (await Promise.all(has9p)).includes(true) && (await Promise.all(needed)).every(Boolean);
    }),
  );
  return versions.filter((_, index) => usable[index]).map((version) => ({ version, root }));
}

function noKernel(stderr: string): LvsctlError {
  return new LvsctlError(
    "LVS-LAB-003",
    "The engine qemu needs the distribution's kernel, and it could not be fetched.",
    {
      hint: "It is Debian's linux-image-amd64: apt-get update, or install it.",
      output: stderr,
    },
  );
}
