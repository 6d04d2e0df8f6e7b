/** Makes a plan's changes on all hosts, phase by phase, and takes them back everywhere when one fails. */
import { randomBytes } from "node:crypto";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { Plan, PlannedChange } from "../plan/plan.ts";
import { inverse, type ResourceKind, type Step } from "../resources/resource.ts";
import type { HostSession } from "./host-session.ts";
import { isSameLedger, type Ledger, nextLedger } from "./ledger.ts";
import { observe } from "./observe.ts";
import { type Phase, phasesOf, stepsOf } from "./phases.ts";
import { formatStageScript, type LedgerChange, parseStageOutput, type StageScript } from "./stage-script.ts";

export type RunEvent =
  | { readonly type: "phase-begins"; readonly phase: Phase; readonly isUndo: boolean }
  | { readonly type: "host-done"; readonly phase: Phase; readonly host: string; readonly isUndo: boolean }
  | {
      readonly type: "host-failed";
      readonly phase: Phase;
      readonly host: string;
      readonly isUndo: boolean;
      readonly error: LvsctlError;
    };

export interface RunOptions {
  readonly kinds: ReadonlyMap<string, ResourceKind>;
  readonly onEvent?: (event: RunEvent) => void;
  /** An abort ends the run at the next barrier and takes it back. */
  readonly signal?: AbortSignal | undefined;
  /** Leave things as they are after a failure; for people who want to look. */
  readonly noRollback?: boolean;
}

export interface RunOutcome {
  readonly result: "done" | "rolled-back" | "failed";
  readonly isInterrupted: boolean;
  /** What went wrong on the way forward, host by host. */
  readonly failures: readonly LvsctlError[];
  /** What could not be taken back. */
  readonly remains: readonly LvsctlError[];
}

/** Runs a plan. Never throws for what happens on a host: the outcome tells it. */
export async function runPlan(
  plan: Plan,
  sessions: ReadonlyMap<string, HostSession>,
  options: RunOptions,
): Promise<RunOutcome> {
  const run = new Run(plan, sessions, options);
  const failures = await run.forwards();
  const isInterrupted = options.signal?.aborted ?? false;
  if (failures.length === 0 && !isInterrupted) return { result: "done", isInterrupted, failures, remains: [] };
  if (options.noRollback) return { result: "failed", isInterrupted, failures, remains: [] };
  const remains = await run.backwards();
  return { result: remains.length === 0 ? "rolled-back" : "failed", isInterrupted, failures, remains };
}

class Run {
  private readonly plan: Plan;
  private readonly sessions: ReadonlyMap<string, HostSession>;
  private readonly options: RunOptions;
  private readonly begun: Phase[] = [];
  private readonly ledgerWritten = new Set<string>();

  constructor(plan: Plan, sessions: ReadonlyMap<string, HostSession>, options: RunOptions) {
    this.plan = plan;
    this.sessions = sessions;
    this.options = options;
  }

  /** Goes through the phases until one fails; returns that phase's failures. */
  async forwards(): Promise<readonly LvsctlError[]> {
    const phases = phasesOf(this.plan);
    for (const [index, phase] of phases.entries()) {
      if (this.options.signal?.aborted) return [];
      this.begun.push(phase);
      const later = new Set(phases.slice(index + 1).flatMap(({ hosts }) => [...hosts.keys()]));
      const failures = await this.inParallel(phase, false, (session, changes) =>
        this.forwardsOn(session, changes, !later.has(session.host)),
      );
      if (failures.length > 0) return failures;
    }
    return this.settleLedgers();
  }

  /** Takes back every change of the phases that have begun, newest first; returns what could not be taken back. */
  async backwards(): Promise<readonly LvsctlError[]> {
    const remains: LvsctlError[] = [];
    const phases = [...this.begun].reverse();
    for (const [index, phase] of phases.entries()) {
      const later = new Set(phases.slice(index + 1).flatMap(({ hosts }) => [...hosts.keys()]));
      const failed = new Set(remains.map(({ details }) => details.host));
      remains.push(
        ...(await this.inParallel(phase, true, (session, changes) =>
          this.backwardsOn(session, changes, !later.has(session.host) && !failed.has(session.host)),
        )),
      );
    }
    return remains;
  }

  private async forwardsOn(session: HostSession, changes: readonly PlannedChange[], isLast: boolean): Promise<void> {
    const { kinds } = this.options;
    const { host, state } = session;
    const all = this.plan.hosts.get(host) ?? [];
    const during = nextLedger(this.plan.topology, host, state.ledger, all, false);
    const after = nextLedger(this.plan.topology, host, state.ledger, all, true);
    const isFirst = !this.ledgerWritten.has(host);
    this.ledgerWritten.add(host);
    await this.runScript(session, changes, {
      steps: stepsOf(changes, state.observed, kinds, { topology: this.plan.topology, host }),
      ...(isFirst && !isSameLedger(state.ledger, during) ? { first: { write: during } } : {}),
      ...(isLast && !isSameLedger(during, after) ? { last: this.ledgerChange(after) } : {}),
    });
  }

  private async backwardsOn(session: HostSession, changes: readonly PlannedChange[], isLast: boolean): Promise<void> {
    const { kinds } = this.options;
    const { topology } = this.plan;
    const states = changes.flatMap(({ kind, key, before, after, isAction }) => {
      const state = after ?? before;
      return state && !isAction ? [{ kind, key, state }] : [];
    });
    const transport = await session.transport();
    const observed = await observe(transport, states, topology, kinds);
    const undo = [...changes].reverse().flatMap((change) => {
      const kind = kinds.get(change.kind);
      if (!kind || change.isAction) return [];
      const actual = observed.get(change.kind)?.states.get(change.key);
      const isAsBefore =
        actual && change.before ? kind.diff(actual, change.before).length === 0 : actual === change.before;
      return isAsBefore ? [] : [{ ...change, ...inverse(kind, { ...change, after: actual }) }];
    });
    const last = this.ledgerChange(session.state.ledger);
    await this.runScript(session, undo, {
      steps: stepsOf(undo, observed, kinds, { topology, host: session.host }),
      ...(isLast ? { last } : {}),
    });
  }

  /** Writes the ledgers of hosts on which nothing had to change but what is accounted for. */
  private async settleLedgers(): Promise<readonly LvsctlError[]> {
    const failures: LvsctlError[] = [];
    await Promise.all(
      [...this.sessions.values()].map(async (session) => {
        const { host, state } = session;
        if (this.ledgerWritten.has(host) || state.ledger === undefined) return;
        const after = nextLedger(this.plan.topology, host, state.ledger, this.plan.hosts.get(host) ?? [], true);
        if (isSameLedger(state.ledger, after)) return;
        try {
          await this.runScript(session, [], { steps: [], last: this.ledgerChange(after) });
        } catch (error) {
          failures.push(asFailure(error, host));
        }
      }),
    );
    return failures;
  }

  private ledgerChange(ledger: Ledger | undefined): LedgerChange {
    return ledger && ledger.entries.length > 0 ? { write: ledger } : { remove: this.plan.topology };
  }

  private async inParallel(
    phase: Phase,
    isUndo: boolean,
    work: (session: HostSession, changes: readonly PlannedChange[]) => Promise<void>,
  ): Promise<readonly LvsctlError[]> {
    this.options.onEvent?.({ type: "phase-begins", phase, isUndo });
    const failures: LvsctlError[] = [];
    await Promise.all(
      [...phase.hosts].map(async ([host, changes]) => {
        const session = this.sessions.get(host);
        if (!session) throw new Error(`no session for ${host}`);
        try {
          await work(session, changes);
          this.options.onEvent?.({ type: "host-done", phase, host, isUndo });
        } catch (thrown) {
          const error = asFailure(thrown, host);
          if (error.code.startsWith("LVS-CONNECT")) await session.abandon();
          failures.push(error);
          this.options.onEvent?.({ type: "host-failed", phase, host, isUndo, error });
        }
      }),
    );
    return failures;
  }

  private async runScript(session: HostSession, changes: readonly PlannedChange[], script: StageScript): Promise<void> {
    if (script.steps.length === 0 && !script.first && !script.last) return;
    const nonce = randomBytes(12).toString("hex");
    const transport = await session.transport();
    const { stdout, stderr, status } = await transport.run(formatStageScript(script, nonce));
    const progress = parseStageOutput(stdout, stderr, nonce);
    if (!progress.isComplete) throw stepFailure(session.host, script.steps, changes, { ...progress, status });
  }
}

function stepFailure(
  host: string,
  steps: readonly Step[],
  changes: readonly PlannedChange[],
  progress: { failedStep?: number; status?: number | undefined; output?: string },
): LvsctlError {
  const step = progress.failedStep === undefined ? undefined : steps[progress.failedStep];
  const made = step?.makes.map(({ kind, key }) => changes.find((change) => change.kind === kind && change.key === key));
  const description = made?.map((change) => change?.description ?? "").join("; ") ?? "writing the ledger";
  const output = progress.output || "(it printed nothing)";
  return new LvsctlError("LVS-STEP-001", `${description}: the host answered: ${output}`, {
    host,
    step: description,
    output,
    hint: "Run the same with -vv to see the commands; they can be tried by hand on the host.",
  });
}

function asFailure(error: unknown, host: string): LvsctlError {
  if (error instanceof LvsctlError) return error;
  return new LvsctlError("LVS-INTERNAL-000", error instanceof Error ? error.message : String(error), {
    host,
    cause: error,
  });
}
