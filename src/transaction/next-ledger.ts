/** The ledger that a run leaves on a host. Pure. */

import type { Ledger } from "../ledger/ledger.ts";
import type { PlannedChange } from "../plan/plan.ts";
import { identity } from "../resources/resource.ts";

/**
 * The ledger after a run with these changes. While it runs (`isDone` false) it also keeps what the run will clear, so that
 * an interrupted run leaves a ledger that accounts for everything.
 */
export function nextLedger(
  topology: string,
  host: string,
  previous: Ledger | undefined,
  changes: readonly PlannedChange[],
  isDone: boolean,
): Ledger {
  const entries = new Map((previous?.entries ?? []).map((entry) => [identity(entry), entry]));
  if (isDone) {
    const wanted = new Set(changes.filter(({ phase }) => phase === "build").map(identity));
    for (const name of entries.keys()) if (!wanted.has(name)) entries.delete(name);
  }
  for (const change of changes) {
    const { kind, key, stage, after, original } = change;
    const name = identity(change);
    const isOurs = entries.has(name) || change.action !== "none" || change.adopts || change.shares;
    if (change.phase === "build" && !change.isAction && isOurs && after !== undefined) {
      entries.set(name, { kind, key, stage, state: after, original: original ?? null });
    }
  }
  const known = previous?.hosts === undefined ? {} : { hosts: previous.hosts };
  return { topology, host: previous?.host ?? host, ...known, entries: [...entries.values()] };
}
