/** Processes of this machine and what they have started. */
import { readFileSync } from "node:fs";

/** All descendants of a process, deepest last. */
export function childrenOf(pid: number): readonly number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean).map(Number);
  return children.flatMap((child) => [child, ...childrenOf(child)]);
}

export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has already ended.
  }
}

/** The name of a process's program; empty if there is no such process any more. */
export function nameOf(pid: number): string {
  return read(`/proc/${pid}/comm`).trim();
}

/** Whether a process is there, and not one that has ended and that nobody has asked about. */
export function isRunning(pid: number): boolean {
  return /\) [^ZX]/.test(read(`/proc/${pid}/stat`));
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
