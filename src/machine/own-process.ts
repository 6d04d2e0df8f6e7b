/** Which process of which machine this is, so that another one can see later whether it still runs. */
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { parseProcessStat } from "./process-stat.ts";

/** A process that runs, or has run, somewhere. */
export interface KnownProcess {
  /** The machine's name. */
  readonly machine: string;
  readonly process: number;
  /** What tells one boot of one machine, and its numbers of processes, from all others; absent if nobody can say. */
  readonly place?: string;
  /** When it began, as the kernel counts; absent if nobody can say. Source: proc(5), /proc/PID/stat field 22. */
  readonly started?: string;
}

/** This process. */
export function ownProcess(): KnownProcess {
  const place = ownPlace();
  const started = startOf("self");
  return {
    machine: hostname(),
    process: process.pid,
    ...(place === undefined ? {} : { place }),
    ...(started === undefined ? {} : { started }),
  };
}

/** Whether a process was one of this machine and has ended. False wherever that is not sure. */
export function hasEnded({ process: pid, place, started }: Partial<KnownProcess>): boolean {
  if (pid === undefined || place === undefined || started === undefined || place !== ownPlace()) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
  const now = startOf(String(pid));
  return now !== undefined && now !== started; // The number has gone to another one.
}

/** Another namespace of processes on this machine has other numbers. */
function ownPlace(): string | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return undefined;
  }
}

function startOf(pid: string): string | undefined {
  try {
    return parseProcessStat(readFileSync(`/proc/${pid}/stat`, "utf8"))?.started;
  } catch {
    return undefined;
  }
}
