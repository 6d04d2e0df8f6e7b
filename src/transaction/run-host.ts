/**
 * A host as a run sees it: all that the engine asks of hosts, in its own words. src/transaction/shell says it with scripts
 * over SSH; test/helpers/memory-host.ts is a host without a machine. test/transaction/run-host.contract holds both to the
 * same behaviour.
 *
 * Answers are values. Whatever a call throws means that the host could not be asked, or that its answer was lost: the call
 * may then have taken effect or not.
 */
import type { Ledger } from "../ledger/ledger.ts";
import type { Pending, TransactionRecord } from "../ledger/pending.ts";
import type { HostState } from "../plan/host-state.ts";
import type { BootStep, Observed, State, Step } from "../resources/resource.ts";
import type { NumberedStep } from "./host-steps.ts";

/** All that a host needs in order to take a run back by itself, and to keep it once it is confirmed. */
export interface Arming {
  readonly record: TransactionRecord;
  /** Every step of the run on this host, in order, each with its undo. */
  readonly steps: readonly NumberedStep[];
  /** The topology's ledger as it was when the host was read. */
  readonly before: Ledger | undefined;
  /** Those of other topologies, as they were then: what they need decides what stays. */
  readonly others: readonly Ledger[];
  /** The ledger after a confirmed run; one without entries means that there will be none. */
  readonly after: Ledger;
  /** What brings the host's state back after a restart, once the run is confirmed; empty: nothing does. */
  readonly atBoot: readonly BootStep[];
}

/**
 * Why a host was not armed. `held`: another run is pending there, or a program of lvsctl is at work. `changed`: a ledger is
 * not the one that was read. `no-lock`, `no-timer`: it lacks the programs for that. `no-room`: it could not write.
 */
export type Refusal = "held" | "changed" | "no-lock" | "no-timer" | "no-room";

export type ArmAnswer =
  | { readonly result: "armed" }
  | { readonly result: "refused"; readonly why: Refusal; readonly output: string };

/** The run that a call belongs to. */
export interface RunOnHost {
  readonly id: string;
  /** How long the host waits from now on before it takes the run back. */
  readonly confirmTimeoutSeconds: number;
}

/** What one call makes, one step after the other, until one fails. */
export interface StageWork {
  /** `number`: by which the host's own undo knows the step; undefined for one that it need not know. */
  readonly steps: readonly { readonly step: Step; readonly number?: number }[];
  /**
   * Earlier steps that this work takes back, as far as they were done. The host's own undo is then not to do it again; what
   * had only begun is left to it. From then on the run can neither go on there nor be confirmed: it is `gone` for that.
   */
  readonly undoes?: readonly number[];
}

/** `gone`: the run is no longer pending on the host. */
export type Answer =
  | { readonly result: "done" }
  | { readonly result: "gone" }
  | {
      readonly result: "failed";
      readonly output: string;
      /** The place in the list of the step that failed; undefined when none had begun. */
      readonly step?: number;
    };

/**
 * `confirm`: the run becomes the host's state. `undo`: the host takes back, by itself, what is left of it. `forget`: nothing
 * is left of it. `finish`: goes on with a confirmation that was cut off. Each ends the run, the timer and the lock.
 */
export type Ending = "confirm" | "undo" | "forget" | "finish";

/** A resource to look for. */
export interface KnownState {
  readonly kind: string;
  readonly key: string;
  readonly state: State;
  /** The services that want it; absent or empty for what a host itself needs, and for what goes. */
  readonly services?: readonly string[];
}

/** What a director has of one real server; `packets`: both ways, since it was entered. */
export interface DestinationTraffic {
  readonly key: string;
  readonly active: number;
  readonly inactive: number;
  readonly packets: number;
}

export interface RunHost {
  /** Its name in the topology. */
  readonly host: string;
  /** What was found on it when it was read last. */
  readonly state: HostState;
  /** In the course of the run the host moves to another address, at which it can be reached from then on. */
  readonly isMoving: boolean;

  /** Reads the host again; `state` is the result. */
  refresh(): Promise<void>;
  /** Locks the host and starts its timer. It is unchanged where it refuses. */
  arm(arming: Arming): Promise<ArmAnswer>;
  /** Makes a stage's steps. Moves the deadline first; how far it comes, the host notes. Throws after `limitMs`. */
  run(run: RunOnHost, work: StageWork, limitMs: number): Promise<Answer>;
  /** Moves the deadline, also while a stage is at work. */
  renew(run: RunOnHost): Promise<"renewed" | "gone" | "failed">;
  /** Ends the run of this id. */
  end(id: string, how: Ending): Promise<Answer>;
  /** Ends the run and leaves the host as it is, with a ledger that accounts for that. What comes back at boot stays, too. */
  keep(run: RunOnHost, ledger: Ledger): Promise<Answer>;
  /** The steps, by number, that the host has noted as done. */
  doneSteps(): Promise<ReadonlySet<number>>;
  /** The run that is pending on the host, whosever it is. */
  pending(): Promise<Pending | undefined>;
  /** The actual states of resources, kind by kind. */
  observe(resources: readonly KnownState[], topology: string): Promise<ReadonlyMap<string, Observed>>;
  /** What a director has of real servers, each named as the kind ipvs-destination does; empty where it has no table. */
  traffic(keys: readonly string[]): Promise<readonly DestinationTraffic[]>;

  /** Logs in once more, where the host is after the run, and goes on with that connection; the old one is kept where it throws. */
  reconnect(): Promise<void>;
  /** Gives up a connection that no longer works; the next call logs in again. */
  abandon(): Promise<void>;
}
