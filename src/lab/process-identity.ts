/** Processes identified by number and start time, since the kernel may give a number to another process later. */
import { readFile } from "node:fs/promises";
import { type ProcessStat, parseProcessStat } from "../machine/process-stat.ts";

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** In clock ticks since boot, as the kernel prints it. Source: proc(5), /proc/PID/stat field 22. */
  readonly started: string;
}

/** A process that was found. */
export interface FoundProcess extends ProcessIdentity, ProcessStat {}

/** The clock ticks of /proc in a second; USER_HZ, the same on all of Linux's architectures that Node runs on. */
const TICKS_PER_SECOND = 100;

/** The kernel's data about a process; undefined if there is no process with this number. */
export async function readProcess(pid: number): Promise<FoundProcess | undefined> {
  const stat = parseProcessStat(await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ""));
  return stat && { pid, ...stat };
}

/** Whether this process still runs. A zombie does not count. */
export async function isAlive({ pid, started }: ProcessIdentity): Promise<boolean> {
  const found = await readProcess(pid);
  return found !== undefined && found.started === started && !"ZX".includes(found.state);
}

/** How long a process has been running. */
export async function uptimeSeconds({ started }: ProcessIdentity): Promise<number> {
  const [sinceBoot = "0"] = (await readFile("/proc/uptime", "utf8")).split(" ");
  return Math.max(0, Math.round(Number(sinceBoot) - Number(started) / TICKS_PER_SECOND));
}
