/** What the commands that change hosts share: show a plan, ask, run it, and report how it ended. */
import { userInfo } from "node:os";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { Runner } from "../ledger/pending.ts";
import type { Machine } from "../machine/machine.ts";
import { ownProcess } from "../machine/own-process.ts";
import { thisMachine } from "../machine/this-machine.ts";
import { hasChanges, type Plan } from "../plan/plan.ts";
import { type Given, nextOf } from "../report/next-command.ts";
import type { RunView } from "../report/run-view.ts";
import { kinds } from "../resources/kinds.ts";
import type { RunLimits } from "../transaction/armed-host.ts";
import { phasesWithDrain } from "../transaction/drain-phase.ts";
import type { Moment } from "../transaction/moment.ts";
import { phasesOf } from "../transaction/phases.ts";
import type { RunHost } from "../transaction/run-host.ts";
import { type RunOutcome, runPlan } from "../transaction/run-plan.ts";
import type { RunResult } from "../transaction/run-result.ts";

import type { OnStatus } from "./host-count.ts";
import { ownVersion } from "./own-version.ts";
import { runDefaults } from "./run-defaults.ts";

export type { RunView } from "../report/run-view.ts";
export type { Moment } from "../transaction/moment.ts";
export type { RunResult } from "../transaction/run-result.ts";

/** What the flags of a changing command ask of its run. Times are in seconds; the defaults are in `runDefaults`. */
export interface RunFlags {
  readonly signal?: AbortSignal | undefined;
  /** Receives what the command is doing, as an interrupt has another effect each time. */
  readonly onMoment?: (moment: Moment) => void;
  readonly noRollback?: boolean;
  /** How long a host waits for lvsctl before it rolls a run back. */
  readonly confirmTimeoutSeconds?: number;
  /** How long one stage may take on a host. */
  readonly stepTimeoutSeconds?: number;
  /** How long to wait for another run to end. */
  readonly lockTimeoutSeconds?: number;
  /** How long real servers that are removed get to finish their open connections; 0: no time. */
  readonly drainTimeoutSeconds?: number;
  readonly noConfirm?: boolean;
  /** Receives what is being waited for. */
  readonly onStatus?: OnStatus;
  /** Default: this one. */
  readonly machine?: Machine;
  /** What the user has typed, for the commands that errors name. */
  readonly given?: Given;
}

/** The hosts of a run, by name. */
export interface RunHosts {
  readonly byHost: ReadonlyMap<string, RunHost>;
}

/** What a changing command asks before its run, and checks after it. */
export interface RunRequest {
  /** The command as recorded on the hosts: `apply`. */
  readonly command: string;
  readonly question: string;
  /** Called before anything is asked, if there is something to change. Throws if that could not be checked afterwards. */
  readonly canCheck?: () => Promise<void>;
  /** Called when every change is made; false rolls everything back. */
  readonly isGood?: () => Promise<boolean>;
}

/**
 * Throws LVS-STEP-003 for a plan with problems, LVS-LOCK-… if another run is in the way, LVS-CONNECT-022 at an interrupt
 * before the run has begun, and whatever `canCheck` throws; in all cases nothing was changed.
 */
export async function showAskAndRun(
  plan: Plan,
  { byHost }: RunHosts,
  view: RunView,
  { command, question, canCheck, isGood }: RunRequest,
  flags: RunFlags,
): Promise<RunResult> {
  refuseProblems(plan, view.showPlan(plan));
  const { signal, noConfirm = false } = flags;
  const hosts = [...byHost.values()];
  const options = runOptions(command, flags);
  const { drainTimeoutSeconds } = options;
  if (!hasChanges(plan)) {
    const outcome = await runPlan(plan, hosts, options); // Ledgers may still list what others removed.
    return outcome.result === "done" ? { result: "nothing-to-do", plan } : { result: "ran", plan, outcome };
  }
  await canCheck?.();
  const isAgreed = await view.confirm(question);
  if (signal?.aborted) throw interruptedBefore(command);
  if (!isAgreed) return { result: "declined", plan };
  const watch = view.watchRun(drainTimeoutSeconds > 0 ? phasesWithDrain(plan) : phasesOf(plan), command);
  const { onEvent } = watch;
  const isGoodOnceDrawn =
    isGood &&
    (async () => {
      await watch.end();
      return isGood();
    });
  try {
    const asked = isGoodOnceDrawn ? { isGood: isGoodOnceDrawn } : {};
    const outcome = await runPlan(plan, hosts, { ...options, noConfirm, onEvent, ...asked });
    return { result: "ran", plan, outcome };
  } finally {
    await watch.end();
  }
}

/**
 * Brings ledgers up to date with a plan that changes nothing on the hosts, without asking. Returns how that ended; undefined
 * if the plan does change something, and nothing is done.
 */
export async function settleLedgers(
  plan: Plan,
  { byHost }: RunHosts,
  command: string,
  flags: RunFlags,
): Promise<RunOutcome | undefined> {
  if (hasChanges(plan) || plan.problems.length > 0) return undefined;
  return runPlan(plan, [...byHost.values()], runOptions(command, flags));
}

function runOptions(command: string, flags: RunFlags) {
  const { signal, onMoment, noRollback = false, onStatus } = flags;
  const { drainTimeoutSeconds = runDefaults.drainTimeoutSeconds } = flags;
  return {
    ...limitsOf(flags),
    runner: runnerOf(command),
    drainTimeoutSeconds,
    signal,
    onMoment,
    noRollback,
    ...(onStatus ? { onStatus } : {}),
  };
}

function interruptedBefore(command: string): LvsctlError {
  return new LvsctlError("LVS-CONNECT-022", `Interrupted before ${command} began; nothing has been changed.`);
}

/** The time limits of a run, and the kinds that it knows. */
export function limitsOf(flags: RunFlags): RunLimits {
  return {
    kinds,
    machine: machineOf(flags),
    next: nextOf(flags),
    confirmTimeoutSeconds: flags.confirmTimeoutSeconds ?? runDefaults.confirmTimeoutSeconds,
    stepTimeoutSeconds: flags.stepTimeoutSeconds ?? runDefaults.stepTimeoutSeconds,
  };
}

/** The clock and the randomness that a run uses. */
export function machineOf({ machine = thisMachine }: Pick<RunFlags, "machine">): Machine {
  return machine;
}

/** Who runs lvsctl, and on which machine. */
export function runnerOf(command: string): Runner {
  return { user: userInfo().username, ...ownProcess(), command, version: ownVersion() };
}

/** `areShown`: whoever reads the error has just read them in the plan. */
function refuseProblems(plan: Plan, areShown: boolean): void {
  if (plan.problems.length === 0) return;
  const problems = plan.problems.map(
    ({ host, description, message, hint }) =>
      new LvsctlError("LVS-STEP-004", message, { host, step: description, hint }),
  );
  throw new LvsctlError("LVS-STEP-003", "The hosts are not ready for this topology; nothing has been changed.", {
    problems,
    areShown,
  });
}
