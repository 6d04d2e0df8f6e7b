import type { Clock } from "../../src/machine/machine.ts";

interface Timer {
  readonly at: number;
  readonly process: VirtualProcess;
  fire(): void;
}

/** No test takes longer than this, whatever it waits for. */
const LONGEST_MS = 48 * 3_600_000;

/**
 * Time stands still while anything can run, and jumps to the next event once everything is waiting: hours pass in
 * milliseconds, and always in the same order. A test may wait only for this clock and for promises.
 */
export class VirtualClock {
  private time: number;
  private timers: Timer[] = [];

  constructor(startMs = 0) {
    this.time = startMs;
  }

  now(): number {
    return this.time;
  }

  /** The clock as one process sees it; killing the process ends its timers. */
  process(): VirtualProcess {
    return new VirtualProcess(this);
  }

  /** Lets time pass until `work` has ended. Throws if it waits for something that will never happen. */
  async until<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    work.then(over, over);
    for (;;) {
      await everybodyWaits();
      if (isOver) return work;
      if (!this.step()) throw new Error(`at ${this.time / 1000} s everything waits, and nothing will happen any more`);
    }
  }

  /** Lets this much time pass, with everything that happens in it. */
  async pass(milliseconds: number): Promise<void> {
    await this.until(this.process().sleep(milliseconds));
    await everybodyWaits();
  }

  add(timer: Timer): () => void {
    this.timers.push(timer);
    return () => this.remove((one) => one === timer);
  }

  remove(isMeant: (timer: Timer) => boolean): void {
    this.timers = this.timers.filter((timer) => !isMeant(timer));
  }

  private step(): boolean {
    const [first, ...others] = this.timers;
    if (first === undefined) return false;
    const next = others.reduce((one, other) => (other.at < one.at ? other : one), first);
    if (next.at > LONGEST_MS) throw new Error("after 48 hours it still goes on");
    this.remove((timer) => timer === next);
    this.time = Math.max(this.time, next.at);
    next.fire();
    return true;
  }
}

export class VirtualProcess implements Clock {
  private readonly clock: VirtualClock;
  isDead = false;
  private readonly deathWatch: (() => void)[] = [];

  constructor(clock: VirtualClock) {
    this.clock = clock;
  }

  /** From now on nothing that the process waits for happens. */
  kill(): void {
    this.isDead = true;
    this.clock.remove(({ process }) => process === this);
    for (const tell of this.deathWatch) tell();
  }

  whenDead(tell: () => void): void {
    this.deathWatch.push(tell);
  }

  now(): number {
    return this.clock.now();
  }

  date(): Date {
    return new Date(Date.UTC(2026, 10, 20, 12) + this.now());
  }

  /** Calls `fire` once; returns a function that cancels it. */
  after(milliseconds: number, fire: () => void): () => void {
    return this.isDead ? () => undefined : this.clock.add({ at: this.now() + milliseconds, process: this, fire });
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        callOff();
        signal?.removeEventListener("abort", end);
        resolve();
      };
      const callOff = this.after(milliseconds, end);
      signal?.addEventListener("abort", end);
    });
  }

  every(milliseconds: number, work: () => void): () => void {
    let callOff = () => {};
    const again = () => {
      callOff = this.after(milliseconds, () => {
        again();
        work();
      });
    };
    again();
    return () => callOff();
  }
}

/** Resolves once every promise that can make progress has done so. */
function everybodyWaits(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
