/** What was found on one host: the actual states, kind by kind, and what the ledger says is ours. */

import type { Ledger } from "../ledger/ledger.ts";
import type { Pending } from "../ledger/pending.ts";
import type { Observed } from "../resources/resource.ts";
import type { Surroundings } from "../resources/surroundings.ts";

/** All that is known of a host before a plan. */
export interface HostState {
  readonly host: string;
  readonly observed: ReadonlyMap<string, Observed>;
  /** Undefined: lvsctl has made nothing for this topology on this host. */
  readonly ledger: Ledger | undefined;
  /** Absent where nobody has asked. */
  readonly surroundings?: Surroundings;
  /** A run on this host, of whatever topology, that has been neither confirmed nor taken back. */
  readonly pending?: Pending;
  /** Those of other topologies on the host. */
  readonly others?: readonly Ledger[];
}
