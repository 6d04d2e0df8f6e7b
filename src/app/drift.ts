/** `lvsctl drift`: what somebody changed by hand since the last apply. Changes nothing, compiles nothing. */
import { announcedBy, type Drift, driftOf } from "../plan/drift.ts";
import { kinds } from "../resources/kinds.ts";
import { nameOf } from "../verify/holders.ts";
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
    const { rivals, notes } = await findRivals(sessions);
    return { drift: { topology: scope.topology, hosts, rivals, notes }, execs: sessions.execs };
  });
}

/** Each host asks about its own addresses; another host that has the same one from us may answer. */
async function findRivals(sessions: Sessions): Promise<Pick<Drift, "rivals" | "notes">> {
  const placed = [...sessions.states.values()].flatMap((state) => announcedBy(state, kinds));
  if (placed.length === 0) return { rivals: [], notes: [] };
  const answers = await askHolders(sessions, placed);
  const hardware = hardwareOf(sessions);
  const found = placed.map(({ host, address }) => {
    const owners = placed.filter((one) => one.address === address).map((one) => one.host);
    const strangers = (answers.get(address) ?? []).filter((mac) => !owners.some((one) => hardware.get(one)?.has(mac)));
    return { host, address, who: strangers.map((mac) => nameOf(mac, hardware)) };
  });
  const unasked = placed.filter(({ address }) => !answers.has(address));
  return {
    rivals: found.filter(({ who }) => who.length > 0),
    notes: unasked.map(
      ({ host, address }) => `${address}: ${host} cannot ask who else holds it; lvsctl verify asks from another host`,
    ),
  };
}
