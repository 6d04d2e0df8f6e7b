/** A plan: what would change on every host, in which order, and why. */
import type { Note } from "../compile/desired-state.ts";
import type { KnownHost } from "../ledger/known-host.ts";
import type { RecordedChange } from "../ledger/pending.ts";
import type { Drained } from "../resources/ipvs-destination.ts";
import type { Action, JudgedChange, State } from "../resources/resource.ts";
import type { Role } from "../topology/topology.ts";
import type { SplitRun } from "./split-run.ts";

/** Why a resource is cleared. */
export type NoLongerAsked = "no longer asked for";

/** One resource on one host, and what happens to it. */
export interface PlannedChange extends RecordedChange, JudgedChange {
  readonly host: string;
  /** The kind's `describe` of the state after the change, or of the state before it if the resource is removed. */
  readonly description: string;
  /** The kind's `text` of the state after the change; absent if it has none, or nothing changes. */
  readonly text?: string;
  /** The fields that an update changes, with both values. */
  readonly fields: readonly { readonly name: string; readonly before: unknown; readonly after: unknown }[];
  /** Why it changes now: `missing`, `scheduler differs`, `no longer asked for`. */
  readonly reason: string;
  /** Why it is needed at all, from the playbook; empty for what is removed. */
  readonly why: string;
  /**
   * What the topology asks for is built stage by stage; after that, what it no longer asks for is cleared, last stage first.
   */
  readonly phase: "build" | "clear";
  /** The commands for this change alone; a run may combine several changes. Empty if nothing changes. */
  readonly commands: readonly string[];
  /** The state before lvsctl first touched the resource; undefined: it did not exist. */
  readonly original: State | undefined;
  /** Somebody else made it; from now on we own it, even if nothing changes. */
  readonly adopts?: true;
  /** Another topology on the host owns it too, or we do by an older name; from now on we own it, even if nothing changes. */
  readonly shares?: true;
}

/** A conflict or a missing prerequisite; a plan with one is not applied. */
export interface PlanProblem {
  readonly host: string;
  readonly description: string;
  readonly message: string;
  readonly hint: string;
  /** `--adopt` resolves it. */
  readonly adoptable?: true;
}

/** A drained real server, listed once for all directors that record it. */
export interface DrainedServer extends Drained {
  readonly address: string;
  /** The services of the topology in which it receives no new connections. */
  readonly services: readonly string[];
}

/**
 * A host that the ledgers know and the file no longer names, or to which lvsctl no longer logs in (`unmanaged`: what lvsctl
 * made there stays). `cleaned`: this plan removes what is there. `unreached`: it may
 * still be live. `left-out`: `--limit` leaves it alone. `renamed`: the same machine is in the file under another name, and
 * stays as it is. `replaced`: the file gives its name to another machine.
 */
export interface RemovedHost extends KnownHost {
  readonly state: "cleaned" | "unreached" | "left-out" | "renamed" | "replaced" | "unmanaged";
  /** The machine's name in the file, if it is another one now. */
  readonly renamedTo?: string;
  /** Why it is `unreached`: nobody could log in there, or it may be somebody else's. */
  readonly reason?: string;
}

/** One thing that the owner of a host is responsible for. */
export interface Need {
  /** The kind of the resource and what names it among those of its kind; null for a program that is the owner's own. */
  readonly kind: string | null;
  readonly id: string | null;
  /** One line: `address 192.0.2.100/32 dev lo`. */
  readonly what: string;
  readonly why: string;
  /** The services that need it; empty for what the file says of the host itself. */
  readonly services: readonly string[];
}

/** What the owner of a host is responsible for, because lvsctl does not log in to it. */
export interface OwnersList {
  readonly host: string;
  readonly roles: readonly Role[];
  readonly needs: readonly Need[];
  /** What makes it on Linux, in order. They change nothing where it is there already. */
  readonly commands: readonly string[];
  /** Whether it has to be there again after a restart. */
  readonly lasting: boolean;
}

/** What a run would do. */
export interface Plan {
  readonly topology: string;
  /** Every host in the order of the topology, including unchanged resources. */
  readonly hosts: ReadonlyMap<string, readonly PlannedChange[]>;
  /** Every virtual service that the topology asks for; absent where nothing is said of services. */
  readonly services?: readonly string[];
  readonly problems: readonly PlanProblem[];
  /** Dangers that the user allowed, checks that could not be carried out, and what a host will not do; absent if there are none. */
  readonly warnings?: readonly PlanProblem[];
  /** What the person applying it needs to know; absent if there is nothing. */
  readonly notes?: readonly Note[];
  /** Real servers that keep weight 0 because they are drained; absent if there are none. */
  readonly drained?: readonly DrainedServer[];
  /** How many foreign resources are taken over; absent if there are none. */
  readonly adopted?: number;
  /** Without what only follows a change. */
  readonly summary: Readonly<Record<Action, number>>;
  /** How many actions only follow a change, such as an announcement by ARP; absent if there are none. */
  readonly following?: number;
  /** Hosts that are no longer in the file; absent if there are none. */
  readonly removed?: readonly RemovedHost[];
  /** What others have to set up on hosts that lvsctl does not log in to; absent if there are none. */
  readonly unmanaged?: readonly OwnersList[];
  /** A run was pending on the hosts when they were read, so they are in the middle of it. */
  readonly isMidRun?: boolean;
  /** A run that some hosts confirmed and others rolled back; absent if there is none. */
  readonly split?: SplitRun;
  /** The hosts that every ledger is to know from then on. Absent: each ledger keeps those it has. */
  readonly knownHosts?: readonly KnownHost[];
}

/** Whether a plan changes anything on a host, even if only who owns a resource. */
export function hasChanges({ summary, adopted = 0 }: Plan): boolean {
  return summary.create + summary.update + summary.delete + adopted > 0;
}
