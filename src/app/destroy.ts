/** `lvsctl destroy`: takes back all that lvsctl made, and puts back what it replaced. */
import type { DesiredState } from "../compile/desired-state.ts";
import { makePlan } from "../plan/make-plan.ts";
import { kinds } from "../resources/kinds.ts";
import { loadAndCompile } from "./load.ts";
import { type RunFlags, type RunResult, type RunView, showAskAndRun } from "./run.ts";
import { type HostOptions, openSessions, type Target, targetsOf, withLab } from "./sessions.ts";

/** Destroys by the topology's file. The file says where the hosts are; what goes is what their ledgers hold. */
export async function destroyTopology(
  file: string,
  options: HostOptions & RunFlags,
  view: RunView,
): Promise<RunResult> {
  const { topology, desired } = await loadAndCompile(file);
  return destroyOn(topology.name, await targetsOf(topology, options), desired, options, view);
}

/** Destroys by the topology's name and its hosts alone: the ledgers know the rest. */
export async function destroyByName(
  name: string,
  hosts: readonly string[],
  options: HostOptions & RunFlags,
  view: RunView,
): Promise<RunResult> {
  const targets = hosts.map((host) => ({ name: host, ssh: { destination: host } }));
  return destroyOn(name, targets, { topology: name, hosts: new Map() }, options, view);
}

async function destroyOn(
  topology: string,
  targets: readonly Target[],
  known: DesiredState,
  options: HostOptions & RunFlags,
  view: RunView,
): Promise<RunResult> {
  const sessions = await openSessions(targets, await withLab(topology, options), {
    readOnly: false,
    topology,
    desired: known,
  });
  try {
    const plan = makePlan({ topology, hosts: new Map() }, sessions.states, kinds);
    const question = `Take all of ${topology} off these hosts?`;
    return await showAskAndRun(plan, sessions, view, question, options);
  } finally {
    await sessions.close();
  }
}
