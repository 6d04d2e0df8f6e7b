/** A plan: what would change on every host, and why. */
import type { Stage } from "../compile/stage.ts";
import type { Change, State, Step } from "../resources/resource.ts";

export type Action = "create" | "update" | "delete" | "none";

export interface PlannedChange extends Change {
  readonly host: string;
  readonly action: Action;
  /** One line for people about the resource: the kind's `describe` of the state after, or before where it goes. */
  readonly description: string;
  /** The fields that an update changes, with their values. */
  readonly fields: readonly { readonly name: string; readonly before: unknown; readonly after: unknown }[];
  /** Why it changes now: `missing`, `is 0, must be 1`, `no longer in the topology`. */
  readonly reason: string;
  /** Why it is needed at all, from the playbook; empty for what goes. */
  readonly why: string;
  readonly stage: Stage;
  /** An action, such as gratuitous ARP, leaves nothing behind and is not in the ledger. */
  readonly isAction: boolean;
  /** What the ledger notes: the state before lvsctl first touched it. Undefined: it did not exist. */
  readonly original: State | undefined;
}

/** A conflict or a missing prerequisite; a plan that has one is not applied. */
export interface PlanProblem {
  readonly host: string;
  readonly description: string;
  readonly message: string;
  readonly hint: string;
}

/** The steps of one stage on one host. */
export interface HostStage {
  readonly host: string;
  readonly steps: readonly Step[];
}

export interface Plan {
  readonly topology: string;
  /** Every host in the order of the topology, `none` included. */
  readonly hosts: ReadonlyMap<string, readonly PlannedChange[]>;
  readonly problems: readonly PlanProblem[];
  readonly summary: Readonly<Record<Action, number>>;
}
