/** Takes labs down. */
import { rmdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { assertRoot } from "./engine.ts";
import { assertLabName } from "./lab-rules.ts";
import { type FoundLab, findLab, LABS, readSupervisor, removeLabFolders, wasStarted } from "./lab-state.ts";
import { isAlive, type ProcessIdentity, readProcess } from "./process-identity.ts";

const BIRTH_TIMEOUT_MS = 1_000;
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
  const supervisor = lab && (await supervisorOf(lab));
  if (supervisor !== undefined) await end(supervisor, name);
  await removeLabFolders(name);
  await rmdir(LABS).catch(() => {}); // Stays while there are other labs.
  return lab !== undefined;
}

/** A lab that has just been started gets a moment to record its process. If it takes longer, its folder is gone and it ends. */
async function supervisorOf({ directory, supervisor }: FoundLab): Promise<ProcessIdentity | undefined> {
  if (supervisor !== undefined || !(await wasStarted(directory))) return supervisor;
  const deadline = Date.now() + BIRTH_TIMEOUT_MS;
  let found: ProcessIdentity | undefined;
  while (found === undefined && Date.now() < deadline) {
    await sleep(POLL_MS);
    found = await readSupervisor(directory);
  }
  return found;
}

/** All processes of a lab are in the pid namespace of its supervisor, and end with it. */
async function end(supervisor: ProcessIdentity, name: string): Promise<void> {
  const parent = (await readProcess(supervisor.pid))?.parent;
  const launcher = parent === undefined ? undefined : await readProcess(parent);
  if (await isAlive(supervisor)) process.kill(supervisor.pid, "SIGKILL");
  await ended(supervisor, name);
  if (launcher !== undefined && launcher.pid !== 1 && launcher.pid !== process.pid) await ended(launcher, name);
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
