/** One host of a run, from the moment that it is armed until the run is confirmed or taken back on it. */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { formatLedger, type Ledger } from "../ledger/ledger.ts";
import {
  parsePending,
  type RecordedChange,
  readPending,
  readProgress,
  type TransactionRecord,
} from "../ledger/pending.ts";
import { inverse, type ResourceKind, type Step } from "../resources/resource.ts";
import { raw, type ShellCommand, sh } from "../shell/quote.ts";
import { type ArmScript, formatArmScript, parseArm } from "./arm-script.ts";
import { GONE, SCRIPT_FILE, type Verb } from "./host-script.ts";
import type { HostSession } from "./host-session.ts";
import { observe } from "./observe.ts";
import { pendingErrors } from "./pending-errors.ts";
import { stepsOf } from "./phases.ts";
import { formatRenewal, formatStageScript, parseStageOutput, type StageScript } from "./stage-script.ts";
import { stepFailure } from "./step-failure.ts";

export interface RunLimits {
  readonly kinds: ReadonlyMap<string, ResourceKind>;
  readonly confirmTimeoutSeconds: number;
  /** How long one stage may take on a host. */
  readonly stepTimeoutSeconds: number;
}

/** A command of the transaction itself; these are quick. */
const COMMAND_TIMEOUT_MS = 60_000;

const DONE_LOOKS = 5;
const DONE_LOOK_MS = 1_000;

export class ArmedHost {
  readonly session: HostSession;
  private readonly record: Pick<TransactionRecord, "id" | "topology">;
  private readonly limits: RunLimits;
  /** When the host was last told that lvsctl is there, in milliseconds of `performance.now()`. */
  private told = performance.now();
  private isRenewing = false;

  constructor(session: HostSession, record: Pick<TransactionRecord, "id" | "topology">, limits: RunLimits) {
    this.session = session;
    this.record = record;
    this.limits = limits;
  }

  get host(): string {
    return this.session.host;
  }

  get millisecondsSinceTold(): number {
    return performance.now() - this.told;
  }

  /**
   * Locks the host and starts its timer. Throws LVS-LOCK-001 and -003 when another run is pending there, -002 when another
   * has ended there since the host was read, -004 when it has no means for a timer or no room; it is unchanged then.
   */
  async arm(script: Omit<ArmScript, "others">): Promise<void> {
    const transport = await this.session.transport();
    this.told = performance.now();
    const { others = [] } = this.session.state;
    const text = formatArmScript({ ...script, others });
    const { stdout, stderr } = await transport.run(text, { timeoutMs: COMMAND_TIMEOUT_MS });
    const answer = parseArm(stdout);
    if (answer === "armed") return;
    const { host } = this;
    if (answer === "held") {
      const pending = parsePending(await transport.read([readPending]));
      throw (pending && pendingErrors([{ host, pending }])[0]) ?? changedError(host);
    }
    if (answer === "changed") throw changedError(host);
    throw new LvsctlError("LVS-LOCK-004", `${host} cannot take a run back by itself: ${reasons[answer ?? "failed"]}.`, {
      host,
      output: stderr.trim().slice(-2_000),
      hint:
        answer === undefined ? "See whether /var/lib and /run there can be written to, and have room." : hints[answer],
    });
  }

  /** Makes changes. Throws LVS-STEP-001 at the first that fails, LVS-LOCK-005 when the host has taken the run back. */
  async run(changes: readonly RecordedChange[], steps: StageScript["steps"]): Promise<void> {
    try {
      await this.runStage(changes, { steps });
    } catch (error) {
      const isLost = error instanceof LvsctlError && error.code.startsWith("LVS-CONNECT");
      if (!isLost || !this.session.isMoving) throw error;
      await this.session.reconnect();
      if (!(await this.isDone(steps))) throw error;
      await this.tellAlive();
    }
  }

  /**
   * Takes changes back, the last one first, as far as the host is not as it was before. `numbers`: their steps, as the
   * host's own undo knows them. A host that has taken the run back by itself is as it was before.
   */
  async takeBack(changes: readonly RecordedChange[], numbers: readonly number[]): Promise<void> {
    const { kinds } = this.limits;
    const { topology } = this.record;
    const states = changes.flatMap(({ kind, key, before, after, isAction }) => {
      const state = after ?? before;
      return state && !isAction ? [{ kind, key, state }] : [];
    });
    const observed = await observe(await this.session.transport(), states, topology, kinds);
    const undo = [...changes].reverse().flatMap((change) => {
      const kind = kinds.get(change.kind);
      if (!kind || change.isAction) return [];
      const actual = observed.get(change.kind)?.states.get(change.key);
      const isAsBefore =
        actual && change.before ? kind.diff(actual, change.before).length === 0 : actual === change.before;
      return isAsBefore ? [] : [{ ...change, ...inverse(kind, { ...change, after: actual }) }];
    });
    const steps = stepsOf(undo, observed, kinds, { topology, host: this.host }).map((step) => ({ step }));
    await unlessGone(this.runStage(undo, { steps, undoes: numbers }));
  }

  /**
   * Logs in anew, and asks for more time where it may be short, so that every host is known to be there, and to have the
   * run still, before the first is confirmed. Throws LVS-CONNECT-… errors, and LVS-LOCK-005 when the host has taken the run back.
   */
  async prepare(): Promise<void> {
    await this.session.reconnect();
    const half = (this.limits.confirmTimeoutSeconds * 1000) / 2;
    if (this.millisecondsSinceTold > half) await this.tellAlive(); // Before that its time cannot be over.
  }

  /** Makes the run the host's state: nothing takes it back any more. Throws LVS-LOCK-005 when that has happened already. */
  async confirm(): Promise<void> {
    await this.command("confirm");
  }

  /** Ends the transaction as if nothing had been done in it. */
  async forget(): Promise<void> {
    await unlessGone(this.command("forget"));
  }

  /** Has the host take back by its own script what is left of the run, such as a step that broke off, and end it. */
  async undo(): Promise<void> {
    await unlessGone(this.command("undo"));
  }

  /** Goes on with a confirmation that was cut off after the run had become the host's state. */
  async finish(): Promise<void> {
    await this.command("finish");
  }

  /** Ends the transaction and leaves the host as it is, with a ledger that accounts for it. */
  async keep(ledger: Ledger): Promise<void> {
    const write = sh`umask 077; printf %s ${formatLedger(ledger)} >"$T/ledger.next"; rm -f "$T/ledger.gone" "$T/restore.next" "$T/restore.gone"`;
    await this.runStage([], { steps: [{ step: { makes: [], script: write } }] });
    await this.command("confirm");
  }

  /** Moves the host's deadline, without an answer when it cannot be reached. */
  async renew(): Promise<void> {
    if (this.isRenewing) return; // A host that is slow must not be asked again and again meanwhile.
    this.isRenewing = true;
    try {
      await this.tellAlive();
    } catch (error) {
      if (!(error instanceof LvsctlError)) throw error;
    } finally {
      this.isRenewing = false;
    }
  }

  private async tellAlive(): Promise<void> {
    const at = performance.now();
    const transport = await this.session.transport();
    const script = formatRenewal(this.record.id, this.limits.confirmTimeoutSeconds);
    const { status } = await transport.run(script, { timeoutMs: COMMAND_TIMEOUT_MS });
    if (status === GONE) throw goneError(this.host);
    if (status === 0) this.told = at;
  }

  private async command(verb: Verb): Promise<void> {
    const transport = await this.session.transport();
    const text = sh`[ -e ${SCRIPT_FILE} ] || exit ${GONE}\nexec sh ${SCRIPT_FILE} ${raw(verb as ShellCommand)}\n`;
    const { status, stderr } = await transport.run(text, { timeoutMs: COMMAND_TIMEOUT_MS });
    if (status === GONE) throw goneError(this.host);
    if (status !== 0)
      throw stepFailure(this.host, [], [], { output: stderr.trim(), status }, `ending the run (${verb})`);
  }

  /** Whether the host, asked where it is to be found now, says that it has done these steps. */
  private async isDone(steps: StageScript["steps"]): Promise<boolean> {
    const transport = await this.session.transport();
    for (let looks = 0; looks < DONE_LOOKS; looks += 1) {
      const { stdout = "" } = (await transport.read([readProgress])).get(readProgress.name) ?? {};
      const words = new Map(stdout.split("\n").map((line) => line.split(" ", 2) as [string, string]));
      if (steps.every(({ number }) => words.get(String(number)) === "done")) return true;
      await sleep(DONE_LOOK_MS);
    }
    return false;
  }

  private async runStage(
    changes: readonly RecordedChange[],
    script: Pick<StageScript, "steps" | "undoes">,
  ): Promise<void> {
    const { confirmTimeoutSeconds, stepTimeoutSeconds } = this.limits;
    const nonce = randomBytes(12).toString("hex");
    const text = formatStageScript({ ...script, id: this.record.id, confirmTimeoutSeconds }, nonce);
    const transport = await this.session.transport();
    this.told = performance.now();
    // The answer of a host that moves may never come: time must be left to ask it where it then is.
    const seconds = this.session.isMoving
      ? Math.min(stepTimeoutSeconds, confirmTimeoutSeconds / 2)
      : stepTimeoutSeconds;
    const { stdout, stderr, status } = await transport.run(text, { timeoutMs: seconds * 1000 });
    const progress = parseStageOutput(stdout, stderr, nonce);
    if (progress.isGone) throw goneError(this.host);
    const steps: readonly Step[] = script.steps.map(({ step }) => step);
    if (!progress.isComplete) throw stepFailure(this.host, steps, changes, { status, ...progress });
  }
}

const reasons = {
  held: "",
  changed: "",
  "no-lock": "it has no flock",
  "no-timer": "the program that waits for the confirmation did not start",
  failed: "what that needs could not be written",
};

const hints = {
  "no-lock": "Install util-linux there (BusyBox has flock too).",
  "no-timer": "Install util-linux there for setsid (BusyBox has it too), or see why systemd-run refuses.",
};

function changedError(host: string): LvsctlError {
  return new LvsctlError(
    "LVS-LOCK-002",
    `Another run has ended on ${host} since it was read; this plan is out of date.`,
    {
      host,
      hint: "Nothing has been changed. Run the command again.",
    },
  );
}

function goneError(host: string): LvsctlError {
  return new LvsctlError("LVS-LOCK-005", `${host} had not heard of lvsctl for too long and has taken the run back.`, {
    host,
    hint: "See why the connection was slow, or give it more time with --confirm-timeout.",
  });
}

async function unlessGone(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof LvsctlError && error.code === "LVS-LOCK-005")) throw error;
  }
}
