/** `lvsctl apply`: plan, ask, make the changes on all hosts or on none, and verify it. */
import { count } from "../errors/count.ts";
import { judgedPlan, type PlanChoices } from "../plan/judged-plan.ts";
import type { RemovedHost } from "../plan/plan.ts";
import { hostsToKnow, withRemoved } from "../plan/removed-hosts.ts";
import type { ApplyResult } from "../report/apply-json.ts";
import { kinds } from "../resources/kinds.ts";
import type { Verification } from "../verify/verification.ts";
import { type Asking, withAsking } from "./asking.ts";
import { exclusively } from "./exclusive.ts";
import { loadAndCompile } from "./load.ts";
import { nextOn } from "./next-on.ts";
import { withOwners } from "./owners-lists.ts";
import { forgetClean, joinRemoved, type RemovalOptions, refuseForgetting } from "./removed-hosts.ts";
import { type RunFlags, type RunRequest, type RunResult, type RunView, settleLedgers, showAskAndRun } from "./run.ts";
import { scopeOf } from "./scope.ts";
import { untilInterrupted } from "./until-interrupted.ts";
import { assertVerifiable, verifyOn } from "./verify.ts";
import { verifyRun } from "./verify-run.ts";
import { withSessions } from "./with-sessions.ts";

/** The options of `apply`. */
export interface ApplyOptions extends RemovalOptions, RunFlags, PlanChoices {
  readonly noVerify?: boolean;
  /** Verify before the run is confirmed, and roll it back if that fails. */
  readonly atomic?: boolean;
  /** How the verification sends its requests. */
  readonly asking?: Asking;
}

/** How an apply ended, and how many execs it took. */
export interface Applied extends ApplyResult {
  readonly execs: number;
}

/**
 * Brings the hosts to the state that a topology file describes, and verifies it unless the options say otherwise. Throws
 * LVS-CONFIG-000 or LVS-PLAYBOOK-000 for the file, LVS-USAGE-001 for a service that is not in it, LVS-VERIFY-001 if nobody could verify it, and whatever `showAskAndRun`, `exclusively` and the connections throw.
 */
export async function applyTopology(file: string, options: ApplyOptions, view: RunView): Promise<Applied> {
  const fromFile = await loadAndCompile(file);
  const loaded = { ...fromFile, topology: withAsking(fromFile.topology, options.asking) };
  const { topology, desired, owners } = loaded;
  refuseForgetting(topology, options.forget);
  const scope = await scopeOf(topology, desired, options);
  const next = nextOn(options, scope.targets);
  return withSessions(scope, options, "change", async (sessions) => {
    let verification: Verification | undefined;
    const verify = async () => {
      await sessions.refresh();
      return verifyOn(loaded, sessions, options);
    };
    const isGood = async () => {
      verification = await untilInterrupted(verify, options.signal);
      return verification.ok;
    };
    const removed = await joinRemoved(sessions, topology, options, "change");
    const known = hostsToKnow(topology.hosts, desired);
    const planWith = (hosts: readonly RemovedHost[]) =>
      withRemoved(withOwners(judgedPlan(desired, sessions.states, kinds, options, next), owners), known, hosts);
    const run = await exclusively(sessions, view, options, () => {
      const plan = planWith(removed);
      const request: RunRequest = {
        ...{ command: "apply", question: `Apply this to ${count(plan.hosts.size, "host")}?` },
        ...(options.atomic ? { isGood } : {}),
        ...(options.atomic || !options.noVerify ? { canCheck: () => assertVerifiable(loaded, sessions, options) } : {}),
      };
      return showAskAndRun(plan, sessions, view, request, options);
    });
    if (isDone(run)) {
      const settle = async (hosts: readonly RemovedHost[]) =>
        settleLedgers(planWith(hosts), sessions, "apply", options);
      await forgetClean(sessions, removed, settle, options.signal);
    }
    const isOver = options.noVerify || verification !== undefined;
    const result = isOver ? { run, ...(verification ? { verification } : {}) } : await verifyRun(run, options, verify);
    return { ...result, execs: sessions.execs };
  });
}

function isDone(run: RunResult): boolean {
  return run.result === "ran" && run.outcome.result === "done";
}
