/**
 * Hosts without machines, with lvsctl at work on them: what apply, destroy, confirm and rollback do once the hosts have been
 * read, over in-memory hosts and on a virtual clock. Faults are specified call by call.
 */
import { exclusively, type ReadHosts } from "../../src/app/exclusive.ts";
import { confirmOn, rollBackOn } from "../../src/app/pending.ts";
import { type RunFlags, type RunView, showAskAndRun } from "../../src/app/run.ts";
import { verifyRun } from "../../src/app/verify-run.ts";
import { concludeApply } from "../../src/cli/changing.ts";
import { runWords } from "../../src/cli/run-interrupt.ts";
import type { DesiredResource } from "../../src/compile/desired-state.ts";
import { exitCode } from "../../src/errors/exit-code.ts";
import { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import type { KnownHost } from "../../src/ledger/known-host.ts";
import { judgedPlan } from "../../src/plan/judged-plan.ts";
import type { ApplyResult } from "../../src/report/apply-json.ts";
import { formatError } from "../../src/report/error-text.ts";
import type { Output } from "../../src/report/output.ts";
import { kinds } from "../../src/resources/kinds.ts";
import type { EndedRun } from "../../src/transaction/ended-run.ts";
import type { RunResult } from "../../src/transaction/run-result.ts";
import type { Verification } from "../../src/verify/verification.ts";
import { type Call, type Fault, MemoryHost } from "./memory-host.ts";
import { MemoryMachine } from "./memory-machine.ts";
import { VirtualClock } from "./virtual-clock.ts";

export const TOPOLOGY = "demo";

/** What a topology asks of each host. */
export type Desired = Readonly<Record<string, readonly DesiredResource[]>>;

export type Command = "apply" | "destroy" | "confirm" | "rollback";

export interface CommandOptions extends Omit<RunFlags, "machine" | "signal"> {
  readonly faultIn?: (call: Call) => Fault | undefined;
  /** Whether it can be verified at all; throws if not. */
  readonly canCheck?: () => Promise<void>;
  /** With --atomic: the result of verification. */
  readonly isGood?: () => Promise<boolean>;
  /** What verifies the run once it is made; without it, nothing does. */
  readonly verify?: () => Promise<Verification>;
  readonly confirmAt?: Readonly<Record<string, string>>;
  /** What the ledgers are to know of hosts; without it, there is no file that would name any. */
  readonly knownHosts?: readonly KnownHost[];
}

/** How a command ended. */
export interface End {
  /** Undefined: it died. */
  readonly exit: number | undefined;
  /** What it printed, without line breaks. */
  readonly text: string;
  readonly run?: RunResult;
}

/** How a command ended, before it becomes exit code and text. */
type Outcome = ApplyResult | { readonly ended: EndedRun } | { readonly error: LvsctlError } | { readonly died: true };

/** A command that is running. */
export interface Running {
  readonly outcome: Promise<Outcome>;
  /** All of its calls so far, in order. */
  readonly calls: readonly Call[];
  /** Returns what is printed. */
  interrupt(): string;
  /** A second interrupt: what is printed, and whether lvsctl leaves at once. */
  interruptAgain(): { readonly text: string; readonly leaves: boolean };
  kill(): void;
}

const PAPER: Output = {
  width: 100,
  isTerminal: false,
  write: () => undefined,
  paint: (_style, text) => text,
  showActivity: () => undefined,
  announce: () => undefined,
  lend: () => () => undefined,
};

/** What its user has typed. */
const GIVEN = { file: "demo.yaml" };

const SETTLING_MS = 15 * 60_000;

export class World {
  readonly clock: VirtualClock;
  readonly machines: ReadonlyMap<string, MemoryMachine>;
  private ids = 0;

  constructor(hosts: readonly string[], clock = new VirtualClock()) {
    this.clock = clock;
    const isAction = (kind: string) => kinds.get(kind)?.action === true;
    this.machines = new Map(hosts.map((host) => [host, new MemoryMachine(host, this.clock, isAction)]));
  }

  /** Hosts in the same state as those of another world, a minute later; nothing is under way on them. */
  static like(other: World): World {
    const world = new World([...other.machines.keys()], new VirtualClock(other.clock.now() + 60_000));
    world.ids = other.ids;
    for (const [host, { resources, ledgers, atBoot }] of other.machines)
      world.machine(host).have({ resources, ledgers, atBoot });
    return world;
  }

  machine(host: string): MemoryMachine {
    const machine = this.machines.get(host);
    if (!machine) throw new RangeError(`no host ${host}`);
    return machine;
  }

  /** Starts a command. It reads the hosts at once. */
  start(command: Command, desired: Desired, options: CommandOptions = {}): Running {
    const process = this.clock.process();
    const interrupt = new AbortController();
    const { words, onMoment } = runWords({ confirmTimeoutSeconds: 60, given: {}, ...options });
    const { faultIn, confirmAt = {}, ...flags } = options;
    const calls: Call[] = [];
    const hosts = [...this.machines].map(([name, machine]) => {
      const place = confirmAt[name];
      return new MemoryHost({
        machine,
        process,
        topology: TOPOLOGY,
        wanted: desired[name] ?? [],
        faultIn: (call) => {
          calls.push(call);
          return faultIn?.(call);
        },
        ...(place === undefined ? {} : { confirmAt: place }),
      });
    });
    const randomHex = (bytes: number) => String(++this.ids).padStart(bytes * 2, "0");
    const all = { ...flags, signal: interrupt.signal, onMoment, machine: { clock: process, randomHex } };
    const died = new Promise<Outcome>((resolve) => process.whenDead(() => resolve({ died: true })));
    return {
      outcome: Promise.race([work(command, desired, readHosts(hosts), all), died]),
      calls,
      interrupt: () => {
        const text = words.first();
        interrupt.abort(new LvsctlError("LVS-CONNECT-022", "Interrupted."));
        return text;
      },
      interruptAgain: words.again,
      kill: () => process.kill(),
    };
  }

  /** Runs a command until it ends or dies. */
  async do(command: Command, desired: Desired, options: CommandOptions = {}): Promise<End> {
    return this.wait(this.start(command, desired, options));
  }

  async wait(running: Running): Promise<End> {
    return report(await this.clock.until(running.outcome));
  }

  /** Nothing goes wrong on any host from now on. */
  mend(): void {
    for (const machine of this.machines.values()) {
      machine.judge = () => ({});
      machine.deafUntil = 0;
    }
  }

  /** Lets the hosts' timers finish. */
  async settle(): Promise<void> {
    await this.clock.pass(SETTLING_MS);
  }

  /** Everything on a host that a run can change, as text for comparison. */
  stateOf(host: string): string {
    const { resources, ledgers, atBoot } = this.machine(host);
    const sorted = [...resources].sort(([one], [other]) => (one < other ? -1 : 1));
    return JSON.stringify([sorted, [...ledgers.values()].map(({ entries }) => entries), [...atBoot]], undefined, 1);
  }

  states(): readonly string[] {
    return [...this.machines.keys()].map((host) => this.stateOf(host));
  }
}

async function work(
  command: Command,
  desired: Desired,
  hosts: ReadHosts,
  flags: RunFlags & Pick<CommandOptions, "canCheck" | "isGood" | "verify" | "knownHosts">,
): Promise<Outcome> {
  try {
    if (command === "confirm") return { ended: await confirmOn(hosts, flags) };
    if (command === "rollback") return { ended: await rollBackOn(hosts, flags, YES) };
    const wanted = new Map(command === "apply" ? Object.entries(desired) : []);
    const { canCheck, isGood, verify, knownHosts } = flags;
    const run = await exclusively(hosts, YES, flags, () => {
      const judged = judgedPlan({ topology: TOPOLOGY, hosts: wanted }, hosts.states, kinds, {});
      const plan = knownHosts ? { ...judged, knownHosts } : judged;
      const request = { command, question: "", ...(canCheck ? { canCheck } : {}), ...(isGood ? { isGood } : {}) };
      return showAskAndRun(plan, hosts, YES, request, flags);
    });
    return verify ? await verifyRun(run, flags, verify) : { run };
  } catch (error) {
    if (!(error instanceof LvsctlError)) throw error;
    return { error };
  }
}

/** Exit code and text, as the command line reports them. */
async function report(outcome: Outcome): Promise<End> {
  if ("died" in outcome) return { exit: undefined, text: "" };
  if ("error" in outcome) return { exit: outcome.error.exit, text: oneLine(formatError(outcome.error, PAPER)) };
  if ("ended" in outcome) {
    const { failures } = outcome.ended;
    const text = failures.map((failure) => formatError(failure, PAPER)).join("");
    return { exit: failures.length === 0 ? exitCode.ok : exitCode.error, text: oneLine(text) };
  }
  let text = "";
  const write = (more: string) => {
    text += more;
  };
  const exit = await concludeApply(outcome, GIVEN, { ...PAPER, write });
  return { exit, text: oneLine(text), run: outcome.run };
}

function readHosts(hosts: readonly MemoryHost[]): ReadHosts {
  return {
    byHost: new Map(hosts.map((host) => [host.host, host])),
    get states() {
      return new Map(hosts.map((host) => [host.host, host.state]));
    },
    refresh: async () => {
      await Promise.all(hosts.map((host) => host.refresh()));
    },
  };
}

/** A user who sees nothing and agrees to everything. */
const YES: RunView = {
  showPlan: () => false,
  showPending: () => undefined,
  confirm: async () => true,
  watchRun: () => ({ onEvent: () => undefined, end: async () => undefined }),
};

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
