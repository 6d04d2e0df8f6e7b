import { spawnSync } from "node:child_process";

export interface ShellResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

/**
 * Runs scripts one after the other, each in its own shell, in namespaces with an empty /run and /var/lib and no other
 * processes; whatever is left running ends with them. `shell`: sh, bash, or `busybox sh`. Returns what each printed.
 */
export function inPrivateRoot(scripts: readonly string[], shell = "sh"): readonly ShellResult[] {
  const input = JSON.stringify(scripts);
  const program = `
    const { spawnSync } = require("node:child_process");
    const [shell, ...args] = ${JSON.stringify(shell)}.split(" ");
    const results = JSON.parse(require("node:fs").readFileSync(0, "utf8")).map((input) => {
      const { stdout, stderr, status } = spawnSync(shell, [...args, "-s"], { input, encoding: "utf8", timeout: 600000 });
      return { stdout, stderr, status };
    });
    process.stdout.write(JSON.stringify(results));`;
  const root = process.getuid?.() === 0 ? [] : ["--map-root-user"];
  const mounts = 'mount -t tmpfs none /run && mount -t tmpfs none /var/lib && exec "$0" -e "$1"';
  const spaces = ["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const args = [...root, ...spaces, "sh", "-c", mounts, process.execPath, program];
  const { stdout, stderr, status } = spawnSync("unshare", args, { input, encoding: "utf8", timeout: 1_200_000 });
  if (status !== 0) throw new Error(`unshare: ${stderr}`);
  return JSON.parse(stdout) as readonly ShellResult[];
}
