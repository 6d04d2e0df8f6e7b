/** A plan: what would change on every host, in which order, and why. */
import type { Note } from "../compile/desired-state.ts";
import type { RecordedChange } from "../ledger/pending.ts";
import type { Drained } from "../resources/ipvs-destination.ts";
import type { Action, JudgedChange, State } from "../resources/resource.ts";

/** One resource on one host, and what becomes of it. */
export interface PlannedChange extends RecordedChange, JudgedChange {
  readonly host: string;
  /** The kind's `describe` of the state after, or of the state before where the resource goes. */
  readonly description: string;
  /** The fields that an update changes, with their values. */
  readonly fields: readonly { readonly name: string; readonly before: unknown; readonly after: unknown }[];
  /** Why it changes now: `missing`, `scheduler differs`, `no longer asked for`. */
  readonly reason: string;
  /** Why it is needed at all, from the playbook; empty for what goes. */
  readonly why: string;
  /** What the topology asks for is built, stage by stage; what it no longer asks for is cleared after that, backwards. */
  readonly phase: "build" | "clear";
  /** The commands that make it, alone; a run may make several changes at once. Empty where nothing changes. */
  readonly commands: readonly string[];
  /** The state before lvsctl first touched the resource; undefined: there was none. */
  readonly original: State | undefined;
  /** Somebody else has made it, and from now on it is ours, even where nothing changes. */
  readonly adopts?: true;
  /** Another topology on the host has it as well; from now on it is ours, too, even where nothing changes. */
  readonly shares?: true;
}

/** A conflict or a missing prerequisite; a plan that has one is not applied. */
export interface PlanProblem {
  readonly host: string;
  readonly description: string;
  readonly message: string;
  readonly hint: string;
  /** `--adopt` gets it out of the way. */
  readonly adoptable?: true;
}

/** A drained real server, once for all directors that know of it. */
export interface DrainedServer extends Drained {
  readonly address: string;
  /** The services of the topology in which it gets no connections. */
  readonly services: readonly string[];
}

/** What a run would do. */
export interface Plan {
  readonly topology: string;
  /** Every host in the order of the topology, what needs no change included. */
  readonly hosts: ReadonlyMap<string, readonly PlannedChange[]>;
  readonly problems: readonly PlanProblem[];
  /** Dangers that somebody has allowed; absent where there are none. */
  readonly warnings?: readonly PlanProblem[];
  /** What whoever applies it has to know; absent where there is nothing. */
  readonly notes?: readonly Note[];
  /** Real servers that keep weight 0, because somebody has drained them; absent where there is none. */
  readonly drained?: readonly DrainedServer[];
  /** How many resources of somebody else's are taken over; absent when there are none. */
  readonly adopted?: number;
  readonly summary: Readonly<Record<Action, number>>;
}

/** Whether a plan changes anything on a host, even if only the ownership of things. */
export function hasChanges({ summary, adopted = 0 }: Plan): boolean {
  return summary.create + summary.update + summary.delete + adopted > 0;
}
