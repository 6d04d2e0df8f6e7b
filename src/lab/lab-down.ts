/** Takes labs down. */
import { rmdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { assertRoot } from "./engine.ts";
import { assertLabName } from "./lab-rules.ts";
import { findLab, LABS, labDirectory, labProcesses, removeLabFolders } from "./lab-state.ts";
import { isAlive, type ProcessIdentity } from "./process-identity.ts";

const END_TIMEOUT_MS = 300_000;
const POLL_MS = 20;

/**
 * Takes a lab down, whatever state it is in, with all its processes, namespaces, mounts and files. False: there was none.
 * Throws LVS-LAB-002 without root, LVS-LAB-000 when its processes do not end.
 */
export async function labDown(name: string): Promise<boolean> {
  assertRoot();
  assertLabName(name);
  const lab = await findLab(name);
  await endAll(name);
  await removeLabFolders(name);
  await endAll(name); // One that had just been started; without its folder no further one can be.
  await rmdir(LABS).catch(() => {}); // Stays while there are other labs.
  return lab !== undefined;
}

/** All processes of a lab are in the pid namespace of its first one, and end with it. */
async function endAll(name: string): Promise<void> {
  for (let left = await runningOf(name); left.length > 0; left = await runningOf(name)) {
    for (const { pid } of left) kill(pid);
    for (const each of left) await ended(each, name);
  }
}

async function runningOf(name: string): Promise<readonly ProcessIdentity[]> {
  const labs = await labProcesses(labDirectory(name));
  return labs.flatMap(({ first, launcher }) => [first, launcher]).filter((each) => each !== undefined);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has already ended.
  }
}

async function ended(identity: ProcessIdentity, name: string): Promise<void> {
  const deadline = Date.now() + END_TIMEOUT_MS;
  while (await isAlive(identity)) {
    if (Date.now() > deadline) {
      throw new LvsctlError("LVS-LAB-000", `Process ${identity.pid} of the lab ${name} does not end.`, {
        hint: `Look at it with: ps -o pid,stat,wchan:30,args -p ${identity.pid}; then take the lab down again.`,
      });
    }
    await sleep(POLL_MS);
  }
}
