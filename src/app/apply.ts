/** `lvsctl apply`: plan, ask, make the changes everywhere or nowhere, and prove that it works. */
import { makePlan } from "../plan/make-plan.ts";
import { kinds } from "../resources/kinds.ts";
import type { Verification } from "../verify/verification.ts";
import { loadAndCompile } from "./load.ts";
import { type RunFlags, type RunResult, type RunView, showAskAndRun } from "./run.ts";
import { type HostOptions, openSessions, targetsOf, withLab } from "./sessions.ts";
import { verifyOn } from "./verify.ts";

export interface ApplyOptions extends HostOptions, RunFlags {
  readonly noVerify?: boolean;
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
    const plan = makePlan(desired, sessions.states, kinds);
    const run = await showAskAndRun(plan, sessions, view, `Apply this to ${plan.hosts.size} hosts?`, options);
    const { execs } = sessions;
    if (run.result !== "ran" || run.outcome.result !== "done" || options.noVerify) return { run, execs };
    const states = await sessions.readAgain(topology.name, desired);
    return { run, verification: await verifyOn(loaded, sessions, states, hostOptions), execs };
  } finally {
    await sessions.close();
  }
}
