/** Which labs there are on this machine. */
import type { Engine } from "./engine.ts";
import { assertRoot } from "./engine.ts";
import { findLab, type LabState, labNames } from "./lab-state.ts";
import { uptimeSeconds } from "./process-identity.ts";

/** One lab on this machine, as `lvsctl lab status` shows it. Fields are undefined if its record cannot be read. */
export interface LabStatus {
  readonly name: string;
  /** `dead`: its processes are gone and its files are left; `lab down` clears them. */
  readonly state: LabState;
  readonly engine: Engine | undefined;
  readonly hosts: readonly string[];
  /** PID 1 of the lab's namespaces, while it lives. */
  readonly pid: number | undefined;
  readonly uptimeSeconds: number | undefined;
}

/** Every lab, or the one of that name, by name. */
export async function labStatus(name?: string): Promise<readonly LabStatus[]> {
  assertRoot();
  const names = (await labNames()).filter((other) => name === undefined || other === name);
  const all = await Promise.all(names.map(statusOf));
  return all.flatMap((status) => (status === undefined ? [] : [status]));
}

async function statusOf(name: string): Promise<LabStatus | undefined> {
  const lab = await findLab(name);
  if (lab === undefined) return undefined;
  const supervisor = lab.state === "dead" ? undefined : lab.supervisor;
  return {
    name,
    state: lab.state,
    engine: lab.record?.engine,
    hosts: lab.record?.hosts.map((host) => host.name) ?? [],
    pid: supervisor?.pid,
    uptimeSeconds: supervisor && (await uptimeSeconds(supervisor)),
  };
}
