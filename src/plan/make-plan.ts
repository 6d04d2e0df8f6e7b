/** Compares what is wanted with what was found and with the ledger. */
import type { DesiredResource, DesiredState } from "../compile/desired-state.ts";
import type { HostContext, Observed, ResourceKind, State } from "../resources/resource.ts";
import type { LedgerEntry } from "../transaction/ledger.ts";
import type { HostState } from "./host-state.ts";
import type { Action, Plan, PlannedChange, PlanProblem } from "./plan.ts";

const NOTHING_OBSERVED: Observed = { states: new Map(), detail: undefined };

/**
 * The plan that takes every host from its state to the desired one. With nothing desired it is the plan of a destroy:
 * all that the ledgers hold goes, and what was replaced comes back. Hosts without a state (left out by the user) are
 * left out of the plan.
 */
export function makePlan(
  desired: DesiredState,
  states: ReadonlyMap<string, HostState>,
  kinds: ReadonlyMap<string, ResourceKind>,
): Plan {
  const problems: PlanProblem[] = [];
  const hosts = new Map<string, readonly PlannedChange[]>();
  for (const [host, state] of states) {
    const resources = desired.hosts.get(host) ?? [];
    const planned = planHost(resources, state, kinds);
    const context = { topology: desired.topology, host };
    hosts.set(
      host,
      planned.changes.map((change) => ({ ...change, commands: commandsOf(change, state, kinds, context) })),
    );
    problems.push(...planned.problems);
  }
  return { topology: desired.topology, hosts, problems, summary: summarize([...hosts.values()].flat()) };
}

type Draft = Omit<PlannedChange, "commands">;

function planHost(resources: readonly DesiredResource[], state: HostState, kinds: ReadonlyMap<string, ResourceKind>) {
  const entries = new Map((state.ledger?.entries ?? []).map((entry) => [identity(entry), entry]));
  const problems: PlanProblem[] = [];
  const changes: Draft[] = [];
  const changed = new Set<string>();
  for (const resource of resources) {
    const kind = kindOf(kinds, resource.kind);
    const observed = state.observed.get(resource.kind) ?? NOTHING_OBSERVED;
    const entry = entries.get(identity(resource));
    const problem = kind.problem?.(resource.state, observed, entry !== undefined);
    if (problem) problems.push({ host: state.host, description: kind.describe(resource.state), ...problem });
    const change = kind.action
      ? planAction(resource, kind, state.host, changed)
      : planBuild(resource, kind, state.host, observed.states.get(resource.key), entry);
    if (change.action !== "none") changed.add(identity(resource));
    changes.push(change);
  }
  const wanted = new Set(resources.map(identity));
  const goes = [...entries.values()].filter((entry) => !wanted.has(identity(entry)));
  changes.push(...goes.reverse().flatMap((entry) => planClear(entry, kindOf(kinds, entry.kind), state)));
  return { changes, problems };
}

function planAction(resource: DesiredResource, kind: ResourceKind, host: string, changed: ReadonlySet<string>): Draft {
  const cause = resource.follows?.some((followed) => changed.has(followed)) ?? false;
  return {
    ...common(resource, kind, host),
    action: cause ? "update" : "none",
    before: undefined,
    after: resource.state,
    reason: cause ? "follows a change" : "nothing to follow",
    isAction: true,
    original: undefined,
  };
}

function planBuild(
  resource: DesiredResource,
  kind: ResourceKind,
  host: string,
  actual: State | undefined,
  entry: LedgerEntry | undefined,
): Draft {
  const differing = actual === undefined ? [] : kind.diff(actual, resource.state);
  const fields = differing.map((name) => ({ name, before: actual?.[name], after: resource.state[name] }));
  const action: Action = actual === undefined ? "create" : fields.length > 0 ? "update" : "none";
  const reasons = { create: "missing", update: `${differing.join(", ")} differs`, delete: "", none: "as it should be" };
  return {
    ...common(resource, kind, host),
    action,
    before: actual,
    after: resource.state,
    fields,
    reason: reasons[action],
    original: entry ? (entry.original ?? undefined) : actual,
  };
}

function planClear(entry: LedgerEntry, kind: ResourceKind, state: HostState): readonly Draft[] {
  const actual = state.observed.get(entry.kind)?.states.get(entry.key);
  const original = entry.original ?? undefined;
  if (actual === undefined && (original === undefined || kind.whenChangedByOthers === "leave")) return [];
  const isAsWeSetIt = actual !== undefined && kind.diff(actual, entry.state).length === 0;
  const isLeft = !isAsWeSetIt && kind.whenChangedByOthers === "leave";
  const differing = actual && original ? kind.diff(actual, original) : [];
  const action: Action =
    isLeft || (actual && original && differing.length === 0) ? "none" : original ? "update" : "delete";
  return [
    {
      kind: entry.kind,
      key: entry.key,
      host: state.host,
      action,
      before: actual,
      after: original,
      description: kind.describe(original ?? entry.state),
      fields: differing.map((name) => ({ name, before: actual?.[name], after: original?.[name] })),
      reason: isLeft ? "left: somebody has changed it since" : original ? "back to what it was" : "no longer asked for",
      why: "",
      stage: entry.stage,
      phase: "clear",
      isAction: false,
      original,
    },
  ];
}

function common(resource: DesiredResource, kind: ResourceKind, host: string) {
  return {
    kind: resource.kind,
    key: resource.key,
    host,
    description: kind.describe(resource.state),
    fields: [],
    why: resource.why,
    stage: resource.stage,
    phase: "build",
    isAction: false,
  } as const;
}

function commandsOf(
  change: Draft,
  state: HostState,
  kinds: ReadonlyMap<string, ResourceKind>,
  context: HostContext,
): readonly string[] {
  if (change.action === "none") return [];
  const observed = state.observed.get(change.kind) ?? NOTHING_OBSERVED;
  return kindOf(kinds, change.kind)
    .commands([change], observed, context)
    .map(({ script }) => script);
}

/** A resource's name among all kinds on one host, as `follows` lists it. */
function identity(resource: { readonly kind: string; readonly key: string }): string {
  return `${resource.kind} ${resource.key}`;
}

function kindOf(kinds: ReadonlyMap<string, ResourceKind>, name: string): ResourceKind {
  const kind = kinds.get(name);
  if (!kind) throw new Error(`no resource kind named ${name}`);
  return kind;
}

function summarize(changes: readonly Pick<PlannedChange, "action">[]): Record<Action, number> {
  const summary = { create: 0, update: 0, delete: 0, none: 0 };
  for (const { action } of changes) summary[action] += 1;
  return summary;
}
