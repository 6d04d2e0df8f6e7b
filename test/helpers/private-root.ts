import { watched } from "./watched-process.ts";

export interface ShellResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

/**
 * Runs scripts one after the other, each in its own shell, in namespaces with an empty /run and /var/lib and no other
 * processes; whatever is left running ends with them. `shell`: sh, bash, or `busybox sh`. Returns what each printed. Throws
 * if nothing happens there any more.
 */
export async function inPrivateRoot(scripts: readonly string[], shell = "sh"): Promise<readonly ShellResult[]> {
  const program = `
    const { spawnSync } = require("node:child_process");
    const [shell, ...args] = ${JSON.stringify(shell)}.split(" ");
    const results = JSON.parse(require("node:fs").readFileSync(0, "utf8")).map((input) => {
      const { stdout, stderr, status } = spawnSync(shell, [...args, "-s"], { input, encoding: "utf8" });
      return { stdout, stderr, status };
    });
    process.stdout.write(JSON.stringify(results));`;
  const root = process.getuid?.() === 0 ? [] : ["--map-root-user"];
  const mounts = 'mount -t tmpfs none /run && mount -t tmpfs none /var/lib && exec "$0" -e "$1"';
  const spaces = ["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const argv = ["unshare", ...root, ...spaces, "sh", "-c", mounts, process.execPath, program];
  const { stdout, stderr, status } = await watched(argv, { input: JSON.stringify(scripts) }).ended;
  if (status !== 0) throw new Error(`unshare: ${stderr}`);
  return JSON.parse(stdout) as readonly ShellResult[];
}
