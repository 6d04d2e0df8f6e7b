/** What a topology asks of each host, before anything is known about the hosts. */

import type { FilteredPacket } from "../lvs/filtered-packet.ts";
import type { Stage } from "../lvs/stage.ts";
import type { State } from "../resources/resource.ts";

/** The resources that every host should have. */
export interface DesiredState {
  readonly topology: string;
  /** Every host that lvsctl logs in to, in the order of the file, even if nothing is asked of it. */
  readonly hosts: ReadonlyMap<string, readonly DesiredResource[]>;
  /** What the owners of the other hosts see to; absent if there are none. */
  readonly unmanaged?: ReadonlyMap<string, readonly DesiredResource[]>;
  /** What the person applying it needs to know; absent if there is nothing. */
  readonly notes?: readonly Note[];
  /** Packets that hosts send, or forward as they are, and no rule of the topology lets out or through there; by host. */
  readonly passing?: ReadonlyMap<string, readonly PassingPacket[]>;
}

/** A packet of a service that passes a host. */
export interface PassingPacket {
  readonly packet: FilteredPacket;
  readonly service: string;
}

/** A playbook's note on a service; each step adds it only once. */
export interface Note {
  /** Absent for what the host itself needs. */
  readonly service?: string;
  readonly playbook: string;
  readonly step: string;
  /** In the requested language. */
  readonly message: string;
}

/** One resource on one host. */
export interface DesiredResource {
  readonly kind: string;
  /** The kind's key of the state. */
  readonly key: string;
  readonly state: State;
  readonly stage: Stage;
  /** The playbook's reason for it, in the requested language. */
  readonly why: string;
  /** The services that asked for it; empty for what the host itself needs. */
  readonly services: readonly string[];
  /** For an action: the resources, on any host (`host kind key`), whose changes trigger it. */
  readonly follows?: readonly string[];
}
