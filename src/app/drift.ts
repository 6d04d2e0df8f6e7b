/** `lvsctl drift`: what somebody changed by hand since the last apply. Touches nothing, and compiles nothing. */
import { driftOf, type HostDrift } from "../plan/drift.ts";
import { kinds } from "../resources/kinds.ts";
import { findHosts, type Subject } from "./named-hosts.ts";
import { type HostOptions, openSessions, withLab } from "./sessions.ts";

export interface Drift {
  readonly topology: string;
  readonly hosts: readonly HostDrift[];
  readonly execs: number;
}

/** Compares each host with its own ledger; the hosts' transports refuse to change anything. */
export async function findDrift(subject: Subject, options: HostOptions): Promise<Drift> {
  const { topology, targets } = await findHosts(subject, options);
  const sessions = await openSessions(targets, await withLab(topology, options), {
    readOnly: true,
    topology,
    desired: { topology, hosts: new Map() },
  });
  try {
    const hosts = [...sessions.states.values()].map((state) => driftOf(state, kinds));
    return { topology, hosts, execs: sessions.execs };
  } finally {
    await sessions.close();
  }
}

/** Whether anything differs anywhere. */
export function hasDrift({ hosts }: Drift): boolean {
  return hosts.some(({ differences }) => differences.length > 0);
}
