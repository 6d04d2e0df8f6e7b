/**
 * What in a plan could break the run's own sessions, judged from the connections as the hosts see them. Pure.
 */
import type { Danger, Passage, PassedNetwork } from "../resources/passage.ts";
import { identity, type ResourceKind } from "../resources/resource.ts";
import { foundNetwork, networkOfStates, partOf } from "./host-network.ts";
import type { HostState } from "./host-state.ts";
import type { Plan, PlannedChange, PlanProblem } from "./plan.ts";
import { sessionPassages } from "./session-passages.ts";
import { wayDangers } from "./way-dangers.ts";

type Kinds = ReadonlyMap<string, ResourceKind>;

/** One problem for each change that could break a session, with the reason. */
export function managementProblems(
  plan: Plan,
  states: ReadonlyMap<string, HostState>,
  kinds: Kinds,
): readonly PlanProblem[] {
  const networks = new Map([...states].map(([host, state]) => [host, foundNetwork(state, kinds)]));
  const problems = sessionPassages(states, networks).flatMap((passage) => {
    const found = networks.get(passage.host);
    const changes = (plan.hosts.get(passage.host) ?? []).filter(({ isAction }) => !isAction);
    if (found === undefined || changes.every(({ action }) => action === "none")) return [];
    const descriptions = new Map(changes.map((change) => [identity(change), change.description]));
    const after = changes.map(({ kind, after: state }) => ({ kind, state }));
    const network = { found, planned: networkOfStates(after, kinds) };
    const observed = states.get(passage.host)?.observed ?? new Map();
    return dangersOf(passage, changes, network, observed, kinds).map(({ change, would }) =>
      problemOf(passage, descriptions.get(identity(change)) ?? identity(change), would),
    );
  });
  const byChange = new Map(problems.map((problem) => [`${problem.host} ${problem.description}`, problem]));
  return [...byChange.values()];
}

/** Adds these problems to the plan; with `isAllowed` they are warnings, and the host's timer rolls the run back if the login is lost. */
export function guardManagement(
  plan: Plan,
  states: ReadonlyMap<string, HostState>,
  kinds: Kinds,
  isAllowed: boolean,
): Plan {
  const found = managementProblems(plan, states, kinds);
  if (found.length === 0) return plan;
  return isAllowed
    ? { ...plan, warnings: [...(plan.warnings ?? []), ...found] }
    : { ...plan, problems: [...plan.problems, ...found] };
}

function dangersOf(
  passage: Passage,
  changes: readonly PlannedChange[],
  network: PassedNetwork,
  observed: HostState["observed"],
  kinds: Kinds,
): readonly Danger[] {
  const ways = changes
    .filter(({ action }) => action !== "none")
    .map(({ kind, key, before, after }) => {
      return { kind, key, before: partOf(kinds, kind, before), after: partOf(kinds, kind, after) };
    });
  const byKind = [...new Set(changes.map(({ kind }) => kind))].flatMap((name) => {
    const own = changes.filter(({ kind }) => kind === name);
    const kind = kinds.get(name);
    return kind?.dangers?.(passage, own, network, observed.get(name) ?? kind.bare()) ?? [];
  });
  return [...wayDangers(passage, ways, network.found), ...byKind];
}

function problemOf({ host, role, session }: Passage, description: string, would: string): PlanProblem {
  const ends = `by a session from ${session.client} to ${session.address} port ${session.port}`;
  const there = { end: "", transit: " that passes here", client: " that begins here" }[role];
  const login = `lvsctl is logged in ${role === "end" ? "here" : `to ${session.host}`} ${ends}${there}`;
  return {
    host,
    description,
    message: `${login}, and this change would ${would}.`,
    hint:
      "Reach the host by another network or address, or leave this out of the topology. --allow-management-change lets it " +
      "through: the host rolls it back on its own unless a new login confirms it. If the login needs another address " +
      `after that, give it: --confirm-at ${session.host}=ADDRESS.`,
  };
}
