/** `lvsctl destroy`: removes everything that lvsctl made, and restores what it replaced. */
import { judgedPlan, type PlanChoices } from "../plan/judged-plan.ts";
import { kinds } from "../resources/kinds.ts";
import { exclusively } from "./exclusive.ts";
import type { HostOptions } from "./host-options.ts";
import { type RunFlags, type RunResult, type RunView, showAskAndRun } from "./run.ts";
import { findHostsAndDesired, type Subject } from "./scope.ts";
import { withSessions } from "./with-sessions.ts";

/**
 * Removes everything that the hosts' ledgers record. A topology file only says where the hosts are and what else to read, so
 * host names are enough. Throws whatever `showAskAndRun`, `exclusively` and the connections throw.
 */
export async function destroyTopology(
  subject: Subject,
  options: HostOptions & RunFlags & Pick<PlanChoices, "allowManagementChange">,
  view: RunView,
): Promise<RunResult> {
  const scope = await findHostsAndDesired(subject, options);
  return withSessions(scope, options, "change", (sessions) =>
    exclusively(sessions, view, options, () => {
      const { topology } = scope;
      const plan = judgedPlan({ topology, hosts: new Map() }, sessions.states, kinds, options);
      const request = { command: "destroy", question: `Take all of ${topology} off these hosts?` };
      return showAskAndRun(plan, sessions, view, request, options);
    }),
  );
}
