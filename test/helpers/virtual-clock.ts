import type { Clock } from "../../src/machine/machine.ts";

interface Timer {
  readonly at: number;
  readonly process: VirtualProcess;
  fire(): void;
}

interface PendingTimer extends Timer {
  /** Who waits for it, as a stack; only known when it seems that there is no end. */
  readonly waiter: string | undefined;
}

/** No test takes longer than this, whatever it waits for. */
const LONGEST_MS = 48 * 3_600_000;

/** Nor is there one in which so much happens: those with the most have about 5,000 events. */
const MOST_EVENTS = 20_000;

/** In the last of them, whoever waits is noted. */
const LAST_EVENTS = 100;

/**
 * Time stands still while anything can run, and jumps to the next event once everything is waiting: hours pass in
 * milliseconds, and always in the same order. A test may wait only for this clock and for promises.
 */
export class VirtualClock {
  private time: number;
  private timers: PendingTimer[] = [];
  private events = 0;

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
    const isLate = this.events > MOST_EVENTS - LAST_EVENTS;
    const pending = { ...timer, waiter: isLate ? callers() : undefined };
    this.timers.push(pending);
    return () => this.remove((one) => one === pending);
  }

  remove(isMeant: (timer: Timer) => boolean): void {
    this.timers = this.timers.filter((timer) => !isMeant(timer));
  }

  private step(): boolean {
    const [first, ...others] = this.timers;
    if (first === undefined) return false;
    const next = others.reduce((one, other) => (other.at < one.at ? other : one), first);
    if (next.at > LONGEST_MS) throw new Error("after 48 hours it still goes on");
    this.events += 1;
    if (this.events > MOST_EVENTS) {
      const waiters = new Set(this.timers.flatMap(({ waiter }) => waiter ?? []));
      throw new Error(
        `after ${MOST_EVENTS} events it still goes on; at its end these wait:\n${[...waiters].join("\n\n")}`,
      );
    }
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

function callers(): string {
  const frames = new Error().stack?.split("\n").slice(1) ?? [];
  return frames.filter((frame) => !/virtual-clock\.ts|node_modules|<anonymous>/.test(frame)).join("\n");
}
