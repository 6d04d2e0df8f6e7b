/** A playbook that has been loaded and checked: what each step needs, ready to be asked for any topology. */
import type { Stage } from "../lvs/stage.ts";
import type { Position } from "../errors/lvsctl-error.ts";
import type { State } from "../resources/resource.ts";
import type { Director, Host, RealServer, Role, Service, Topology } from "../topology/topology.ts";

/** A text for people, in the languages that the playbook has. */
export interface Text {
  readonly en: string;
  readonly zh?: string;
}

/** `mode`: how a service forwards. `feature`: for every service that switches it on. `host`: for every host. */
export type PlaybookKind = "mode" | "feature" | "host";

export interface Playbook {
  readonly name: string;
  /** The path that it was loaded from. */
  readonly file: string;
  readonly kind: PlaybookKind;
  readonly title: Text;
  readonly summary: Text;
  /** Whether a feature is wanted by the service in scope; always so for other kinds. Throws LVS-PLAYBOOK-005. */
  appliesTo(scope: Scope): boolean;
  readonly steps: readonly PlaybookStep[];
}

/** The playbooks that one topology uses. */
export interface PlaybookSet {
  readonly host: readonly Playbook[];
  /** By what a service says under `mode`. */
  readonly modes: ReadonlyMap<string, Playbook>;
  readonly features: readonly Playbook[];
}

/** What the expressions of a step may speak of. */
export interface Scope {
  readonly topology: Topology;
  readonly service?: Service;
  readonly host?: Host;
  readonly director?: Director;
  readonly rs?: RealServer;
}

export interface PlaybookStep {
  readonly id: string;
  /** Where the step stands in its file. */
  readonly at: Position;
  readonly on: Target;
  readonly stage: Stage;
  /** The resource kind. */
  readonly resource: string;
  /** For an action: the ids of the steps whose resources it follows. */
  readonly follows: readonly string[];
  readonly why: Text;
  /**
   * What the step writes on one host: one `with` for each element that it repeats over and for which `when` holds,
   * evaluated and checked against the resource kind's schema. Throws LVS-PLAYBOOK-005 and LVS-PLAYBOOK-006.
   */
  write(scope: Scope): readonly State[];
}

/** Where a step runs: on the hosts of a role, or on those whose names an expression gives. */
export type Target =
  | { readonly role: Role | "any" }
  | {
      /** Throws LVS-PLAYBOOK-005. */
      hosts(scope: Scope): readonly string[];
    };
