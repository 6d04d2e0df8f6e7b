/** A run in progress: which hosts it has armed, how far it has come, and how each of its steps is done on all hosts. */
import { count } from "../errors/count.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { bounded } from "../ledger/known-host.ts";
import { isSameLedger, type Ledger } from "../ledger/ledger.ts";
import type { Runner, TransactionRecord } from "../ledger/pending.ts";
import type { Plan, PlannedChange } from "../plan/plan.ts";
import { ArmedHost, type RunLimits } from "./armed-host.ts";
import { bootStepsOf } from "./at-boot.ts";
import { type OpenConnections, waitForDrain } from "./drain.ts";
import { phasesWithDrain } from "./drain-phase.ts";
import { hostSteps, type NumberedStep } from "./host-steps.ts";
import type { Moment } from "./moment.ts";
import { nextLedger } from "./next-ledger.ts";
import { type Phase, phasesOf } from "./phases.ts";
import { asFailure, isGone, isLost } from "./run-errors.ts";
import type { RunHost } from "./run-host.ts";
import { onAll, patientlyOnAll } from "./side-by-side.ts";

/** What happens in a run, as it happens. `isUndo`: during a rollback. */
export type RunEvent =
  | { readonly type: "phase-begins"; readonly phase: Phase; readonly isUndo: boolean }
  | { readonly type: "host-done"; readonly phase: Phase; readonly host: string; readonly isUndo: boolean }
  | {
      readonly type: "host-failed";
      readonly phase: Phase;
      readonly host: string;
      readonly isUndo: boolean;
      readonly error: LvsctlError;
    }
  | {
      /** While real servers are drained: the connections still open. */
      readonly type: "draining";
      readonly isUndo: false;
      readonly phase: Phase;
      readonly host: string;
      readonly open: readonly OpenConnections[];
    };

/** Limits of a run, and what is told and asked while it goes on. */
export interface RunOptions extends RunLimits {
  readonly runner: Runner;
  /** How long removed real servers get to finish their connections; 0: they are dropped at once. */
  readonly drainTimeoutSeconds: number;
  /** Called with each event as it happens. */
  readonly onEvent?: (event: RunEvent) => void;
  /** Called with what happens between phases, and with undefined when that is over. */
  readonly onStatus?: (step: string | undefined, now?: string) => void;
  /** Aborting it ends the run after the current phase and rolls it back, unless the first host has been confirmed. */
  readonly signal?: AbortSignal | undefined;
  /** Called at the beginning of each moment, before anything happens in it. */
  readonly onMoment?: ((moment: Moment) => void) | undefined;
  /** Leave everything as it is after a failure, for debugging. */
  readonly noRollback?: boolean;
  /** Leave the run pending: another command confirms it, or the hosts' timers roll it back. */
  readonly noConfirm?: boolean;
  /** Called when everything has been made; false rolls it all back. */
  readonly isGood?: () => Promise<boolean>;
}

/** How far ahead the clock of a machine may have been that ran lvsctl: ten years. */
const MAX_AHEAD_MS = 10 * 365 * 86_400_000;

/** A plan being carried out on its hosts. Methods that work on all hosts return each host's failure instead of throwing. */
export class Run {
  private readonly plan: Plan;
  private readonly all: readonly RunHost[];
  private readonly options: RunOptions;
  private readonly phases: readonly Phase[];
  private readonly hosts: ReadonlyMap<string, ArmedHost>;
  private readonly steps = new Map<string, ReadonlyMap<Phase, readonly NumberedStep[]>>();
  private readonly id: string;
  private readonly since: string;
  private readonly begun: Phase[] = [];
  private readonly ledgersBefore: ReadonlyMap<string, Ledger | undefined>;
  readonly cutOff: OpenConnections[] = [];

  constructor(plan: Plan, hosts: readonly RunHost[], options: RunOptions) {
    this.plan = plan;
    this.all = hosts;
    this.options = options;
    this.id = options.machine.randomHex(8);
    this.since = options.machine.clock.date().toISOString();
    this.ledgersBefore = new Map(hosts.map(({ host, state }) => [host, state.ledger]));
    this.phases = options.drainTimeoutSeconds > 0 ? phasesWithDrain(plan) : phasesOf(plan);
    const taking = hosts.filter(({ host, state }) => isConcerned(this.changesOn(host), state.ledger));
    const record = { id: this.id, topology: plan.topology };
    this.hosts = new Map(taking.map((host) => [host.host, new ArmedHost(host, record, options)]));
  }

  /** Whether anything changes on any host, even if only in its ledger. */
  get hasWork(): boolean {
    const isSettled = ({ host, state: { ledger } }: RunHost) => isSameLedger(ledger, this.ledgerAfter(host, ledger));
    return this.phases.length > 0 || !this.all.every(isSettled);
  }

  /**
   * Locks every host and starts its timer, or leaves all of them unchanged and returns the reasons. Then a host that stays
   * unreachable may be locked until its timer ends.
   */
  async arm(): Promise<readonly LvsctlError[]> {
    this.options.onStatus?.(`locking ${count(this.hosts.size, "host")}, and starting rollback timers`);
    const refused = new Set<ArmedHost>();
    const failures = await onAll(this.hosts.values(), async (host) => {
      try {
        await this.armOne(host);
      } catch (thrown) {
        if (!isLost(asFailure(thrown, host.host))) refused.add(host);
        throw thrown;
      }
    });
    this.options.onStatus?.(undefined);
    if (failures.length === 0) return [];
    const maybeArmed = [...this.hosts.values()].filter((host) => !refused.has(host));
    await patientlyOnAll(maybeArmed, this.options, (host) => host.forget());
    this.options.onStatus?.(undefined);
    const conflicts = failures.filter(({ code }) => /^LVS-LOCK-0(0[123]|10)$/.test(code));
    const [first] = conflicts;
    if (!first) return failures;
    if (conflicts.length === 1) throw first;
    throw new LvsctlError(first.code, `On ${conflicts.length} hosts.`, { problems: conflicts });
  }

  /** Keeps moving the hosts' deadlines while they wait for others; returns the function that stops it. */
  keepRenewing(): () => void {
    const period = (this.options.confirmTimeoutSeconds * 1000) / 3;
    return this.options.machine.clock.every(period / 2, () => {
      for (const host of this.hosts.values()) if (host.silentForMs > period) void host.renew();
    });
  }

  /** Goes through the phases until one fails; returns that phase's failures. */
  async forwards(): Promise<readonly LvsctlError[]> {
    for (const phase of this.phases) {
      if (this.options.signal?.aborted) return [];
      this.begun.push(phase);
      const failures = await this.inParallel(phase, false, async (host, changes) => {
        await host.run(changes, this.stepsOf(host, phase));
        if (phase.direction === "drain") await this.drain(phase, host, changes);
      });
      if (failures.length > 0) return failures;
    }
    return [];
  }

  /** Waits for the connections of real servers with weight 0. Those still open at the limit go into `cutOff`. */
  private async drain(phase: Phase, { at, host }: ArmedHost, changes: readonly PlannedChange[]): Promise<void> {
    const target = { host: at, keys: changes.map(({ key }) => key) };
    const { result, open } = await waitForDrain([target], {
      clock: this.options.machine.clock,
      timeoutMs: this.options.drainTimeoutSeconds * 1000,
      onProgress: (left) => this.options.onEvent?.({ type: "draining", isUndo: false, phase, host, open: left }),
      signal: this.options.signal,
    });
    if (result === "timed-out") this.cutOff.push(...open);
  }

  /**
   * Logs in to every host again. If that fails on one host, or it has rolled the run back, none must be confirmed. If so much
   * time has passed meanwhile that this machine must have slept, the hosts are asked once more.
   */
  async prepare(): Promise<readonly LvsctlError[]> {
    this.options.onStatus?.(`logging in to ${count(this.hosts.size, "host")} again`);
    const failures = await onAll(this.hosts.values(), (host) => host.prepare());
    const limitMs = (this.options.confirmTimeoutSeconds * 1000) / 2;
    const hasSlept = [...this.hosts.values()].some(({ silentForMs }) => silentForMs > limitMs);
    return failures.length === 0 && hasSlept ? onAll(this.hosts.values(), (host) => host.tellAlive()) : failures;
  }

  /** Checks that the hosts still have the run, so that it can be confirmed later. Hosts that cannot be reached are skipped. */
  async leavePending(): Promise<readonly LvsctlError[]> {
    const failures = await onAll(this.hosts.values(), (host) => host.tellAlive());
    return failures.filter((failure) => !isLost(failure));
  }

  /** Confirms on every host; returns each host's failure. A host that is not confirmed rolls the run back by itself. */
  async confirm(): Promise<readonly LvsctlError[]> {
    this.options.onStatus?.(`confirming on ${count(this.hosts.size, "host")}`);
    return patientlyOnAll(this.hosts.values(), this.options, (host) =>
      host.confirm(this.ledgerAfter(host.host, this.ledgersBefore.get(host.host)), this.realChangesOn(host.host)),
    );
  }

  /**
   * Rolls back every change of the phases that have begun, newest first; returns what could not be rolled back. Hosts on
   * which that fails are tried again at the end, after all others have been restored.
   */
  async backwards(): Promise<readonly LvsctlError[]> {
    const lost = new Set<string>();
    const unfinished = new Set<string>();
    const note = (failures: readonly LvsctlError[]) => {
      for (const failure of failures) {
        const { host = "" } = failure.details;
        unfinished.add(host);
        if (isLost(failure)) lost.add(host);
      }
    };
    for (const phase of [...this.begun].reverse()) {
      const work = (host: ArmedHost, changes: readonly PlannedChange[]) =>
        host.rollBack(changes, this.numbersOf(host, [phase]));
      note(await this.inParallel(phase, true, work, lost));
    }
    const isFinished = ({ host }: ArmedHost) => !unfinished.has(host);
    this.options.onStatus?.(`stopping the rollback timers of ${count(this.hosts.size, "host")}`);
    note(await onAll([...this.hosts.values()].filter(isFinished), (host) => host.undo()));
    const others = [...this.hosts.values()].filter((host) => !isFinished(host));
    const failures = await patientlyOnAll(others, this.options, (host) => this.takeAllBack(host));
    return failures.filter((failure) => !isGone(failure)); // Such a host has rolled the run back by itself.
  }

  /** Ends the run without rolling back. The ledgers account for what was made and for what was there before. */
  async keep(): Promise<readonly LvsctlError[]> {
    this.options.onStatus?.(`writing the ledgers of ${count(this.hosts.size, "host")}`);
    return patientlyOnAll(this.hosts.values(), this.options, async (host) => {
      const unmade = await host.unmade(this.realChangesOn(host.host));
      const made = this.changesOn(host.host).filter((change) => !unmade.has(change));
      const before = this.ledgersBefore.get(host.host);
      await host.keep(this.withContext(nextLedger(this.plan.topology, host.host, before, made, false), host.host));
    });
  }

  private async armOne(host: ArmedHost): Promise<void> {
    const { topology } = this.plan;
    const { state } = host.at;
    const changes = this.changesOn(host.host);
    const context = { topology, host: host.host };
    const steps = hostSteps(this.phases, state.observed, this.options.kinds, context);
    this.steps.set(host.host, steps);
    const record: TransactionRecord = {
      id: this.id,
      ...context,
      runner: this.options.runner,
      since: this.since,
      hosts: [...this.hosts.keys()],
      confirmTimeoutSeconds: this.options.confirmTimeoutSeconds,
      changes: this.realChangesOn(host.host),
      steps: [...steps.values()].flat().length,
    };
    const after = this.ledgerAfter(host.host, state.ledger);
    const atBoot = bootStepsOf(changes, after, state.observed, this.options.kinds);
    await host.arm({ record, steps: [...steps.values()].flat(), before: state.ledger, after, atBoot });
  }

  private async takeAllBack(host: ArmedHost): Promise<void> {
    const changes = this.begun.flatMap((phase) => phase.hosts.get(host.host) ?? []);
    await host.rollBack(changes, this.numbersOf(host, this.begun));
    await host.undo();
  }

  private changesOn(host: string): readonly PlannedChange[] {
    return this.plan.hosts.get(host) ?? [];
  }

  private realChangesOn(host: string): readonly PlannedChange[] {
    return this.changesOn(host).filter(({ action }) => action !== "none");
  }

  private ledgerAfter(host: string, before: Ledger | undefined): Ledger {
    return this.withContext(nextLedger(this.plan.topology, host, before, this.changesOn(host), true), host);
  }

  /**
   * When it began, but after every run that its hosts know, whatever the clocks of those who ran them say. A host can name any
   * time; one that no clock shows is left out, or soon there would be none after it.
   */
  private get sinceInOrder(): string {
    const now = Date.parse(this.since);
    const known = [...this.ledgersBefore.values()].flatMap((ledger) => Date.parse(ledger?.run?.since ?? "") || []);
    const likely = known.filter((since) => since - now < MAX_AHEAD_MS);
    return new Date(Math.max(now, ...likely.map((since) => since + 1))).toISOString();
  }

  /** The ledger with what it says about the topology and about this run. */
  private withContext(ledger: Ledger, host: string): Ledger {
    const { knownHosts } = this.plan;
    const { version } = this.options.runner;
    const run = {
      id: this.id,
      since: this.sinceInOrder,
      hosts: [...this.hosts.keys()],
      ...(version === undefined ? {} : { version }),
    };
    const others = knownHosts?.filter(({ name }) => name !== host);
    // Only a file knows what its hosts are called; without it the name is how somebody reaches the host.
    return others === undefined ? { ...ledger, run } : { ...ledger, host, hosts: bounded(others), run };
  }

  private stepsOf(host: ArmedHost, phase: Phase): readonly NumberedStep[] {
    return this.steps.get(host.host)?.get(phase) ?? [];
  }

  private numbersOf(host: ArmedHost, phases: readonly Phase[]): readonly number[] {
    return phases.flatMap((phase) => this.stepsOf(host, phase).map(({ number }) => number));
  }

  private async inParallel(
    phase: Phase,
    isUndo: boolean,
    work: (host: ArmedHost, changes: readonly PlannedChange[]) => Promise<void>,
    without: ReadonlySet<string> = new Set(),
  ): Promise<readonly LvsctlError[]> {
    this.options.onEvent?.({ type: "phase-begins", phase, isUndo });
    const taking = [...phase.hosts.keys()].filter((name) => !without.has(name));
    return onAll(
      taking.flatMap((name) => this.hosts.get(name) ?? []),
      async (armed) => {
        const { host } = armed;
        try {
          await work(armed, phase.hosts.get(host) ?? []);
          this.options.onEvent?.({ type: "host-done", phase, host, isUndo });
        } catch (thrown) {
          const error = asFailure(thrown, host);
          this.options.onEvent?.({ type: "host-failed", phase, host, isUndo, error });
          throw error;
        }
      },
    );
  }
}

/** A host needs no lock if the plan has nothing for it and its ledger is empty. */
function isConcerned(changes: readonly PlannedChange[], ledger: Ledger | undefined): boolean {
  return changes.length > 0 || (ledger?.entries.length ?? 0) > 0;
}
