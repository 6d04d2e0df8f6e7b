/** Finds a run that some hosts confirmed and others rolled back, because lvsctl was interrupted between the confirmations. Pure. */
import type { HostState } from "./host-state.ts";

/** The latest run that not all of its hosts have confirmed. */
export interface SplitRun {
  /** ISO 8601, by the clock of the machine that ran it. */
  readonly since: string;
  /** The hosts that confirmed it. */
  readonly confirmed: readonly string[];
  /** Hosts that it changed, too, and whose ledger is of an earlier run. */
  readonly rolledBack: readonly string[];
}

/**
 * The split run that the hosts' ledgers show; undefined if there is none. Hosts without a ledger, or with one that does not
 * name its run, say nothing.
 */
export function splitRun(states: ReadonlyMap<string, HostState>): SplitRun | undefined {
  const runs = [...states].flatMap(([host, { ledger }]) =>
    ledger?.run === undefined ? [] : [{ host, run: ledger.run }],
  );
  for (const { run } of runs.toSorted((one, other) => other.run.since.localeCompare(one.run.since))) {
    const [confirmed, others] = [[] as string[], [] as string[]];
    for (const { host, run: own } of runs) {
      if (own.id === run.id) confirmed.push(host);
      else if (run.hosts.includes(host) && own.since < run.since) others.push(host);
    }
    if (others.length > 0) return { since: run.since, confirmed, rolledBack: others };
  }
  return undefined;
}
