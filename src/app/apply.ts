/** `lvsctl apply`: plan, ask, make the changes on all hosts or on none, and prove that it works. */
import { judgedPlan, type PlanChoices } from "../plan/judged-plan.ts";
import type { ApplyResult } from "../report/apply-json.ts";
import { kinds } from "../resources/kinds.ts";
import type { Verification } from "../verify/verification.ts";
import { exclusively } from "./exclusive.ts";
import type { HostOptions } from "./host-options.ts";
import { loadAndCompile } from "./load.ts";
import { type RunFlags, type RunView, showAskAndRun } from "./run.ts";
import { scopeOf } from "./scope.ts";
import { untilInterrupted } from "./until-interrupted.ts";
import { verifyOn } from "./verify.ts";
import { verifyRun } from "./verify-run.ts";
import { withSessions } from "./with-sessions.ts";

/** The options of `apply`. */
export interface ApplyOptions extends HostOptions, RunFlags, PlanChoices {
  readonly noVerify?: boolean;
  /** Verify before the run is confirmed, and roll it back if that fails. */
  readonly atomic?: boolean;
}

/** How an apply ended, and how many execs it took. */
export interface Applied extends ApplyResult {
  readonly execs: number;
}

/**
 * Brings the hosts to the state that a topology file describes, and verifies it unless the options say otherwise. Throws
 * LVS-CONFIG-000 or LVS-PLAYBOOK-000 for the file, and whatever `showAskAndRun`, `exclusively` and the connections throw.
 */
export async function applyTopology(file: string, options: ApplyOptions, view: RunView): Promise<Applied> {
  const loaded = await loadAndCompile(file);
  const { topology, desired } = loaded;
  return withSessions(await scopeOf(topology, desired, options), options, "change", async (sessions) => {
    let verification: Verification | undefined;
    const verify = async () => {
      await sessions.refresh();
      return verifyOn(loaded, sessions, options);
    };
    const isGood = async () => {
      verification = await untilInterrupted(verify, options.signal);
      return verification.ok;
    };
    const run = await exclusively(sessions, view, options, () => {
      const plan = judgedPlan(desired, sessions.states, kinds, options);
      const request = { command: "apply", question: `Apply this to ${plan.hosts.size} hosts?` };
      return showAskAndRun(plan, sessions, view, options.atomic ? { ...request, isGood } : request, options);
    });
    const isOver = options.noVerify || verification !== undefined;
    const result = isOver ? { run, ...(verification ? { verification } : {}) } : await verifyRun(run, options, verify);
    return { ...result, execs: sessions.execs };
  });
}
