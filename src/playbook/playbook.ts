/** A playbook that has been loaded and checked, ready to be evaluated for any topology. */

import type { Position } from "../errors/lvsctl-error.ts";
import type { Stage } from "../lvs/stage.ts";
import type { State } from "../resources/resource.ts";
import type { ModeTraits } from "../topology/mode-traits.ts";
import type { Director, Host, RealServer, Role, Service, Topology } from "../topology/topology.ts";

/** A language in which texts are available. */
export type Language = "en" | "zh";

/** A text for people, in the languages that the playbook offers. */
export interface Text {
  readonly en: string;
  readonly zh?: string;
}

/** `mode`: how a service forwards. `feature`: for every service that turns it on. `host`: for every host. */
export type PlaybookKind = "mode" | "feature" | "host";

/** A mode, a feature, or what every host needs. */
export interface Playbook {
  readonly name: string;
  /** The path it was loaded from. */
  readonly file: string;
  readonly kind: PlaybookKind;
  /** Whether it comes with lvsctl; else the user wrote it. */
  readonly isBuiltIn: boolean;
  /** For a feature: what its `when` reads. */
  readonly asks: readonly Asked[];
  readonly title: Text;
  readonly summary: Text;
  /** Whether the service in scope uses a feature; always true for other kinds. Throws LVS-PLAYBOOK-005. */
  appliesTo(scope: Scope): boolean;
  readonly steps: readonly PlaybookStep[];
  /** What happens to a packet on its way. */
  readonly path: readonly PathPoint[];
  /** For a mode: what the topology rules need to know about it, as far as its author declared it. */
  readonly traits?: ModeTraits;
  /** For a mode: the example topology that shows it, `dr.yaml`. */
  readonly example?: string;
  readonly checks: readonly PlaybookCheck[];
}

/** A field of the topology that a part of a playbook reads: `service.testPage`. */
export interface Asked {
  /** The playbook's variable: `service`, `host`, `rs`. */
  readonly variable: string;
  readonly field: string;
  /** Whether the step is written once for each of its elements. */
  readonly isRepeated: boolean;
}

/** A kernel counter that requests have to move. */
export interface PlaybookCheck {
  readonly id: string;
  readonly at: Position;
  /** The names of the hosts where it is read. Throws LVS-PLAYBOOK-005. */
  hosts(scope: Scope): readonly string[];
  /** A table under /proc/net/stat, and one of its columns. */
  readonly counter: { readonly file: string; readonly column: string };
  /** Whether it grew as it should after that many answered requests. Throws LVS-PLAYBOOK-005. */
  holds(scope: Scope, counted: Counted): boolean;
  /** What it means if it does not hold. */
  readonly why: Text;
}

/** What happened between two readings of a counter. */
export interface Counted {
  readonly grown: number;
  readonly answered: number;
}

/** The playbooks that one topology uses. */
export interface PlaybookSet {
  readonly host: readonly Playbook[];
  /** By the service's `mode`. */
  readonly modes: ReadonlyMap<string, Playbook>;
  readonly features: readonly Playbook[];
}

/** What the expressions of a step may refer to. */
export interface Scope {
  readonly topology: Topology;
  readonly service?: Service;
  /** The traits of the service's mode. */
  readonly traits?: ModeTraits;
  readonly host?: Host;
  readonly director?: Director;
  readonly rs?: RealServer;
  readonly client?: Client;
}

/** Who sends the request whose path is described. */
export interface Client {
  readonly host: string;
  readonly address: string;
  /** The address that its requests are for when they come to a director, which is what a reply has to come from. */
  readonly asks: string;
  /** The address that a publishing firewall puts in place of its own; absent if it leaves that alone. */
  readonly shownAs?: string;
}

/** What one host does to the packets that pass it. */
export interface PathPoint {
  /** The hosts where it happens. Throws LVS-PLAYBOOK-005. */
  on(scope: Scope): readonly string[];
  readonly direction: "request" | "reply";
  readonly why: Text;
  /** What is different when the packet leaves; undefined if `when` does not hold. Throws LVS-PLAYBOOK-005 and -006. */
  change(scope: Scope): PacketChange | undefined;
}

/** Absent fields stay unchanged. */
export interface PacketChange {
  readonly source?: string;
  readonly sourcePort?: number;
  readonly destination?: string;
  readonly destinationPort?: number;
  /** The neighbour's address that the frame is sent to, if not the one that the routes give. */
  readonly next?: string;
  readonly outer?: OuterHeader | "none";
}

/** A tunnel's header around a packet. */
export interface OuterHeader {
  readonly source: string;
  readonly destination: string;
  /** What the tunnel is called: `IP-in-IP`. */
  readonly protocol: string;
}

/** One thing that is needed on some hosts. */
export interface PlaybookStep {
  readonly id: string;
  /** The position of the step in its file. */
  readonly at: Position;
  /** Where it runs and under what condition, as written in the file. */
  readonly written: { readonly on: string; readonly when?: string };
  readonly on: Target;
  readonly stage: Stage;
  /** The resource kind. */
  readonly resource: string;
  /** What it reads, in the order of its text. */
  readonly asks: readonly Asked[];
  /** For an action: the ids of the steps whose resources it follows. */
  readonly follows: readonly string[];
  readonly why: Text;
  /** What the person applying it needs to know. */
  readonly note?: Text;
  /**
   * What the step writes on one host: one `with` for each element that it repeats over and for which `when` holds, evaluated
   * and checked against the resource kind's schema. Throws LVS-PLAYBOOK-005 and LVS-PLAYBOOK-006.
   */
  write(scope: Scope): readonly State[];
}

/** Where a step runs: on the hosts of a role, or on those that an expression names. */
export type Target =
  | { readonly role: Role | "any" }
  | {
      /** Throws LVS-PLAYBOOK-005. */
      hosts(scope: Scope): readonly string[];
    };
