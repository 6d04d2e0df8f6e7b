/** One host of a run, from arming it until the run there is confirmed or rolled back. */
import type { FollowUp } from "../errors/follow-up.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { isSameLedger, type Ledger } from "../ledger/ledger.ts";
import type { RecordedChange } from "../ledger/pending.ts";
import type { Clock, Machine } from "../machine/machine.ts";
import { identity, inverse, type Observed, type ResourceKind, type State } from "../resources/resource.ts";
import { pendingErrors } from "./pending-errors.ts";
import { stepsOf } from "./phases.ts";
import { asFailure, confirmedError, goneError, isGone, isLost, refusedError, stepFailure } from "./run-errors.ts";
import type { Answer, Arming, Ending, KnownState, RunHost, RunOnHost, StageWork } from "./run-host.ts";

/**
 * What a run needs from outside, and its limits in seconds. A host that hears nothing from lvsctl for
 * `confirmTimeoutSeconds` rolls the run back.
 */
export interface RunLimits {
  readonly kinds: ReadonlyMap<string, ResourceKind>;
  readonly machine: Machine;
  /** Default: without what the user has typed. */
  readonly next?: FollowUp;
  readonly confirmTimeoutSeconds: number;
  /** How long one stage may take on a host. */
  readonly stepTimeoutSeconds: number;
}

const DONE_LOOKS = 5;
const DONE_LOOK_MS = 1_000;

/** A host that takes part in a run. Each method is a step of the run on that host, and throws LVS-STEP-… and LVS-LOCK-…. */
export class ArmedHost {
  readonly at: RunHost;
  private readonly topology: string;
  private readonly limits: RunLimits;
  private readonly ref: RunOnHost;
  private readonly clock: Clock;
  private lastHeard: number;
  private isRenewing = false;
  /** Its timer is to end the run. */
  private isLeft = false;
  /** The answer to a stage was lost, so the host may still be working on it. */
  private mayBeAtWork = false;
  /** How many calls of `during` are under way. */
  private works = 0;
  private arming: Omit<Arming, "others"> | undefined;
  /** The run was confirmed by somebody else there. */
  private isConfirmed = false;

  constructor(at: RunHost, { id, topology }: { readonly id: string; readonly topology: string }, limits: RunLimits) {
    this.at = at;
    this.topology = topology;
    this.limits = limits;
    this.ref = { id, confirmTimeoutSeconds: limits.confirmTimeoutSeconds };
    this.clock = limits.machine.clock;
    this.lastHeard = this.clock.now();
  }

  /** Its name in the topology. */
  get host(): string {
    return this.at.host;
  }

  /** When the host last heard from lvsctl, as far as lvsctl knows. */
  get heardAt(): number {
    return this.lastHeard;
  }

  /** How long the host has not heard from lvsctl. */
  get silentForMs(): number {
    return this.clock.now() - this.lastHeard;
  }

  /** Does a piece of the run's work. While it does, a failed renewal does not close the connection. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.works += 1;
    try {
      return await work();
    } finally {
      this.works -= 1;
    }
  }

  /**
   * Locks the host and starts its timer. Throws LVS-LOCK-001 and -003 when another run is pending there, -002 when another
   * has ended there since the host was read, -010 when something else has its lock, -004 when it cannot run a timer or has no
   * space. The host is unchanged then.
   */
  async arm(arming: Omit<Arming, "others">): Promise<void> {
    this.lastHeard = this.clock.now();
    this.arming = arming;
    const answer = await this.at.arm({ ...arming, others: this.at.state.others ?? [] });
    if (answer.result === "armed") return;
    const pending = ["held", "busy"].includes(answer.why) ? await this.at.pending() : undefined;
    throw (pending && pendingErrors([{ host: this.host, pending }], this.limits)[0]) ?? refusedError(this.host, answer);
  }

  /** Makes changes. Throws LVS-STEP-001 at the first that fails, LVS-LOCK-005 when the host has rolled the run back. */
  async run(changes: readonly RecordedChange[], steps: StageWork["steps"]): Promise<void> {
    try {
      await this.runStage(changes, { steps });
    } catch (error) {
      if (!isLost(asFailure(error, this.host)) || !this.at.isMoving) throw error;
      await this.at.reconnect();
      if (!(await this.isDone(steps))) throw error;
      await this.tellAlive();
    }
  }

  /**
   * Rolls changes back, the last one first, and skips what is already as it was before. `numbers`: their steps, as the
   * host's own undo knows them. Changes nothing on a host that has rolled the run back by itself. Throws LVS-LOCK-011 when
   * somebody else has confirmed it.
   */
  async rollBack(changes: readonly RecordedChange[], numbers: readonly number[]): Promise<void> {
    const { kinds } = this.limits;
    const { topology, host } = this;
    if (this.isConfirmed) throw confirmedError(host, this.limits.next);
    await this.endWork({ steps: [], undoes: [] });
    const observed = this.forUndo(await this.observe(changes));
    const undo = lastOfEach(changes).flatMap((change) => {
      if (change.isAction) return [];
      const kind = kinds.get(change.kind);
      if (!kind) throw new RangeError(`no kind ${change.kind}`);
      const actual = observed.get(change.kind)?.states.get(change.key);
      return isEqual(kind, actual, change.before)
        ? []
        : [{ ...change, ...inverse(kind, { ...change, after: actual }) }];
    });
    const steps = stepsOf(undo, observed, kinds, { topology, host }).map((step) => ({ step }));
    await this.unlessTakenBack(() => this.runStage(undo, { steps, undoes: numbers }));
  }

  /** Stops another lvsctl from continuing the run, so that the host can be compared with its old state and rolled back. */
  async stop(): Promise<void> {
    await unlessGone(this.runStage([], { steps: [], undoes: [] }));
  }

  /** Those of these changes that have not been made: the host is still in the old state there. */
  async unmade(changes: readonly RecordedChange[]): Promise<ReadonlySet<RecordedChange>> {
    await this.endWork({ steps: [] });
    const observed = await this.observe(changes);
    const isUnmade = (change: RecordedChange) =>
      isEqual(this.limits.kinds.get(change.kind), observed.get(change.kind)?.states.get(change.key), change.before);
    return new Set(changes.filter(isUnmade));
  }

  /**
   * Logs in again and moves the deadline. Before the first host is confirmed, this shows that every host can be reached
   * and still has the run. Throws LVS-CONNECT-… errors and those of `tellAlive`.
   */
  async prepare(): Promise<void> {
    await this.at.reconnect();
    await this.tellAlive();
  }

  /**
   * Makes the run permanent: it can no longer be rolled back. May be called again after a failure, since the first call
   * may have taken effect; somebody else may have confirmed it, too. Throws LVS-LOCK-005 when the host has rolled the run back. `after`: its ledger after the run.
   */
  async confirm(after: Ledger, changes: readonly RecordedChange[]): Promise<void> {
    const answer = await this.at.end(this.ref.id, "confirm", this.topology);
    if (answer.result === "gone" && (await this.hasEnded(after, changes))) return;
    this.judge(answer, "ending the run (confirm)");
  }

  /** Ends the run and leaves the host as it is, because nothing of the run is left there. */
  async forget(): Promise<void> {
    await unlessGone(this.end("forget"));
  }

  /**
   * Tells the host to roll back whatever is left of the run, such as a step that broke off, and to end it. Throws LVS-LOCK-011
   * when somebody else has confirmed it.
   */
  async undo(): Promise<void> {
    await this.unlessTakenBack(() => this.end("undo"));
  }

  /** Completes a confirmation that was interrupted after the run had become permanent. */
  async finish(): Promise<void> {
    await unlessGone(this.end("finish"));
  }

  /** Ends the run and leaves the host as it is, with a ledger that accounts for it. May be called again after a failure. */
  async keep(ledger: Ledger): Promise<void> {
    const answer = await this.at.keep(this.ref, ledger);
    if (answer.result === "gone" && (await this.hasEnded(ledger, []))) return;
    this.judge(answer, "ending the run (keep)");
  }

  /** Lets the deadline pass, so that the host rolls the run back by itself. */
  leave(): void {
    this.isLeft = true;
  }

  /** Whether the run is no longer pending there; false if the host cannot be asked. */
  async hasEndedByItself(): Promise<boolean> {
    try {
      return (await this.at.pending())?.id !== this.ref.id;
    } catch (error) {
      if (isLost(asFailure(error, this.host))) await this.at.abandon();
      return false;
    }
  }

  /** Moves the host's deadline; failures are ignored. If the connection has broken, the next call reconnects. */
  async renew(): Promise<void> {
    if (this.isLeft || this.isRenewing) return; // Do not pile up requests on a slow host.
    this.isRenewing = true;
    try {
      await this.moveDeadline();
    } catch (error) {
      // The next call finds out what has become of the run there.
      if (isLost(asFailure(error, this.host)) && this.works === 0) await this.at.abandon();
    } finally {
      this.isRenewing = false;
    }
  }

  /**
   * Moves the host's deadline. Throws LVS-LOCK-005 when the host has rolled the run back, -003 when it has been restarted, -011
   * when somebody else has confirmed the run.
   */
  async tellAlive(): Promise<void> {
    try {
      await this.moveDeadline();
    } catch (error) {
      throw (await this.findConfirmed(error)) ?? error;
    }
  }

  private async moveDeadline(): Promise<void> {
    const at = this.clock.now();
    const answer = await this.at.renew(this.ref);
    if (answer === "renewed") this.lastHeard = at;
    if (answer === "gone") throw goneError(this.host);
    if (answer !== "failed") return;
    const pending = await this.at.pending();
    if (pending?.state === "restarted") throw pendingErrors([{ host: this.host, pending }], this.limits)[0];
    throw stepFailure(this.host, [], [], { output: "its deadline cannot be moved" }, "asking for more time");
  }

  /**
   * Whether a run that is no longer pending was confirmed rather than rolled back. The ledger tells; where the run did not
   * change the ledger, the changes do. Completes a confirmation that was interrupted.
   */
  private async hasEnded(after: Ledger, changes: readonly RecordedChange[]): Promise<boolean> {
    const pending = await this.at.pending();
    if (pending?.id === this.ref.id) {
      if (pending.state !== "committed") return false;
      await this.finish();
    }
    await this.at.refresh();
    if (!isSameLedger(this.at.state.ledger, after)) return false;
    return !isSameLedger(this.arming?.before, after) || this.isMade(changes);
  }

  /** During a rollback: what is gone has been rolled back already, unless somebody else has confirmed it. */
  private async unlessTakenBack(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const confirmed = await this.findConfirmed(error);
      if (confirmed) throw confirmed;
      if (!(error instanceof LvsctlError && isGone(error))) throw error;
    }
  }

  /** After a failure that the run is gone: LVS-LOCK-011 if that is because somebody else has confirmed it. */
  private async findConfirmed(error: unknown): Promise<LvsctlError | undefined> {
    if (!(error instanceof LvsctlError && isGone(error))) return undefined;
    this.isConfirmed = await this.leftItsTraces();
    return this.isConfirmed ? confirmedError(this.host, this.limits.next) : undefined;
  }

  /** Whether the host is as it is after a confirmation, and would not be so after a rollback. */
  private async leftItsTraces(): Promise<boolean> {
    if (!this.arming) return false;
    const { before, after, record } = this.arming;
    const hasTraces = !isSameLedger(before, after) || record.changes.some(({ isAction }) => !isAction);
    return hasTraces && this.hasEnded(after, record.changes);
  }

  /** Waits for a stage whose answer was lost, so that what is seen of the host after that stays true. */
  private async endWork(nothing: StageWork): Promise<void> {
    if (!this.mayBeAtWork) return;
    await this.at.pending(); // Throws while the host is away, and so leaves alone the time since its last contact with lvsctl.
    await unlessGone(this.runStage([], nothing));
  }

  /** What was found in the middle of the run, with what the kinds know of the time before it. */
  private forUndo(observed: ReadonlyMap<string, Observed>): ReadonlyMap<string, Observed> {
    return new Map(
      [...observed].map(([name, now]) => {
        const detailForUndo = this.limits.kinds.get(name)?.detailForUndo;
        const before = this.at.state.observed.get(name);
        return [name, detailForUndo && before ? { ...now, detail: detailForUndo(now, before) } : now];
      }),
    );
  }

  private observe(changes: readonly RecordedChange[]): Promise<ReadonlyMap<string, Observed>> {
    return this.at.observe(changes.filter(({ isAction }) => !isAction).flatMap(stateOf), this.topology);
  }

  private async isMade(changes: readonly RecordedChange[]): Promise<boolean> {
    const observed = await this.observe(changes);
    return changes.every(({ kind: name, key, after, isAction }) => {
      const actual = observed.get(name)?.states.get(key);
      return isAction || isEqual(this.limits.kinds.get(name), actual, after);
    });
  }

  /** Ends the run in the given way. Throws LVS-LOCK-005 when it has already ended. */
  async end(how: Ending): Promise<void> {
    this.judge(await this.at.end(this.ref.id, how, this.topology), `ending the run (${how})`);
  }

  /** Asks the host, at its new address, whether it has done these steps. */
  private async isDone(steps: StageWork["steps"]): Promise<boolean> {
    for (let looks = 0; looks < DONE_LOOKS; looks += 1) {
      const done = await this.at.doneSteps();
      if (steps.every(({ number }) => number !== undefined && done.has(number))) return true;
      await this.clock.sleep(DONE_LOOK_MS);
    }
    return false;
  }

  private async runStage(changes: readonly RecordedChange[], work: StageWork): Promise<void> {
    const { confirmTimeoutSeconds, stepTimeoutSeconds } = this.limits;
    this.lastHeard = this.clock.now();
    // A host that changes its address may never answer. Leave time to ask it at the new one.
    const seconds = this.at.isMoving ? Math.min(stepTimeoutSeconds, confirmTimeoutSeconds / 2) : stepTimeoutSeconds;
    this.mayBeAtWork = true;
    const answer = await this.at.run(this.ref, work, seconds * 1000);
    // Without a step it may have waited in vain for the stage before it to end.
    this.mayBeAtWork = answer.result === "failed" && answer.step === undefined;
    if (answer.result === "gone") throw goneError(this.host);
    if (answer.result === "failed") {
      const steps = work.steps.map(({ step }) => step);
      throw stepFailure(this.host, steps, changes, answer);
    }
  }

  private judge(answer: Answer, what: string): void {
    if (answer.result === "gone") throw goneError(this.host);
    if (answer.result === "failed") throw stepFailure(this.host, [], [], answer, what);
  }
}

/**
 * The last change of each resource, the last one first: a real server that was drained and then removed is restored in one
 * step. Both of its changes name the state before the run.
 */
function lastOfEach(changes: readonly RecordedChange[]): readonly RecordedChange[] {
  const last = new Map(changes.map((change) => [identity(change), change] as const));
  return [...changes].reverse().filter((change) => last.get(identity(change)) === change);
}

function stateOf({ kind, key, before, after }: RecordedChange): readonly KnownState[] {
  const state = after ?? before;
  return state ? [{ kind, key, state }] : [];
}

function isEqual(kind: ResourceKind | undefined, one: State | undefined, other: State | undefined): boolean {
  return one && other ? kind?.diff(one, other).length === 0 : one === other;
}

async function unlessGone(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof LvsctlError && isGone(error))) throw error;
  }
}
