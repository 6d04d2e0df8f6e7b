/** `lvsctl apply`: plan, ask, make the changes everywhere or nowhere, and prove that it works. */
import { judgedPlan, type PlanChoices } from "../plan/judged-plan.ts";
import { kinds } from "../resources/kinds.ts";
import type { Verification } from "../verify/verification.ts";
import { exclusively } from "./exclusive.ts";
import { loadAndCompile } from "./load.ts";
import { type RunFlags, type RunResult, type RunView, showAskAndRun } from "./run.ts";
import { type HostOptions, openSessions, targetsOf, withLab } from "./sessions.ts";
import { verifyOn } from "./verify.ts";

export interface ApplyOptions extends HostOptions, RunFlags, PlanChoices {
  readonly noVerify?: boolean;
  /** Verify before the run is confirmed, and take it back when that fails. */
  readonly atomic?: boolean;
}

export interface ApplyResult {
  readonly run: RunResult;
  /** Absent when nothing was changed, or when nobody asked for it. */
  readonly verification?: Verification;
  readonly execs: number;
}

export async function applyTopology(file: string, options: ApplyOptions, view: RunView): Promise<ApplyResult> {
  const loaded = await loadAndCompile(file);
  const { topology, desired } = loaded;
  const hostOptions = await withLab(topology.name, options);
  const targets = await targetsOf(topology, options);
  const sessions = await openSessions(targets, hostOptions, { readOnly: false, topology: topology.name, desired });
  try {
    let verification: Verification | undefined;
    const verify = async () => {
      await sessions.refresh();
      verification = await verifyOn(loaded, sessions, sessions.states, hostOptions);
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
  } finally {
    await sessions.close();
  }
}
