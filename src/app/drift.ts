/** `lvsctl drift`: what somebody changed by hand since the last apply. Changes nothing, compiles nothing. */
import { type Drift, driftOf } from "../plan/drift.ts";
import { kinds } from "../resources/kinds.ts";
import type { HostOptions } from "./host-options.ts";
import { findHosts, type Subject } from "./scope.ts";
import { withSessions } from "./with-sessions.ts";

export { hasDrift } from "../plan/drift.ts";

/** What was found, and how many execs it took. */
export interface DriftResult {
  readonly drift: Drift;
  readonly execs: number;
}

/** Compares each host with its own ledger. Throws whatever the connections throw. */
export async function findDrift(subject: Subject, options: HostOptions): Promise<DriftResult> {
  const scope = await findHosts(subject, options);
  return withSessions(scope, options, "read", async ({ states, execs }) => {
    const hosts = [...states.values()].map((state) => driftOf(state, kinds));
    return { drift: { topology: scope.topology, hosts }, execs };
  });
}
