/** What was found on one host: the actual states, kind by kind, and what the ledger records as ours. */

import type { Ledger } from "../ledger/ledger.ts";
import type { Pending } from "../ledger/pending.ts";
import type { Observed } from "../resources/resource.ts";
import type { Surroundings } from "../resources/surroundings.ts";

/** Everything known about a host before it is planned. */
export interface HostState {
  readonly host: string;
  readonly observed: ReadonlyMap<string, Observed>;
  /** Undefined: lvsctl has made nothing for this topology on this host. */
  readonly ledger: Ledger | undefined;
  /** Absent if they were not read. */
  readonly surroundings?: Surroundings;
  /** A run on this host, of any topology, that is neither confirmed nor rolled back. */
  readonly pending?: Pending;
  /** The ledgers of other topologies on the host. */
  readonly others?: readonly Ledger[];
}
