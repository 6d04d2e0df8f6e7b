/** One lvsctl's view of a host without a machine: a connection to it that breaks on demand. */
import { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import type { Pending } from "../../src/ledger/pending.ts";
import type { HostState } from "../../src/plan/host-state.ts";
import { file } from "../../src/resources/file.ts";
import { identity, type Observed, type State } from "../../src/resources/resource.ts";
import type {
  Answer,
  ArmAnswer,
  Arming,
  DestinationTraffic,
  Ending,
  KnownState,
  RunHost,
  RunOnHost,
  StageWork,
} from "../../src/transaction/run-host.ts";
import type { MemoryMachine } from "./memory-machine.ts";
import type { VirtualProcess } from "./virtual-clock.ts";

/** What lvsctl asks of a host; each kind of call has a name. */
export const callNames = [
  ...(["refresh", "arm", "stage", "roll back", "renew", "confirm", "undo", "forget", "finish", "keep"] as const),
  ...(["done steps", "pending", "observe", "traffic", "reconnect"] as const),
];
export type CallName = (typeof callNames)[number];

export interface Call {
  readonly host: string;
  readonly name: CallName;
  /** The number of this call among those of its name on this host, from 1. */
  readonly count: number;
}

/**
 * What goes wrong in a call. `before`: it never takes effect. `after`: it does, and its answer is lost. `during`: the
 * connection breaks, and the host goes on with it. `hangs`: no answer comes until the call's time is over. `dies`: lvsctl dies
 * at that moment.
 */
export const faults = [
  ...(["fails", "late", "lost before", "lost during", "lost after", "hangs before", "hangs after"] as const),
  ...(["odd before", "odd after", "undefined", "dies before", "dies after"] as const),
];
export type Fault = (typeof faults)[number];

export interface MemoryHostOptions {
  readonly machine: MemoryMachine;
  /** The process of the lvsctl that uses this host. */
  readonly process: VirtualProcess;
  readonly topology: string;
  /** What to look for besides what the ledger records. */
  readonly wanted: readonly KnownState[];
  /** Where the host is after the run, if it moves. */
  readonly confirmAt?: string;
  readonly faultIn?: (call: Call) => Fault | undefined;
}

const COMMAND_SECONDS = 60;
const LOGIN_SECONDS = 10;
const LATE_SECONDS = 25;
const GOES_ON_SECONDS = 4;
const NEVER = new Promise<never>(() => undefined);

export class MemoryHost implements RunHost {
  readonly host: string;
  readonly calls: Call[] = [];
  private readonly options: MemoryHostOptions;
  private known: HostState;
  /** The address it is logged in at; a broken connection stays here until it is given up. */
  private connection: { readonly address: string; isBroken: boolean } | undefined;
  private hasMoved = false;

  constructor(options: MemoryHostOptions) {
    this.options = options;
    this.host = options.machine.name;
    this.connection = { address: options.machine.address, isBroken: false };
    this.known = this.look();
  }

  get state(): HostState {
    return this.known;
  }

  get isMoving(): boolean {
    return this.options.confirmAt !== undefined;
  }

  async refresh(): Promise<void> {
    await this.ask("refresh", notUnderstood, () => {
      this.known = this.look();
    });
  }

  arm(arming: Arming): Promise<ArmAnswer> {
    const refused: ArmAnswer = { result: "refused", why: "no-room", output: "No space left on device" };
    return this.ask(
      "arm",
      () => refused,
      () => this.options.machine.arm(arming),
    );
  }

  run(run: RunOnHost, work: StageWork, limitMs: number): Promise<Answer> {
    const name = work.undoes ? "roll back" : "stage";
    return this.ask(name, failed, () => this.options.machine.runStage(run, work), limitMs / 1000);
  }

  renew(run: RunOnHost): Promise<"renewed" | "gone" | "failed"> {
    return this.ask(
      "renew",
      () => "failed",
      () => this.options.machine.renew(run),
    );
  }

  end(id: string, how: Ending): Promise<Answer> {
    return this.ask(how === "discard" ? "forget" : how, failed, () => this.options.machine.end(id, how));
  }

  keep(run: RunOnHost, ledger: Ledger): Promise<Answer> {
    return this.ask("keep", failed, () => this.options.machine.keep(run, ledger));
  }

  doneSteps(): Promise<ReadonlySet<number>> {
    return this.ask("done steps", notUnderstood, () => this.options.machine.doneSteps);
  }

  pending(): Promise<Pending | undefined> {
    return this.ask("pending", notUnderstood, () => this.options.machine.pending);
  }

  observe(resources: readonly KnownState[]): Promise<ReadonlyMap<string, Observed>> {
    return this.ask("observe", notUnderstood, () => this.observed(resources));
  }

  traffic(keys: readonly string[]): Promise<readonly DestinationTraffic[]> {
    return this.ask("traffic", notUnderstood, () => this.options.machine.open(keys));
  }

  async reconnect(): Promise<void> {
    this.hasMoved = true;
    const { confirmAt = "old" } = this.options;
    const address = this.connection && !this.isMoving ? this.connection.address : confirmAt;
    const next = await this.faulty("reconnect", failedLogin, () => this.logIn(address), LOGIN_SECONDS);
    this.connection = next;
  }

  async abandon(): Promise<void> {
    this.connection = undefined;
  }

  private async ask<T>(
    name: CallName,
    failure: (host: string) => T,
    work: () => T | Promise<T>,
    limitSeconds = COMMAND_SECONDS,
  ): Promise<T> {
    const { machine } = this.options;
    return this.faulty(
      name,
      failure,
      async () => {
        const connection = await this.connected();
        const isHeard = () => machine.hears(connection.address) && !connection.isBroken;
        if (!isHeard()) return this.lose(connection, limitSeconds);
        const answer = await work();
        return isHeard() ? answer : this.lose(connection, limitSeconds);
      },
      limitSeconds,
    );
  }

  /** Makes a call, with its fault. */
  private async faulty<T>(
    name: CallName,
    failure: (host: string) => T,
    work: () => Promise<T>,
    limitSeconds: number,
  ): Promise<T> {
    const { process, faultIn } = this.options;
    if (process.isDead) return NEVER;
    const call = { host: this.host, name, count: this.calls.filter((one) => one.name === name).length + 1 };
    this.calls.push(call);
    const fault = faultIn?.(call);
    if (fault?.endsWith("after")) await within(work(), process, limitSeconds).catch(() => undefined);
    switch (fault) {
      case "fails":
        return failure(this.host);
      case "lost during":
        this.options.machine.delayNextChange(GOES_ON_SECONDS);
        void within(work(), process, limitSeconds).catch(() => undefined);
        return this.lose(this.connection, 1);
      case "lost before":
      case "lost after":
        return this.lose(this.connection, 1);
      case "hangs before":
      case "hangs after":
        return this.lose(undefined, limitSeconds);
      case "odd before":
      case "odd after":
        throw new Error("Not connected");
      case "undefined":
        throw undefined;
      case "dies before":
      case "dies after":
        process.kill();
        return NEVER;
      case "late":
        await process.sleep(LATE_SECONDS * 1000);
    }
    const answer = await within(work(), process, limitSeconds);
    if (process.isDead) return NEVER;
    if (answer.isLate) this.options.machine.killStage();
    return answer.isLate ? this.lose(undefined, 0) : answer.value;
  }

  /** Gets no answer for this long; then the call fails, and so does everything that uses the connection afterwards. */
  private async lose(connection: { isBroken: boolean } | undefined, seconds: number): Promise<never> {
    await this.options.process.sleep(seconds * 1000);
    if (connection) connection.isBroken = true;
    const code = connection ? "LVS-CONNECT-013" : "LVS-CONNECT-019";
    throw new LvsctlError(code, `The connection to ${this.host} was lost.`, { host: this.host });
  }

  private async connected() {
    if (this.connection) return this.connection;
    const { confirmAt } = this.options;
    const isThere = confirmAt !== undefined && this.hasMoved && this.options.machine.hears(confirmAt);
    this.connection = await this.logIn(isThere ? confirmAt : "old");
    return this.connection;
  }

  private async logIn(address: string) {
    const { machine, process } = this.options;
    if (machine.hears(address)) return { address, isBroken: false };
    await process.sleep(LOGIN_SECONDS * 1000);
    throw new LvsctlError("LVS-CONNECT-003", `${this.host} does not answer.`, { host: this.host });
  }

  private look(): HostState {
    const { machine, topology, wanted } = this.options;
    const ledger = machine.ledgers.get(topology);
    const others = [...machine.ledgers.values()].filter((one) => one !== ledger);
    const observed = this.observed([...wanted, ...(ledger?.entries ?? [])]);
    const { pending } = machine;
    return { host: this.host, observed, ledger, others, ...(pending ? { pending } : {}) };
  }

  private observed(resources: readonly Pick<KnownState, "kind" | "key">[]): ReadonlyMap<string, Observed> {
    const found = new Map<string, { states: Map<string, State>; detail: unknown }>();
    for (const { kind, key } of resources) {
      const { states } = found.get(kind) ?? { states: new Map() };
      const state = this.options.machine.resources.get(identity({ kind, key }));
      if (state) states.set(key, state);
      found.set(kind, { states, detail: kind === "file" ? file.bare().detail : undefined });
    }
    return found;
  }
}

async function within<T>(
  work: Promise<T>,
  process: VirtualProcess,
  seconds: number,
): Promise<{ readonly isLate: true } | { readonly isLate: false; readonly value: T }> {
  const isOver = new AbortController();
  const late = process.sleep(seconds * 1000, isOver.signal).then(() => ({ isLate: true }) as const);
  try {
    return await Promise.race([work.then((value) => ({ isLate: false, value }) as const), late]);
  } finally {
    isOver.abort();
  }
}

function failed(): Answer {
  return { result: "failed", output: "out of order" };
}

function notUnderstood(host: string): never {
  throw new LvsctlError("LVS-FACT-001", `${host} answers something else.`, { host });
}

function failedLogin(host: string): never {
  throw new LvsctlError("LVS-CONNECT-011", `${host} lets nobody in.`, { host });
}
