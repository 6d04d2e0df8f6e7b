/** The processor time that a lab has used: that of all processes in its namespaces, its kernel included. */
import { readdir, readFile, readlink } from "node:fs/promises";
import { readSupervisor } from "./lab-state.ts";

const TICKS_PER_SECOND = 100;

/** Seconds of processor time used by a lab's processes, ended ones included. 0 when it has none. */
export async function labWorkSeconds(directory: string): Promise<number> {
  const supervisor = await readSupervisor(directory);
  const space = supervisor && (await pidNamespace(String(supervisor.pid)));
  if (space === undefined) return 0;
  const numbers = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  const ticks = await Promise.all(numbers.map(async (pid) => ((await pidNamespace(pid)) === space ? ticksOf(pid) : 0)));
  return ticks.reduce((sum, one) => sum + one, 0) / TICKS_PER_SECOND;
}

/** The same for one process and its ended children. Source: proc(5), /proc/PID/stat fields 14 to 17. */
export async function ticksOf(pid: string): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
}

function pidNamespace(pid: string): Promise<string | undefined> {
  return readlink(`/proc/${pid}/ns/pid`).catch(() => undefined);
}
