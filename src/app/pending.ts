/** `lvsctl confirm` and `lvsctl rollback`: end a run that is pending on the hosts. */

import { count } from "../errors/count.ts";
import type { FollowUp } from "../errors/follow-up.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { Pending } from "../ledger/pending.ts";
import { nextOf, withoutLimit } from "../report/next-command.ts";
import { confirmPending, rollBackPending } from "../transaction/end-pending.ts";
import type { EndedRun } from "../transaction/ended-run.ts";
import { describeRun } from "../transaction/pending-errors.ts";
import type { ReadHosts } from "./exclusive.ts";
import type { HostOptions } from "./host-options.ts";
import { limitsOf, type Moment, type RunFlags, type RunView } from "./run.ts";
import { findHosts, type Subject } from "./scope.ts";
import { withSessions } from "./with-sessions.ts";

/** Confirms a pending run. Throws LVS-LOCK-007 if there is none, or if a host has already rolled it back. */
export async function confirmRun(subject: Subject, options: HostOptions & RunFlags): Promise<EndedRun> {
  const scope = await findHosts(subject, options);
  return withSessions(scope, options, "change", (sessions) => confirmOn(sessions, options));
}

/** `confirmRun` for hosts that have been read. */
export async function confirmOn(hosts: ReadHosts, flags: RunFlags): Promise<EndedRun> {
  const pendings = pendingOn(hosts, nextOf(flags));
  assertWhole(pendings, nextOf({ given: withoutLimit(flags.given) }));
  flags.onStatus?.(`confirming on ${count(pendings.size, "host")}`);
  const failures = await confirmPending([...hosts.byHost.values()], limitsOf(flags), () => begin("confirming", flags));
  flags.onStatus?.(undefined);
  return { result: "confirmed", hosts: [...pendings.keys()], failures };
}

/** Rolls back a pending run. Throws LVS-LOCK-007 if there is none. */
export async function rollBackRun(
  subject: Subject,
  options: HostOptions & RunFlags,
  view: Pick<RunView, "confirm">,
): Promise<EndedRun> {
  const scope = await findHosts(subject, options);
  return withSessions(scope, options, "change", (sessions) => rollBackOn(sessions, options, view));
}

/** `rollBackRun` for hosts that have been read. */
export async function rollBackOn(hosts: ReadHosts, flags: RunFlags, view: Pick<RunView, "confirm">): Promise<EndedRun> {
  const pendings = pendingOn(hosts, nextOf(flags));
  const names = [...pendings.keys()];
  const runs = new Set([...pendings.values()].map(describeRun));
  const question = `Roll back ${[...runs].join("; ")}, on ${names.join(", ")}?`;
  if (!(await view.confirm(question))) return { result: "declined", hosts: names, failures: [] };
  begin("rolling-back", flags);
  const completed = names.filter((name) => pendings.get(name)?.state === "committed");
  flags.onStatus?.(`rolling back on ${count(names.length, "host")}`);
  const failures = await rollBackPending(hosts.byHost.values(), limitsOf(flags));
  flags.onStatus?.(undefined);
  return { result: "rolled-back", hosts: names, completed, failures };
}

/** Throws at an interrupt; from then on, an interrupt does not end the work, so that the hosts agree. */
function begin(moment: Moment, { signal, onMoment }: RunFlags): void {
  signal?.throwIfAborted();
  onMoment?.(moment);
}

function pendingOn({ states }: ReadHosts, next: FollowUp): ReadonlyMap<string, Pending> {
  const pendings = [...states].flatMap(([host, { pending }]) => (pending ? [[host, pending] as const] : []));
  if (pendings.length > 0) return new Map(pendings);
  throw new LvsctlError("LVS-LOCK-007", `No run is pending on ${[...states.keys()].join(", ")}.`, {
    hint: `It was confirmed or rolled back; ${next("plan")} shows the state of the hosts.`,
  });
}

/**
 * Refuses a run that some hosts have already rolled back: confirming it on the others would leave it half applied. Where it
 * is confirmed and only has to be completed, the others do not matter.
 */
function assertWhole(pendings: ReadonlyMap<string, Pending>, next: FollowUp): void {
  for (const [host, { id, record, state }] of pendings) {
    if (state === "committed") continue;
    const others = (record?.hosts ?? []).filter((other) => pendings.get(other)?.id !== id);
    const why =
      state === "live"
        ? others.length > 0 && `it is no longer pending on ${others.join(", ")}`
        : "its timeout has expired";
    if (!why) continue;
    throw new LvsctlError("LVS-LOCK-007", `The run on ${host} cannot be confirmed any more: ${why}.`, {
      host,
      hint: `${next("rollback")} rolls back the rest of it. Name every host of the run: without --limit, all of the file's.`,
    });
  }
}
