/** Runs that are under way on the hosts of a lab. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { hasLogins } from "../lab/lab-logins.ts";
import { findLab, labFile } from "../lab/lab-state.ts";
import { type Pending, parsePending, pendingReads } from "../ledger/pending.ts";
import { hasEnded } from "../machine/own-process.ts";
import { describeRun } from "../transaction/pending-errors.ts";
import { connect } from "../transport/connect.ts";
import { readOnly } from "../transport/guard.ts";
import { onEachHost } from "./each-host.ts";
import type { HostOptions } from "./host-options.ts";

const CONNECT_TIMEOUT_MS = 20_000;
const PARALLEL = 32;

/**
 * Throws LVS-LAB-009 if a run of somebody who is still there is under way on a host of a lab. A lab into which nobody is logged in has
 * none, and hosts that do not answer are no reason to keep one.
 */
export async function refuseWhileRunning(name: string, { onStatus }: Pick<HostOptions, "onStatus">): Promise<void> {
  const lab = await findLab(name);
  if (lab?.state !== "running" || lab.record === undefined || !(await hasLogins(lab.supervisor))) return;
  const sshConfig = `${lab.directory}/${labFile.sshConfig}`;
  const targets = lab.record.hosts.map((host) => ({ name: host.name, ssh: { destination: host.name }, sshConfig }));
  const options = { parallel: PARALLEL, connectTimeoutMs: CONNECT_TIMEOUT_MS, ...(onStatus ? { onStatus } : {}) };
  const found = await onEachHost(targets, options, "asking for runs on", async (target, own) => {
    try {
      const transport = readOnly(await connect(target.name, target.ssh, own));
      try {
        return parsePending(await transport.read(pendingReads));
      } finally {
        await transport.close();
      }
    } catch (error) {
      if (error instanceof LvsctlError) return undefined;
      throw error;
    }
  });
  const error = runError(name, found);
  if (error) throw error;
}

/** LVS-LAB-009 for what was found on the hosts of a lab; undefined if nothing is in the way of taking it down. */
export function runError(name: string, found: ReadonlyMap<string, Pending | undefined>): LvsctlError | undefined {
  const live = [...found].flatMap(([host, pending]) => (pending?.state === "live" ? [[host, pending] as const] : []));
  const behind = live.filter(([, { record }]) => record === undefined || !hasEnded(record.runner));
  const [first] = behind;
  if (first === undefined) return undefined;
  const hosts = behind.map(([host]) => host).join(", ");
  return new LvsctlError("LVS-LAB-009", `The lab ${name} stays up: on ${hosts}, ${describeRun(first[1])}.`, {
    hint: "Wait for its end, or take the lab down all the same with --force.",
  });
}
