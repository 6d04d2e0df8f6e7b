/** Which labs there are on this machine. */
import type { Topology } from "../topology/topology.ts";
import type { Engine } from "./engine.ts";
import { assertRoot } from "./engine.ts";
import type { HostInit } from "./host-init.ts";
import { findLabProcesses } from "./lab-processes.ts";
import { findLab, type LabState, labNameOf, labNames } from "./lab-state.ts";
import { type ProcessIdentity, uptimeSeconds } from "./process-identity.ts";
import { misfits, wiringOf } from "./wiring.ts";

/** One lab on this machine, as `lvsctl lab status` shows it. Fields are undefined if its record cannot be read. */
export interface LabStatus {
  readonly name: string;
  /**
   * `dead`: its processes are gone and its files are left; `orphaned`: the other way round. `lab down` clears both.
   * `elsewhere`: it runs in another mount namespace, whose /run is not ours.
   */
  readonly state: LabState | "elsewhere";
  readonly engine: Engine | undefined;
  /** PID 1 of the hosts, if it is not sshd. */
  readonly init?: HostInit;
  readonly hosts: readonly string[];
  /** The topology file that it was made from, and the version of its kernel; absent for labs of older versions. */
  readonly file?: string;
  readonly kernel?: string;
  /** What the lab lacks that the topology file has which it was asked for by: `lb has no interface eth1`. Absent: nothing. */
  readonly misfits?: readonly string[];
  /** PID 1 of the lab's namespaces, while it lives. */
  readonly pid: number | undefined;
  /** While it is starting, since it was asked for. */
  readonly uptimeSeconds: number | undefined;
  /** When that began, in ISO 8601; absent where the uptime is. */
  readonly since?: string;
}

/** Every lab, or the one of that name, by name; with a topology, whether it still fits. */
export async function labStatus(name?: string, topology?: Topology): Promise<readonly LabStatus[]> {
  assertRoot();
  const names = (await labNames()).filter((other) => name === undefined || other === name);
  const all = await Promise.all(names.map((one) => statusOf(one, topology)));
  return all.flatMap((status) => (status === undefined ? [] : [status]));
}

/** Labs that others run in another /run, and that `lab up` and `lab down` here leave alone. */
export async function labsElsewhere(name?: string): Promise<readonly LabStatus[]> {
  const labs = (await findLabProcesses()).filter(({ whereabouts }) => whereabouts === "elsewhere");
  const named = labs.filter((lab) => name === undefined || labNameOf(lab) === name);
  return Promise.all(
    named.map(async (lab) => {
      const process = lab.first ?? lab.launcher;
      const known = { name: labNameOf(lab), pid: process?.pid, ...(await ageOf(process)) };
      return { ...known, state: "elsewhere" as const, engine: undefined, hosts: [] };
    }),
  );
}

async function ageOf(since: ProcessIdentity | undefined): Promise<Pick<LabStatus, "uptimeSeconds">> {
  return { uptimeSeconds: since === undefined ? undefined : await uptimeSeconds(since) };
}

async function statusOf(name: string, topology: Topology | undefined): Promise<LabStatus | undefined> {
  const lab = await findLab(name);
  if (lab === undefined) return undefined;
  const supervisor = lab.state === "dead" ? undefined : lab.supervisor;
  const built = lab.record?.wiring;
  const lacking = topology === undefined || built === undefined ? [] : misfits(built, wiringOf(topology));
  const since = lab.state === "starting" ? (supervisor ?? lab.record?.startedBy) : supervisor;
  return {
    name,
    state: lab.state,
    engine: lab.record?.engine,
    ...(lab.record?.init === undefined ? {} : { init: lab.record.init }),
    hosts: lab.record?.hosts.map((host) => host.name) ?? [],
    ...(lab.record?.file === undefined ? {} : { file: lab.record.file }),
    ...(lab.record?.kernel === undefined ? {} : { kernel: lab.record.kernel }),
    ...(lacking.length === 0 ? {} : { misfits: lacking }),
    pid: supervisor?.pid,
    ...(await ageOf(since)),
  };
}
