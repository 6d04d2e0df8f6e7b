/** `lvsctl destroy`: takes back all that lvsctl made, and puts back what it replaced. */
import { judgedPlan, type PlanChoices } from "../plan/judged-plan.ts";
import { kinds } from "../resources/kinds.ts";
import { exclusively } from "./exclusive.ts";
import { findHostsAndDesired, type Subject } from "./named-hosts.ts";
import { type RunFlags, type RunResult, type RunView, showAskAndRun } from "./run.ts";
import { type HostOptions, openSessions, withLab } from "./sessions.ts";

/** A file says where the hosts are; what goes is what their ledgers hold, so that it can be done without. */
export async function destroyTopology(
  subject: Subject,
  options: HostOptions & RunFlags & Pick<PlanChoices, "allowManagementChange">,
  view: RunView,
): Promise<RunResult> {
  const { topology, targets, desired } = await findHostsAndDesired(subject, options);
  const sessions = await openSessions(targets, await withLab(topology, options), {
    readOnly: false,
    topology,
    desired,
  });
  try {
    return await exclusively(sessions, view, options, () => {
      const plan = judgedPlan({ topology, hosts: new Map() }, sessions.states, kinds, options);
      const request = { command: "destroy", question: `Take all of ${topology} off these hosts?` };
      return showAskAndRun(plan, sessions, view, request, options);
    });
  } finally {
    await sessions.close();
  }
}
