/**
 * A host without a machine. It holds resources, ledgers and one pending run with its timer, notes and lock, and treats them
 * as the scripts of src/transaction/shell do. run-host-contract.ts makes sure of that.
 */
import type { Ledger } from "../../src/ledger/ledger.ts";
import { ledgerChecksum } from "../../src/ledger/ledger.ts";
import type { Pending, TransactionRecord } from "../../src/ledger/pending.ts";
import { type Change, identity, type State } from "../../src/resources/resource.ts";
import type {
  Answer,
  ArmAnswer,
  Arming,
  DestinationTraffic,
  Ending,
  Refusal,
  RunOnHost,
  StageWork,
} from "../../src/transaction/run-host.ts";
import { AT_WORK } from "../../src/transaction/shell/host-script.ts";
import type { VirtualClock, VirtualProcess } from "./virtual-clock.ts";

/** What the host has on disk about a run. */
interface PendingRun {
  readonly id: string;
  readonly record: TransactionRecord;
  readonly steps: Arming["steps"];
  readonly boot: number;
  next: { ledger?: Ledger | undefined; atBoot?: readonly string[] };
  isConfirmed: boolean;
  failed?: string;
}

/** How far a step has come, as the host notes it. */
type Word = "begun" | "done" | "undoing" | "undone" | "left";

/** What a restart loses of it. */
interface RunningRun {
  readonly progress: Map<number, Word>;
  /** Somebody has begun to roll it back. */
  isUnwanted: boolean;
  deadline: number;
}

/** How a change goes: how long it takes, and why it fails. */
export interface Making {
  readonly seconds?: number;
  readonly fails?: string;
  /** It takes effect although it fails. */
  readonly isMade?: boolean;
}

/** A script that holds the lock. */
interface Holder {
  isKilled: boolean;
  /** Interrupts whatever it is waiting for. */
  readonly killed: AbortController;
}

const LOCK_SECONDS = 30;
const BUSY: Answer = { result: "failed", output: AT_WORK };

export class MemoryMachine {
  readonly name: string;
  readonly resources = new Map<string, State>();
  readonly ledgers = new Map<string, Ledger>();
  /** What is restored at boot, by topology. */
  readonly atBoot = new Map<string, readonly string[]>();
  /** Actions, which leave nothing behind, by key. */
  readonly acted: string[] = [];
  /** The address where it can be logged in to. */
  address = "old";
  /** It answers nobody until then, in milliseconds. */
  deafUntil = 0;
  /** Why it cannot be armed. */
  refusal: Refusal | undefined;
  /** Judges every change before it is made. */
  judge: (change: Change, isUndo: boolean) => Making = () => ({});
  /** How much longer than usual the next change takes. */
  private delaySeconds = 0;
  /** Called after every change that was made. */
  onMade: (change: Change) => void = () => undefined;
  /** The open connections of its real servers. */
  open: (keys: readonly string[]) => readonly DestinationTraffic[] = () => [];
  private readonly process: VirtualProcess;
  private readonly isAction: (kind: string) => boolean;
  private boots = 0;
  private run: PendingRun | undefined;
  private running: RunningRun | undefined;
  private endTimer: (() => void) | undefined;
  private isTimerDead = false;
  private holder: Holder | undefined;
  private readonly waiting: AbortController[] = [];

  constructor(name: string, clock: VirtualClock, isAction: (kind: string) => boolean = () => false) {
    this.name = name;
    this.process = clock.process();
    this.isAction = isAction;
  }

  /** Puts things there without any run. */
  have({ resources, ledgers, atBoot }: Pick<MemoryMachine, "resources" | "ledgers" | "atBoot">): void {
    for (const [name, state] of resources) this.resources.set(name, state);
    for (const [topology, ledger] of ledgers) this.ledgers.set(topology, ledger);
    for (const [topology, steps] of atBoot) this.atBoot.set(topology, steps);
  }

  hears(address: string): boolean {
    return address === this.address && !this.isAway;
  }

  /** Whether it answers nobody at the moment. */
  get isAway(): boolean {
    return this.process.now() < this.deafUntil;
  }

  private isRollingBack = false;

  /** Whether its own rollback is going on, or a script that has the lock. */
  get isAtWork(): boolean {
    return this.isRollingBack || this.holder !== undefined;
  }

  /** Whether any part of a run is on it. */
  get isBusy(): boolean {
    return this.run !== undefined || this.endTimer !== undefined;
  }

  get doneSteps(): ReadonlySet<number> {
    const words = [...(this.running?.progress ?? [])];
    return new Set(words.filter(([, word]) => word === "done").map(([number]) => number));
  }

  get pending(): Pending | undefined {
    const { run } = this;
    if (!run) return undefined;
    const { id, record } = run;
    if (run.isConfirmed) return { id, record, state: "committed" };
    if (run.failed !== undefined) return { id, record, state: "stuck", output: run.failed };
    if (run.boot !== this.boots || !this.running) return { id, record, state: "restarted" };
    const secondsLeft = Math.ceil(this.running.deadline - this.seconds);
    return secondsLeft > 0 ? { id, record, state: "live", secondsLeft } : { id, record, state: "expired" };
  }

  async arm({ record, steps, before, others, after, atBoot }: Arming): Promise<ArmAnswer> {
    const refuse = (why: Refusal): ArmAnswer => ({ result: "refused", why, output: "" });
    return this.locked(async () => {
      if (this.run) return refuse("held");
      const read = [...others, ...(before ? [before] : [])].map(ledgerChecksum).sort();
      if (`${read}` !== `${[...this.ledgers.values()].map(ledgerChecksum).sort()}`) return refuse("changed");
      if (this.refusal) return refuse(this.refusal);
      const ledger = after.entries.length > 0 ? { ledger: after } : before ? { ledger: undefined } : {};
      const next = { ...ledger, atBoot: atBoot.map(({ what }) => what) };
      this.run = { id: record.id, record, steps, boot: this.boots, next, isConfirmed: false };
      this.running = { progress: new Map(), isUnwanted: false, deadline: this.seconds + record.confirmTimeoutSeconds };
      this.watch();
      return { result: "armed" };
    }, refuse("busy"));
  }

  async runStage({ id, confirmTimeoutSeconds }: RunOnHost, { steps, undoes }: StageWork): Promise<Answer> {
    return this.locked(async (holder) => {
      if (!this.isPending(id) || (!undoes && this.running?.isUnwanted)) return { result: "gone" };
      if (this.running && undoes) this.running.isUnwanted = true;
      if (!undoes && !this.running) return { result: "failed", output: "the host was restarted" };
      if (this.running) this.running.deadline = this.seconds + confirmTimeoutSeconds;
      this.turn(["done", "left"], "undoing", undoes ?? []);
      for (const [place, { step, number }] of steps.entries()) {
        if (number !== undefined) this.running?.progress.set(number, "begun");
        const failure = await this.make(step.makes, undoes !== undefined, holder);
        if (failure !== undefined) {
          // A script that is killed notes nothing any more.
          if (!holder.isKilled) this.turn(["begun", "undoing"], "left", undoes ?? []);
          return { result: "failed", output: failure, step: place };
        }
        if (number !== undefined) this.running?.progress.set(number, "done");
      }
      this.turn(["undoing"], "undone", undoes ?? []);
      return { result: "done" };
    }, BUSY);
  }

  renew({ id, confirmTimeoutSeconds }: RunOnHost): "renewed" | "gone" | "failed" {
    if (!this.isPending(id)) return "gone";
    if (!this.running) return "failed";
    this.running.deadline = this.seconds + confirmTimeoutSeconds;
    return "renewed";
  }

  async end(id: string, how: Ending): Promise<Answer> {
    return this.locked(async () => {
      if (this.run?.id !== id) return { result: "gone" };
      if (how === "finish") return this.run.isConfirmed ? this.finish() : { result: "gone" };
      if (!this.isPending(id)) return { result: "gone" };
      if (how === "undo") return this.undo();
      if (how === "forget" || how === "discard") return this.clean();
      if (this.running?.isUnwanted) return { result: "gone" };
      if (!this.running) return { result: "failed", output: "the host was restarted" };
      this.run.isConfirmed = true;
      return this.finish();
    }, BUSY);
  }

  async keep(run: RunOnHost, ledger: Ledger): Promise<Answer> {
    const written = await this.runStage(run, { steps: [] });
    if (written.result !== "done") return written;
    if (this.run) this.run.next = { ledger };
    return this.end(run.id, "confirm");
  }

  /** A restart: everything not on disk is lost, and a run loses its timer and its notes. */
  restart(isLasting: (name: string) => boolean): void {
    this.killStage();
    this.boots += 1;
    this.killTimer();
    this.running = undefined;
    for (const name of this.resources.keys()) if (!isLasting(name)) this.resources.delete(name);
  }

  /** Whether a run is left on it that it cannot end by itself: its rollback failed, or its timer is dead. */
  get needsHelp(): boolean {
    return this.run !== undefined && (this.run.failed !== undefined || this.isTimerDead);
  }

  /** The program that waits for the deadline dies. */
  killTimer(): void {
    this.stopTimer();
    this.isTimerDead = true;
  }

  private stopTimer(): void {
    this.endTimer?.();
    this.endTimer = undefined;
  }

  /** lvsctl and the timer die in the middle of a confirmation. */
  cutOffConfirmation(): void {
    this.killTimer();
    if (this.run) this.run.isConfirmed = true;
  }

  /** Makes the next change take that much longer. */
  delayNextChange(seconds: number): void {
    this.delaySeconds = seconds;
  }

  /** Kills the running stage, wherever it is. */
  killStage(): void {
    if (!this.holder) return;
    this.holder.isKilled = true;
    this.holder.killed.abort();
  }

  private get seconds(): number {
    return this.process.now() / 1000;
  }

  private isPending(id: string): boolean {
    return this.run?.id === id && !this.run.isConfirmed;
  }

  /** Runs `work` with the lock; whoever waits for the lock gets it in turn. */
  private async locked<T>(work: (holder: Holder) => Promise<T>, busy: T, seconds = LOCK_SECONDS): Promise<T> {
    const turn = new AbortController();
    const until = this.seconds + seconds;
    this.waiting.push(turn);
    if (this.holder || this.waiting[0] !== turn) await this.process.sleep(seconds * 1000, turn.signal);
    this.waiting.splice(this.waiting.indexOf(turn), 1);
    if (this.holder) return busy;
    if (this.seconds >= until) {
      this.waiting[0]?.abort(); // The lock is free for the next in line.
      return busy;
    }
    const holder: Holder = { isKilled: false, killed: new AbortController() };
    this.holder = holder;
    try {
      return await work(holder);
    } finally {
      this.holder = undefined;
      this.waiting[0]?.abort();
    }
  }

  /** Makes changes one after the other; returns the reason if one fails. */
  private async make(makes: readonly Change[], isUndo: boolean, holder: Holder): Promise<string | undefined> {
    for (const change of makes) {
      const { seconds: usual = 0, fails, isMade = fails === undefined } = this.judge(change, isUndo);
      const seconds = usual + this.delaySeconds;
      this.delaySeconds = 0;
      if (seconds > 0) await this.process.sleep(seconds * 1000, holder.killed.signal);
      if (holder.isKilled) return "killed";
      const failure = isMade ? this.change(change) : undefined;
      if (isMade) this.onMade(change);
      if (fails !== undefined || failure !== undefined) return fails ?? failure;
    }
    return undefined;
  }

  private change(change: Change): string | undefined {
    if (this.isAction(change.kind)) {
      this.acted.push(change.key);
      return undefined;
    }
    const name = identity(change);
    if (this.resources.has(name) !== (change.before !== undefined))
      return `${name}: ${change.before ? "No such thing" : "It exists"}`;
    if (change.after) this.resources.set(name, change.after);
    else this.resources.delete(name);
    return undefined;
  }

  private turn(from: readonly Word[], to: Word, numbers: readonly number[]): void {
    for (const number of numbers) {
      const word = this.running?.progress.get(number);
      if (word && from.includes(word)) this.running?.progress.set(number, to);
    }
  }

  /** Waits for the deadline, which may be moved. */
  private watch(): void {
    const { run } = this;
    this.stopTimer();
    this.isTimerDead = false;
    const look = () => {
      const left = (this.running?.deadline ?? 0) - this.seconds;
      // Whole milliseconds: a rounding error must not make the timer look again without any time having passed.
      if (left > 0) this.endTimer = this.process.after(Math.ceil(left * 1000), look);
      else void this.expire(run);
    };
    look();
  }

  private async expire(run: PendingRun | undefined): Promise<void> {
    const undo = async () => {
      if (run === undefined || this.run !== run || run.isConfirmed) return true;
      if ((this.running?.deadline ?? 0) > this.seconds) {
        this.watch();
        return true;
      }
      this.endTimer = undefined;
      await this.undo();
      return true;
    };
    if (await this.locked(undo, false, 15)) return;
    this.killStage();
    await this.locked(undo, false, 15);
  }

  private async undo(): Promise<Answer> {
    const { run } = this;
    if (!run) return { result: "gone" };
    this.isRollingBack = true;
    if (this.running) this.running.isUnwanted = true;
    const failures: string[] = [];
    for (const { number, undo, outlivesRestart } of [...run.steps].reverse()) {
      const word = this.running ? this.running.progress.get(number) : "restarted";
      if (word === undefined || word === "undone" || (word === "restarted" && !outlivesRestart)) continue;
      for (const { makes } of undo) {
        const failure = await this.make(makes, true, { isKilled: false, killed: new AbortController() });
        if (failure !== undefined && (word === "done" || word === "left")) failures.push(failure);
      }
      this.running?.progress.set(number, "undone");
    }
    this.isRollingBack = false;
    if (failures.length === 0) return this.clean();
    run.failed = failures.join("\n");
    this.stopTimer();
    return { result: "failed", output: run.failed };
  }

  private finish(): Answer {
    const { run } = this;
    if (!run) return { result: "gone" };
    const { topology } = run.record;
    if ("ledger" in run.next) {
      if (run.next.ledger) this.ledgers.set(topology, run.next.ledger);
      else this.ledgers.delete(topology);
    }
    if (run.next.atBoot) this.atBoot.set(topology, run.next.atBoot);
    return this.clean();
  }

  private clean(): Answer {
    this.stopTimer();
    this.run = undefined;
    this.running = undefined;
    return { result: "done" };
  }
}
