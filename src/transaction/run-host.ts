/**
 * The interface between the engine and a host, in the engine's own terms. src/transaction/shell implements it with scripts
 * over SSH, test/helpers/memory-host.ts in memory. test/transaction/run-host-contract.ts holds both to the same behaviour.
 *
 * Answers are values. If a call throws, the host could not be asked or its answer was lost: the call may or may not have
 * taken effect.
 */
import type { Ledger } from "../ledger/ledger.ts";
import type { Pending, TransactionRecord } from "../ledger/pending.ts";
import type { HostState } from "../plan/host-state.ts";
import type { BootStep, Observed, State, Step } from "../resources/resource.ts";
import type { NumberedStep } from "./host-steps.ts";

/** Everything that a host needs to roll a run back by itself, and to keep it once it is confirmed. */
export interface Arming {
  readonly record: TransactionRecord;
  /** Every step of the run on this host, in order, each with its undo. */
  readonly steps: readonly NumberedStep[];
  /** The topology's ledger as it was when the host was read. */
  readonly before: Ledger | undefined;
  /** The ledgers of other topologies at that time. What they need must stay. */
  readonly others: readonly Ledger[];
  /** The ledger after a confirmed run. If it has no entries, the file is removed. */
  readonly after: Ledger;
  /** The steps that restore the host's state at boot, once the run is confirmed. Empty: nothing is restored. */
  readonly atBoot: readonly BootStep[];
}

/**
 * Why a host was not armed. `held`: another run is pending there. `busy`: something else has its lock, of which the output names
 * the processes, one on each line. `changed`: a ledger has changed since it was read. `no-lock`, `no-timer`: the programs for
 * it are missing. `no-room`: it could not write. `exposed`: others than root could change the files of the run.
 */
export type Refusal = "held" | "busy" | "changed" | "no-lock" | "no-timer" | "no-room" | "exposed";

/** Whether the host has taken part; if not, why not, and what its script printed. */
export type ArmAnswer =
  | { readonly result: "armed" }
  | { readonly result: "refused"; readonly why: Refusal; readonly output: string };

/** The run that a call belongs to. */
export interface RunOnHost {
  readonly id: string;
  /** How long the host waits, from now on, before it rolls the run back. */
  readonly confirmTimeoutSeconds: number;
}

/** The steps of one call, run in order until one fails. */
export interface StageWork {
  /** `number`: the step's number in the host's own undo; undefined for a step that has no undo there. */
  readonly steps: readonly { readonly step: Step; readonly number?: number }[];
  /**
   * Earlier steps that this work undoes, if they were done. The host's own undo then skips them, but still handles steps
   * that had only begun. If the work fails, the host's own undo of all these steps must succeed, or the run stays pending.
   * After this, the run can be neither continued nor confirmed on the host: the answer is `gone`.
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
      /** The index of the step that failed; undefined when none had begun. */
      readonly step?: number;
    };

/**
 * `confirm`: the run becomes permanent. `undo`: the host rolls back what is left of it. `forget`: nothing is left to roll
 * back. `finish`: completes a confirmation that was interrupted. `discard`: like `forget`, for a run whose files are too damaged
 * for any other way; they are kept. Each ends the run, the timer and the lock.
 */
export type Ending = "confirm" | "undo" | "forget" | "finish" | "discard";

/** A resource to look for. */
export interface KnownState {
  readonly kind: string;
  readonly key: string;
  readonly state: State;
  /** The services that want it; absent or empty for what the host itself needs and for what is removed. */
  readonly services?: readonly string[];
}

/** A director's counters for one real server. `packets`: in both directions, since the entry was created. */
export interface DestinationTraffic {
  readonly key: string;
  readonly active: number;
  readonly inactive: number;
  readonly packets: number;
}

/**
 * A host as the engine sees it. What the methods promise is tested by the contract in test/transaction, for real shells
 * and for hosts in memory.
 */
export interface RunHost {
  /** Its name in the topology. */
  readonly host: string;
  /** What was found when it was last read. */
  readonly state: HostState;
  /** The run changes the address at which the host can be reached. */
  readonly isMoving: boolean;

  /** Reads the host again; `state` is the result. */
  refresh(): Promise<void>;
  /** Locks the host and starts its timer. If it refuses, the host is unchanged. */
  arm(arming: Arming): Promise<ArmAnswer>;
  /** Moves the deadline, then runs a stage's steps. The host notes its progress. Throws after `limitMs`. */
  run(run: RunOnHost, work: StageWork, limitMs: number): Promise<Answer>;
  /** Moves the deadline; works while a stage is running, too. */
  renew(run: RunOnHost): Promise<"renewed" | "gone" | "failed">;
  /** Ends the run of this id. `topology`: the run's. */
  end(id: string, how: Ending, topology: string): Promise<Answer>;
  /** Ends the run and leaves the host as it is, with a ledger that accounts for it. What is restored at boot is unchanged. */
  keep(run: RunOnHost, ledger: Ledger): Promise<Answer>;
  /** The steps, by number, that the host has noted as done. */
  doneSteps(): Promise<ReadonlySet<number>>;
  /** The run that is pending on the host, no matter who started it. */
  pending(): Promise<Pending | undefined>;
  /** The actual states of resources, kind by kind. */
  observe(resources: readonly KnownState[], topology: string): Promise<ReadonlyMap<string, Observed>>;
  /** A director's counters for real servers. `keys`: those of the kind ipvs-destination. Empty if it has no IPVS table. */
  traffic(keys: readonly string[]): Promise<readonly DestinationTraffic[]>;

  /** Logs in again, at the address the host has after the run, and uses that connection. If it throws, the old one is kept. */
  reconnect(): Promise<void>;
  /** Drops a connection that no longer works; the next call logs in again. */
  abandon(): Promise<void>;
}
