/** `lvsctl drift`: what somebody changed by hand since the last apply. Changes nothing, compiles nothing. */
import { type Drift, driftOf } from "../plan/drift.ts";
import { judgeRivals, rivalQuestions } from "../plan/rivals.ts";
import { kinds } from "../resources/kinds.ts";
import type { Topology } from "../topology/topology.ts";
import { askHolders, hardwareOf } from "./holders.ts";
import type { HostOptions } from "./host-options.ts";
import { findHosts, type Subject } from "./scope.ts";
import type { Sessions } from "./sessions.ts";
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
  return withSessions(scope, options, "read", async (sessions) => {
    const hosts = [...sessions.states.values()].map((state) => driftOf(state, kinds));
    const { rivals, notes } = await findRivals(sessions, scope.file);
    return { drift: { topology: scope.topology, hosts, rivals, notes }, execs: sessions.execs };
  });
}

/** Asks, with one exec for each host that asks, who else answers for the addresses. */
async function findRivals(sessions: Sessions, file: Topology | undefined): Promise<Pick<Drift, "rivals" | "notes">> {
  const questions = rivalQuestions([...sessions.states.values()], kinds, file);
  const asked = questions.flatMap(({ address, asker }) => (asker ? [{ ...asker, address }] : []));
  return judgeRivals(questions, await askHolders(sessions, asked), hardwareOf(sessions));
}
