/** `lvsctl destroy`: removes everything that lvsctl made, and restores what it replaced. */
import { judgedPlan, type PlanChoices } from "../plan/judged-plan.ts";
import { kinds } from "../resources/kinds.ts";
import { exclusively } from "./exclusive.ts";
import { nextOn } from "./next-on.ts";
import { joinRemoved, type RemovalOptions, refuseForgetting } from "./removed-hosts.ts";
import { type RunFlags, type RunResult, type RunView, showAskAndRun } from "./run.ts";
import { findHostsAndDesired, type Subject } from "./scope.ts";
import { withSessions } from "./with-sessions.ts";

/**
 * Removes everything that the hosts' ledgers record, also on hosts that have left the file and can be reached. A topology file only says where the hosts are and what else to read, so
 * host names are enough. Throws whatever `showAskAndRun`, `exclusively` and the connections throw.
 */
export async function destroyTopology(
  subject: Subject,
  options: RemovalOptions & RunFlags & Pick<PlanChoices, "allowManagementChange">,
  view: RunView,
): Promise<RunResult> {
  const scope = await findHostsAndDesired(subject, options);
  if (scope.file) refuseForgetting(scope.file, options.forget);
  const next = nextOn(options, scope.targets);
  return withSessions(scope, options, "change", async (sessions) => {
    const { topology, file } = scope;
    const removed = file ? await joinRemoved(sessions, file, options, "change") : [];
    return exclusively(sessions, view, options, () => {
      const plan = judgedPlan({ topology, hosts: new Map() }, sessions.states, kinds, options, next);
      const request = { command: "destroy", question: `Remove all of ${topology} from these hosts?` };
      return showAskAndRun({ ...plan, ...(removed.length > 0 ? { removed } : {}) }, sessions, view, request, options);
    });
  });
}
