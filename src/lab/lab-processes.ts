/**
 * Finds the processes of labs by a variable in their environment, whether or not their folders are still there. In another
 * mount namespace /run may be another one, and hold labs of the same names as here.
 */
import { readdir, readFile, readlink, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { type FoundProcess, type ProcessIdentity, readProcess } from "./process-identity.ts";

/** Holds the lab's folder in the environment of the program that starts a lab; its first process has inherited it. */
export const LAB_VARIABLE = "LVSCTL_LAB_FOLDER";

/** What these two processes run, as the kernel calls it. */
const PROGRAMS = ["unshare", "sh"];

/**
 * `here`: in the folder that we see under this path. `removed`: in one of our /run that is gone. `abandoned`: in a /run that
 * nobody outside the lab sees any more. `elsewhere`: in another /run that somebody still uses.
 */
export type Whereabouts = "here" | "removed" | "abandoned" | "elsewhere";

/** A lab that runs. */
export interface LabProcesses {
  readonly directory: string;
  readonly whereabouts: Whereabouts;
  /** PID 1 of the lab's namespaces, as we see it: all others end with it. Undefined until it has begun. */
  readonly first: ProcessIdentity | undefined;
  /** It started the first process, and waits for it. */
  readonly launcher: ProcessIdentity | undefined;
}

interface Marked {
  readonly process: FoundProcess;
  readonly directory: string;
}

/** Every lab that runs, or those with this folder; there can be several of one name in different places. */
export async function findLabProcesses(directory?: string): Promise<readonly LabProcesses[]> {
  const processes = await readProcesses();
  const candidates = processes.filter(({ program, state }) => PROGRAMS.includes(program) && !"ZX".includes(state));
  const all = (await Promise.all(candidates.map(readMark))).filter((mark) => mark !== undefined);
  const marked = all.filter((mark) => directory === undefined || mark.directory === directory);
  const outermost = marked.filter(({ process: { parent } }) => !marked.some(({ process: { pid } }) => pid === parent));
  return Promise.all(outermost.map((mark) => describe(mark, processes)));
}

async function describe({ process, directory }: Marked, processes: readonly FoundProcess[]): Promise<LabProcesses> {
  const whereabouts = await whereIs(directory, process.pid, processes);
  if (await isFirstOfNamespace(process.pid)) return { directory, whereabouts, first: process, launcher: undefined };
  const first = processes.find(({ parent }) => parent === process.pid);
  return { directory, whereabouts, first, launcher: process };
}

async function readProcesses(): Promise<readonly FoundProcess[]> {
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry)).map(Number);
  const found = await Promise.all(pids.filter((pid) => pid !== process.pid).map(readProcess));
  return found.filter((each) => each !== undefined);
}

async function readMark(process: FoundProcess): Promise<Marked | undefined> {
  const environment = await readFile(`/proc/${process.pid}/environ`, "utf8").catch(() => "");
  const line = environment.split("\0").find((each) => each.startsWith(`${LAB_VARIABLE}=`));
  return line === undefined ? undefined : { process, directory: line.slice(LAB_VARIABLE.length + 1) };
}

/** Source: proc(5), NSpid in /proc/PID/status: its number in each pid namespace from ours down to its own. */
async function isFirstOfNamespace(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return /^NSpid:.*\t1$/m.test(status);
}

/** The launcher's working directory is the lab's folder for good. */
async function whereIs(directory: string, pid: number, processes: readonly FoundProcess[]): Promise<Whereabouts> {
  const working = `/proc/${pid}/cwd`;
  const [path, its, ours] = await Promise.all([
    readlink(working).catch(() => ""),
    identify(working),
    identify(directory),
  ]);
  if (its === undefined) return "elsewhere";
  if (ours !== undefined && ours.device === its.device && ours.inode === its.inode) return "here";
  if (path.endsWith(" (deleted)") && its.device === (await deviceAbove(directory))) return "removed";
  const inside = withDescendants(pid, processes);
  for (const { pid: other } of processes) {
    if (!inside.has(other) && (await deviceAbove(`/proc/${other}/root${directory}`)) === its.device) return "elsewhere";
  }
  return "abandoned";
}

async function identify(path: string): Promise<{ readonly device: number; readonly inode: number } | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found && { device: found.dev, inode: found.ino };
}

/** The file system that a path is in, or would be. */
async function deviceAbove(path: string): Promise<number | undefined> {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const found = await identify(folder);
    if (found !== undefined) return found.device;
  }
  return undefined;
}

/** A process and all that come from it; whatever loses its parent in the lab gets the lab's first process for one. */
function withDescendants(pid: number, processes: readonly FoundProcess[]): ReadonlySet<number> {
  const found = new Set([pid]);
  for (const parent of found) {
    for (const child of processes) if (child.parent === parent) found.add(child.pid);
  }
  return found;
}
