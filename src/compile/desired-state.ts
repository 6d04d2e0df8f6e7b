/** What a topology asks of each host, before anything is known of the hosts. */

import type { Stage } from "../lvs/stage.ts";
import type { State } from "../resources/resource.ts";

export interface DesiredState {
  readonly topology: string;
  /** Every host of the topology in the order of the file, also those of which nothing is asked. */
  readonly hosts: ReadonlyMap<string, readonly DesiredResource[]>;
  /** What whoever applies it has to know; absent where there is nothing. */
  readonly notes?: readonly Note[];
}

/** What a playbook tells of a service, once a step. */
export interface Note {
  /** Absent for what a host itself needs. */
  readonly service?: string;
  readonly playbook: string;
  readonly step: string;
  /** In the language that was asked for. */
  readonly message: string;
}

export interface DesiredResource {
  readonly kind: string;
  /** The kind's key of the state. */
  readonly key: string;
  readonly state: State;
  readonly stage: Stage;
  /** Why it is needed, in the language that was asked for, from the playbook. */
  readonly why: string;
  /** The services that asked for it; none for what a host itself needs. */
  readonly services: readonly string[];
  /** For an action: the resources, on whatever host (`host kind key`), of which any change makes it run. */
  readonly follows?: readonly string[];
}
