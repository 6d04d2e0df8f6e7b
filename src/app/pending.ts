/** `lvsctl confirm` and `lvsctl rollback`: what becomes of a run that is pending on the hosts. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { Pending } from "../ledger/pending.ts";
import { describeRun } from "../transaction/pending-errors.ts";
import { confirmPending, takeBackPending } from "../transaction/take-back.ts";
import { findHosts, type Subject } from "./named-hosts.ts";
import { limitsOf, type RunFlags, type RunView } from "./run.ts";
import { type HostOptions, openSessions, type Sessions, withLab } from "./sessions.ts";

export interface EndedRun {
  readonly result: "confirmed" | "taken-back" | "declined";
  readonly hosts: readonly string[];
  /** What went wrong, host by host. */
  readonly failures: readonly LvsctlError[];
}

/** Keeps a run that is pending. Throws LVS-LOCK-007 when there is none, or when a host has already taken it back. */
export async function confirmRun(subject: Subject, options: HostOptions & RunFlags): Promise<EndedRun> {
  return withPending(subject, options, async (sessions, pendings) => {
    assertWhole(pendings);
    const failures = await confirmPending(sessions.byHost.values(), limitsOf(options));
    return { result: "confirmed", hosts: [...pendings.keys()], failures };
  });
}

/** Takes back a run that is pending. Throws LVS-LOCK-007 when there is none. */
export async function rollBackRun(
  subject: Subject,
  options: HostOptions & RunFlags,
  view: Pick<RunView, "confirm">,
): Promise<EndedRun> {
  return withPending(subject, options, async (sessions, pendings) => {
    const hosts = [...pendings.keys()];
    const runs = new Set([...pendings.values()].map(({ record }) => describeRun(record)));
    const question = `Take back ${[...runs].join("; ")}, on ${hosts.join(", ")}?`;
    if (!(await view.confirm(question))) return { result: "declined", hosts, failures: [] };
    const failures = await takeBackPending(sessions.byHost.values(), limitsOf(options));
    return { result: "taken-back", hosts, failures };
  });
}

async function withPending(
  subject: Subject,
  options: HostOptions & RunFlags,
  work: (sessions: Sessions, pendings: ReadonlyMap<string, Pending>) => Promise<EndedRun>,
): Promise<EndedRun> {
  const { topology, targets } = await findHosts(subject, options);
  const nothing = { topology, hosts: new Map() };
  const hostOptions = await withLab(topology, options);
  const sessions = await openSessions(targets, hostOptions, { readOnly: false, topology, desired: nothing });
  try {
    const pendings = new Map(
      [...sessions.states].flatMap(([host, { pending }]) => (pending ? [[host, pending] as const] : [])),
    );
    if (pendings.size === 0) {
      throw new LvsctlError("LVS-LOCK-007", `No run is pending on ${targets.map(({ name }) => name).join(", ")}.`, {
        hint: "It has been confirmed or taken back; lvsctl plan shows how the hosts are.",
      });
    }
    return await work(sessions, pendings);
  } finally {
    await sessions.close();
  }
}

/** Hosts of one run that some have taken back already would be left a mixture. */
function assertWhole(pendings: ReadonlyMap<string, Pending>): void {
  for (const [host, { id, record, state }] of pendings) {
    const others = (record?.hosts ?? []).filter((other) => pendings.get(other)?.id !== id);
    const why =
      state === "live" || state === "committed"
        ? others.length > 0 && `it is no longer pending on ${others.join(", ")}`
        : "its time has run out";
    if (!why) continue;
    throw new LvsctlError("LVS-LOCK-007", `The run on ${host} cannot be confirmed any more: ${why}.`, {
      host,
      hint: "lvsctl rollback takes back the rest of it. Name every host of the run: without --limit, all of the file's.",
    });
  }
}
