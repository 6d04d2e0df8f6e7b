/** Takes labs down. */
import { rmdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { assertRoot } from "./engine.ts";
import { assertLabName } from "./lab-rules.ts";
import { findLab, LABS, removeLabFolders } from "./lab-state.ts";
import { isAlive, type ProcessIdentity, readProcess } from "./process-identity.ts";

const END_TIMEOUT_MS = 15_000;
const POLL_MS = 20;

/**
 * Takes a lab down whatever state it is in, and leaves no process, namespace, mount or file of it. False: there was none.
 * Throws LVS-LAB-002 without root, LVS-LAB-000 when its processes do not end.
 */
export async function labDown(name: string): Promise<boolean> {
  assertRoot();
  assertLabName(name);
  const lab = await findLab(name);
  if (lab?.supervisor !== undefined) await end(lab.supervisor, name);
  await removeLabFolders(name);
  await rmdir(LABS).catch(() => {}); // Stays while there are other labs.
  return lab !== undefined;
}

/** Everything of a lab is a descendant of its supervisor in one pid namespace, so that all of it ends with this one. */
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
