/** `lvsctl apply`: plan, ask, make the changes on all hosts or on none, and prove that it works. */
import { judgedPlan, type PlanChoices } from "../plan/judged-plan.ts";
import { kinds } from "../resources/kinds.ts";
import type { Verification } from "../verify/verification.ts";
import { exclusively } from "./exclusive.ts";
import type { HostOptions } from "./host-options.ts";
import { loadAndCompile } from "./load.ts";
import { type RunFlags, type RunResult, type RunView, showAskAndRun } from "./run.ts";
import { scopeOf } from "./scope.ts";
import { verifyOn } from "./verify.ts";
import { withSessions } from "./with-sessions.ts";

/** The options of `apply`. */
export interface ApplyOptions extends HostOptions, RunFlags, PlanChoices {
  readonly noVerify?: boolean;
  /** Verify before the run is confirmed, and roll it back if that fails. */
  readonly atomic?: boolean;
}

/** How an apply ended. */
export interface ApplyResult {
  readonly run: RunResult;
  /** Absent if nothing was changed, and with `noVerify`. */
  readonly verification?: Verification;
  readonly execs: number;
}

/**
 * Brings the hosts to the state that a topology file describes, and verifies it unless the options say otherwise. Throws
 * LVS-CONFIG-000 or LVS-PLAYBOOK-000 for the file, and whatever `showAskAndRun`, `exclusively` and the connections throw.
 */
export async function applyTopology(file: string, options: ApplyOptions, view: RunView): Promise<ApplyResult> {
  const loaded = await loadAndCompile(file);
  const { topology, desired } = loaded;
  return withSessions(await scopeOf(topology, desired, options), options, "change", async (sessions) => {
    let verification: Verification | undefined;
    const verify = async () => {
      await sessions.refresh();
      verification = await verifyOn(loaded, sessions, options);
      return verification.ok;
    };
    const run = await exclusively(sessions, view, options, () => {
      const plan = judgedPlan(desired, sessions.states, kinds, options);
      const request = { command: "apply", question: `Apply this to ${plan.hosts.size} hosts?` };
      return showAskAndRun(plan, sessions, view, options.atomic ? { ...request, isGood: verify } : request, options);
    });
    const { execs } = sessions;
    const isMade = run.result === "ran" && (run.outcome.result === "done" || run.outcome.result === "pending");
    if (isMade && !options.noVerify && !verification) await verify();
    return { run, execs, ...(verification ? { verification } : {}) };
  });
}
