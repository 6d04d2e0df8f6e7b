import type { Clock } from "../../src/machine/machine.ts";

interface Timer {
  readonly at: number;
  readonly process: VirtualProcess;
  fire(): void;
}

/** No test takes longer, whatever it waits for. */
const LONGEST_MS = 48 * 3_600_000;

/**
 * Time that stands still while anything can go on, and jumps to what happens next once everything is waiting: hours pass in
 * milliseconds, and always in the same order. What a test does must wait for this clock or for promises, and nothing else.
 */
export class VirtualClock {
  private time = 0;
  private timers: Timer[] = [];

  now(): number {
    return this.time;
  }

  /** The clock as one process has it; what it waits for ends with it. */
  process(): VirtualProcess {
    return new VirtualProcess(this);
  }

  /** Lets time pass until `work` has ended. Throws when it waits for what will never happen. */
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

  /** Lets so much time pass, and all happen that happens in it. */
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

  /** Nothing that the process waits for happens any more. */
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

  /** Calls `fire` once; returns what calls it off. */
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

/** All promises that can go on have done so. */
function everybodyWaits(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
