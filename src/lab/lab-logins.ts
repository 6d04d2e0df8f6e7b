/** Whether anybody is logged in to the hosts of a lab. */
import { readdir, readFile, readlink } from "node:fs/promises";
import type { ProcessIdentity } from "./process-identity.ts";

/** What carries a login into the lab, as the kernel calls it: see connect.sh. */
const CARRIERS = ["busybox", "nc"];

/** Whether a process of connect.sh runs in the lab's process namespace. `supervisor`: its PID 1. */
export async function hasLogins(supervisor: ProcessIdentity | undefined): Promise<boolean> {
  const space = supervisor && (await pidNamespace(String(supervisor.pid)));
  if (space === undefined) return false;
  const numbers = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  const found = await Promise.all(
    numbers.map(async (pid) => CARRIERS.includes(await programOf(pid)) && (await pidNamespace(pid)) === space),
  );
  return found.includes(true);
}

async function programOf(pid: string): Promise<string> {
  return (await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "")).trim();
}

function pidNamespace(pid: string): Promise<string | undefined> {
  return readlink(`/proc/${pid}/ns/pid`).catch(() => undefined);
}
