/** How `apply` and `destroy` show a run: the plan on stdout, questions and progress on stderr. */
import type { LvsctlError } from "../errors/lvsctl-error.ts";
import type { Plan, PlannedChange } from "../plan/plan.ts";
import type { Phase } from "../transaction/phases.ts";
import type { RunOutcome } from "../transaction/run-plan.ts";
import type { RunResult } from "../transaction/run-result.ts";
import { formatCutOff } from "./drain.ts";
import { formatError } from "./error-text.ts";
import { type Given, nextCommand } from "./next-command.ts";
import type { Output } from "./output.ts";
import { formatPending } from "./pending.ts";
import { formatPlan } from "./plan-text.ts";
import { type RunWatch, watchRun } from "./progress.ts";
import { askYes } from "./prompt.ts";
import { wrap } from "./wrap.ts";

/** Where and how a run is shown. */
export interface RunViewOptions {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly verbosity: number;
  /** Do not ask: the user said --yes. */
  readonly yes: boolean;
  /** Print no plan: stdout is for other data. */
  readonly isQuiet: boolean;
  /** What the user has typed. */
  readonly given: Given;
  /** Aborting it ends a question; the answer is then no. */
  readonly signal?: AbortSignal | undefined;
}

/** What a run shows and asks along the way. */
export interface RunView {
  /** Shows what will be done, before anything is asked. Returns whether whoever reads errors has seen it: on one terminal. */
  showPlan(plan: Plan): boolean;
  /** Shows what is in the way, before anything is asked. */
  showPending(problems: readonly LvsctlError[]): void;
  /** Throws LVS-USAGE-002 if there is nobody to ask. */
  confirm(question: string): Promise<boolean>;
  /** Called once, when the run begins. */
  watchRun(phases: readonly Phase[], command: string): RunWatch;
}

/** The view of a run on a terminal, or on whatever replaces it. */
export function createRunView({ stdout, stderr, verbosity, yes, isQuiet, given, signal }: RunViewOptions): RunView {
  return {
    showPlan: (plan) => {
      if (isQuiet) return false;
      stdout.write(formatPlan(plan, stdout, verbosity, given));
      return stdout.isTerminal && stderr.isTerminal;
    },
    showPending: (problems) => stderr.write(formatPending(problems, stderr)),
    confirm: async (question) => {
      if (yes) return true;
      const isAgreed = await askYes(question, signal);
      if (!isAgreed) stderr.write("Nothing has been changed.\n");
      return isAgreed;
    },
    watchRun: (phases, command) => watchRun(phases, command, stderr),
  };
}

const NOT_VERIFIED = {
  interrupted: "The changes are not verified, because of the interrupt",
  unchanged: "Nothing was changed, so nothing was verified",
} as const;

/** Why an apply has verified nothing, and what does. */
export function formatNotVerified(why: keyof typeof NOT_VERIFIED, given: Given, output: Output): string {
  return wrap(`${NOT_VERIFIED[why]}; ${nextCommand("verify", given)} does that.`, output.width)
    .map((line) => `${line}\n`)
    .join("");
}

/** What became of the changes after a verification that failed, and what to do now. Nothing if nothing was changed. */
export function formatUnverified(run: RunResult, given: Given, output: Output): string {
  const text = run.result === "ran" ? unverifiedText(run.outcome.result, run.plan, given) : "";
  return wrap(text, output.width)
    .filter((line) => line !== "")
    .map((line) => `${line}\n`)
    .join("");
}

function unverifiedText(result: RunOutcome["result"], plan: Plan, given: Given): string {
  const again = `Run ${nextCommand("verify", given)} to check again`;
  if (result === "done") {
    return `All changes are confirmed and stay. ${again}, or ${nextCommand("destroy", given)} to remove everything. With --atomic, apply rolls back when verification fails.`;
  }
  if (result === "pending") return `The changes are still pending. ${again}.`;
  if (result === "failed") return "";
  const changes = [...plan.hosts].map(([host, all]) => [host, all.filter(isChange).length] as const);
  const hosts = changes.flatMap(([host, count]) => (count === 0 ? [] : [`${host} ${count}`]));
  return `The verification failed, so --atomic rolled back all changes (${hosts.join(", ")}).`;
}

function isChange({ action, isAction }: PlannedChange): boolean {
  return action !== "none" && !isAction;
}

/** How a run ended, in one paragraph: what failed where, what was rolled back, what remains. */
export function formatOutcome(outcome: RunOutcome, given: Given, output: Output): string {
  const cutOff = outcome.cutOff ? formatCutOff(outcome.cutOff, output) : "";
  const paragraph = (color: "red" | "yellow", text: string) =>
    wrap(text, output.width)
      .map((line) => `${output.paint(color, line)}\n`)
      .join("");
  if (outcome.result === "done") return cutOff + (outcome.isInterrupted ? paragraph("yellow", tooLate(given)) : "");
  if (outcome.result === "pending") return cutOff + paragraph("yellow", pending(given));
  const failures = outcome.failures.map((error) => formatError(error, output));
  const remains = outcome.remains.map((error) => formatError(error, output));
  const start = outcome.isInterrupted ? "Interrupted" : "Failed";
  const end =
    outcome.result === "rolled-back"
      ? `${start}; all changes of this run were rolled back on every host.`
      : remains.length > 0
        ? `${start}. Some hosts may be neither rolled back nor confirmed (see above). Once the problem is fixed, run ${nextCommand("rollback", given)}.`
        : `${start}; the changes stay, because of --no-rollback.`;
  return [cutOff, ...failures, ...remains, paragraph("red", end)].join("");
}

function pending(given: Given): string {
  return `Applied but not confirmed: the hosts roll back when --confirm-timeout expires. ${nextCommand("confirm", given)} keeps it, ${nextCommand("rollback", given)} rolls it back now.`;
}

function tooLate(given: Given): string {
  return `Interrupted too late: the changes were already applied and confirmed. Use ${nextCommand("destroy", given)} to remove them.`;
}
