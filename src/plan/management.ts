/**
 * Not sawing off the branch: what of a plan could cut off the sessions by which the run itself works, judged from the
 * connections as the hosts see them. Pure.
 */
import type { Danger } from "./danger.ts";
import { arpDangers, filterDangers } from "./filter-dangers.ts";
import type { HostState } from "./host-state.ts";
import { kernelDangers } from "./kernel-dangers.ts";
import type { Plan, PlannedChange, PlanProblem } from "./plan.ts";
import { type Passage, sessionPassages } from "./session-passages.ts";
import { wayDangers } from "./way-dangers.ts";

/** One problem for each change that could cut a session off, with its reason. */
export function managementProblems(plan: Plan, states: ReadonlyMap<string, HostState>): readonly PlanProblem[] {
  const problems = sessionPassages(states).flatMap((passage) => {
    const state = states.get(passage.host);
    const changes = plan.hosts.get(passage.host) ?? [];
    if (state === undefined || changes.every(({ action }) => action === "none")) return [];
    return dangersOf(passage, changes, state).map((danger) => problemOf(passage, danger));
  });
  const byChange = new Map(problems.map((problem) => [`${problem.host} ${problem.description}`, problem]));
  return [...byChange.values()];
}

/** The plan with these problems; with `isAllowed` they are warnings, and the timer on the host has to guard the run. */
export function guardManagement(plan: Plan, states: ReadonlyMap<string, HostState>, isAllowed: boolean): Plan {
  const found = managementProblems(plan, states);
  if (found.length === 0) return plan;
  return isAllowed ? { ...plan, warnings: found } : { ...plan, problems: [...plan.problems, ...found] };
}

function dangersOf(passage: Passage, changes: readonly PlannedChange[], state: HostState): readonly Danger[] {
  const real = changes.filter(({ action, isAction }) => action !== "none" && !isAction);
  return [
    ...wayDangers(passage, real, state),
    ...kernelDangers(passage, real, state),
    ...filterDangers(passage, changes),
    ...arpDangers(passage, real),
  ];
}

function problemOf({ host, role, session }: Passage, { change, would }: Danger): PlanProblem {
  const ends = `by a session from ${session.client} to ${session.address} port ${session.port}`;
  const there = { end: "", transit: " that passes here", client: " that begins here" }[role];
  const login = `lvsctl is logged in ${role === "end" ? "here" : `to ${session.host}`} ${ends}${there}`;
  return {
    host,
    description: change.description,
    message: `${login}, and this change would ${would}.`,
    hint:
      "Reach the host by another network or address, or leave this out of the topology. --allow-management-change lets it " +
      "through: the host takes it back by itself unless a new login confirms it. Where the login needs another address " +
      `from then on, give it: --confirm-at ${session.host}=ADDRESS.`,
  };
}
