/** Compares the desired state with what was found and with the ledger. */

import type { DesiredResource, DesiredState } from "../compile/desired-state.ts";
import type { FollowUp } from "../errors/follow-up.ts";
import type { LedgerEntry } from "../ledger/ledger.ts";
import { type Action, type HostContext, identity, type ResourceKind, type State } from "../resources/resource.ts";
import { drainedAmong, keepDrained } from "./drained.ts";
import type { HostState } from "./host-state.ts";
import type { NoLongerAsked, Plan, PlannedChange, PlanProblem } from "./plan.ts";
import { servicesIn } from "./services-in.ts";
import { type Claim, claimsOn, contradiction, mistakenHost, ownerOfObstacle } from "./sharing.ts";
import { splitRun } from "./split-run.ts";

const NO_KEYS: ReadonlySet<string> = new Set();

/**
 * The plan that takes every host from its current state to the desired one. With nothing desired it is the plan of a
 * destroy: everything in the ledgers is removed, and what was replaced is restored. Hosts without a state (excluded by the
 * user) are not in the plan. What is drained stays drained.
 */
export function makePlan(
  asked: DesiredState,
  states: ReadonlyMap<string, HostState>,
  kinds: ReadonlyMap<string, ResourceKind>,
  next?: FollowUp,
): Plan {
  const desired = keepDrained(asked, states);
  const drained = drainedAmong(desired);
  const drafts = new Map(
    [...states].map(([host, state]) => [host, draftHost(desired.hosts.get(host) ?? [], state, kinds)]),
  );
  const changed = new Set([...drafts.values()].flat().filter(isChanging).map(globalIdentity));
  const hosts = new Map(
    [...states].map(([host, state]) => {
      const finish = (draft: Draft) => finishDraft(draft, changed, state, kinds, { topology: desired.topology, host });
      return [host, (drafts.get(host) ?? []).map(finish)];
    }),
  );
  const problems = [...states.values()].flatMap((state) => [
    ...[mistakenHost(desired, state, next)].filter((problem) => problem !== undefined),
    ...problemsOf(desired.hosts.get(state.host) ?? [], state, kinds, next),
    ...removalProblems(drafts.get(state.host) ?? [], state, kinds),
  ]);
  const split = splitRun(states);
  const changes = [...hosts.values()].flat();
  const following = changes.filter(isFollowing).length;
  const notes = desired.notes === undefined ? {} : { notes: desired.notes };
  return {
    topology: desired.topology,
    hosts,
    services: servicesIn(desired),
    problems,
    ...notes,
    ...(drained.length > 0 ? { drained } : {}),
    ...(split === undefined ? {} : { split }),
    summary: summarize(changes.filter((change) => !isFollowing(change))),
    ...(following > 0 ? { following } : {}),
  };
}

/** A change before its commands are produced and before it is known whether actions run. */
type Draft = Omit<PlannedChange, "commands"> & Pick<DesiredResource, "follows">;

function draftHost(
  resources: readonly DesiredResource[],
  state: HostState,
  kinds: ReadonlyMap<string, ResourceKind>,
): readonly Draft[] {
  const entries = entriesOf(state);
  const claims = claimsOn(state);
  const builds = resources.map((resource) => {
    const kind = kindOf(kinds, resource.kind);
    if (kind.action) return draftAction(resource, kind, state.host);
    const actual = state.observed.get(resource.kind)?.states.get(resource.key);
    const entry = entries.get(identity(resource));
    const claim = claims.get(identity(resource))?.[0];
    const renamed = actual && !entry && !claim ? entryRenamedTo(resource, kind, entries, state) : undefined;
    const owner = { entry, claim: renamed ? { entry: renamed } : claim };
    return draftBuild(resource, kind, state.host, actual, owner);
  });
  const wanted = new Set(resources.map(identity));
  const goes = [...entries.values()].filter((entry) => !wanted.has(identity(entry)));
  const based = new Map(resources.flatMap((resource) => basesOf(resource, kinds)));
  const kept = goes.flatMap((entry) => {
    const on = based.get(identity(entry));
    return on === undefined ? [] : [draftKeep(entry, kindOf(kinds, entry.kind), state, on)];
  });
  const cleared = goes.filter((entry) => !based.has(identity(entry)) && !claims.has(identity(entry)));
  const clear = (entry: LedgerEntry) => {
    if (based.has(identity(entry))) return [];
    const kind = kindOf(kinds, entry.kind);
    const needed = claims.get(identity(entry));
    return needed ? [draftLeave(entry, kind, state, needed)] : draftClear(entry, kind, state, cleared);
  };
  return [...builds, ...kept, ...goes.toReversed().flatMap(clear)];
}

/** The entry of what this resource was called before, if that is gone and this is there. */
function entryRenamedTo(
  { state: wanted }: DesiredResource,
  kind: ResourceKind,
  entries: ReadonlyMap<string, LedgerEntry>,
  { observed }: HostState,
): LedgerEntry | undefined {
  if (kind.isRenamed === undefined) return undefined;
  return [...entries.values()].find(
    ({ kind: name, key, state }) =>
      name === kind.kind && !observed.get(name)?.states.has(key) && kind.isRenamed?.(state, wanted),
  );
}

/** What a resource cannot be without, each with the resource's description. */
function basesOf(
  { kind: name, state }: DesiredResource,
  kinds: ReadonlyMap<string, ResourceKind>,
): readonly (readonly [base: string, description: string])[] {
  const kind = kindOf(kinds, name);
  return (kind.restsOn?.(state) ?? []).map((base) => [base, kind.describe(state)] as const);
}

function finishDraft(
  { follows, ...draft }: Draft,
  changed: ReadonlySet<string>,
  state: HostState,
  kinds: ReadonlyMap<string, ResourceKind>,
  context: HostContext,
): PlannedChange {
  const runs = draft.isAction && (follows ?? []).some((followed) => changed.has(followed));
  const change = runs ? { ...draft, action: "update" as const, reason: "follows a change" } : draft;
  const { action, after } = change;
  const text = action === "none" || after === undefined ? undefined : kindOf(kinds, change.kind).text?.(after);
  return {
    ...change,
    ...(text === undefined ? {} : { text }),
    commands: commandsOf(change, state, kinds, context),
  };
}

function problemsOf(
  resources: readonly DesiredResource[],
  state: HostState,
  kinds: ReadonlyMap<string, ResourceKind>,
  next: FollowUp | undefined,
): readonly PlanProblem[] {
  const claims = claimsOn(state);
  const owned = new Map<string, Set<string>>();
  for (const { kind, key } of state.ledger?.entries ?? []) owned.set(kind, (owned.get(kind) ?? new Set()).add(key));
  return resources.flatMap((resource) => {
    const kind = kindOf(kinds, resource.kind);
    const theirs = claims.get(identity(resource)) ?? [];
    const contradicted = contradiction(resource, kind, theirs, state.host, next);
    if (contradicted) return [contradicted];
    const observed = state.observed.get(resource.kind) ?? kind.bare();
    const ours = owned.get(resource.kind) ?? NO_KEYS;
    const isOwned = ours.has(resource.key) || theirs.length > 0;
    const problem = kind.problem?.(resource.state, observed, isOwned, ours);
    if (!problem) return [];
    const found = { host: state.host, description: kind.describe(resource.state) };
    const owner = ownerOfObstacle(resource, kind, observed, ours, state.others ?? []);
    if (owner === undefined) return [{ ...found, ...problem }];
    const message = `The topology ${owner} conflicts with this one. ${problem.message}`;
    return [{ ...found, message, hint: problem.hint }];
  });
}

function removalProblems(
  drafts: readonly Draft[],
  state: HostState,
  kinds: ReadonlyMap<string, ResourceKind>,
): readonly PlanProblem[] {
  const ours = new Set(state.ledger?.entries.map(identity));
  return drafts.flatMap(({ kind: name, action, before, description }) => {
    if (action !== "delete" || before === undefined) return [];
    const kind = kindOf(kinds, name);
    const problem = kind.removalProblem?.(before, state.observed.get(name) ?? kind.bare(), ours);
    return problem ? [{ host: state.host, description, ...problem }] : [];
  });
}

function draftAction(resource: DesiredResource, kind: ResourceKind, host: string): Draft {
  return {
    ...common(resource, kind, host),
    action: "none",
    before: undefined,
    after: resource.state,
    reason: "nothing to follow",
    isAction: true,
    original: undefined,
    follows: resource.follows ?? [],
  };
}

function draftBuild(
  resource: DesiredResource,
  kind: ResourceKind,
  host: string,
  actual: State | undefined,
  owner: { readonly entry: LedgerEntry | undefined; readonly claim: Pick<Claim, "entry"> | undefined },
): Draft {
  const known = owner.entry ?? owner.claim?.entry;
  const differing = actual === undefined ? [] : kind.diff(actual, resource.state);
  const fields = differing.map((name) => ({ name, before: actual?.[name], after: resource.state[name] }));
  const action: Action = actual === undefined ? "create" : fields.length > 0 ? "update" : "none";
  const reasons = { create: "missing", update: `${differing.join(", ")} differs`, delete: "", none: "unchanged" };
  return {
    ...common(resource, kind, host),
    action,
    before: actual,
    after: resource.state,
    fields,
    reason: reasons[action],
    original: known ? originalOf(known, kind) : unlessImplied(actual, kind),
    ...(owner.claim && !owner.entry ? { shares: true as const } : {}),
  };
}

/** A resource that is no longer asked for stays, and stays in the ledger, as long as one that is asked for needs it. */
function draftKeep(entry: LedgerEntry, kind: ResourceKind, { host, observed }: HostState, needing: string): Draft {
  const { key, stage, state, original } = entry;
  return {
    kind: entry.kind,
    key,
    host,
    action: "none",
    before: observed.get(entry.kind)?.states.get(key),
    after: state,
    description: kind.describe(state),
    fields: [],
    reason: `left: ${needing} needs it`,
    why: "",
    stage,
    phase: "build",
    isAction: false,
    original: original ?? undefined,
  };
}

/** A resource that other topologies need stays: the last of them removes it, and their ledgers record what was there before. */
function draftLeave(
  entry: LedgerEntry,
  kind: ResourceKind,
  { host, observed }: HostState,
  claims: readonly Claim[],
): Draft {
  const actual = observed.get(entry.kind)?.states.get(entry.key);
  const { key, stage, original } = entry;
  const needing = [...new Set(claims.map(({ topology }) => topology))].join(" and ");
  return {
    kind: entry.kind,
    key,
    host,
    action: "none",
    before: actual,
    after: actual,
    description: kind.describe(entry.state),
    fields: [],
    reason: `left: the topology ${needing} needs it`,
    why: "",
    stage,
    phase: "clear",
    isAction: false,
    original: original ?? undefined,
  };
}

function draftClear(
  entry: LedgerEntry,
  kind: ResourceKind,
  state: HostState,
  cleared: readonly LedgerEntry[],
): readonly Draft[] {
  const actual = unlessImplied(state.observed.get(entry.kind)?.states.get(entry.key), kind);
  const recorded = originalWithout(cleared, entry, kind);
  const isOver = actual !== undefined && recorded !== undefined && isGoneByNow(actual, recorded, kind, state);
  const original = isOver ? undefined : recorded;
  if (actual === undefined && (original === undefined || kind.whenChangedByOthers === "leave")) return [];
  const isAsWeSetIt = actual !== undefined && kind.diff(actual, entry.state).length === 0;
  const isLeft = !isAsWeSetIt && kind.whenChangedByOthers === "leave";
  const differing = actual && original ? (kind.diffFromOriginal ?? kind.diff)(actual, original) : [];
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
      reason: isLeft
        ? "left: it was changed by somebody else since"
        : original
          ? "back to what it was"
          : noLongerAsked(isOver),
      why: "",
      stage: entry.stage,
      phase: "clear",
      isAction: false,
      original,
    },
  ];
}

/** Whether what was there before differs from what is there, and would have ended by itself since. */
function isGoneByNow(actual: State, original: State, kind: ResourceKind, { observed }: HostState): boolean {
  if (kind.isOver === undefined || kind.diff(actual, original).length === 0) return false;
  return kind.isOver(original, observed.get(kind.kind) ?? kind.bare());
}

const NO_LONGER_ASKED: NoLongerAsked = "no longer asked for";

function noLongerAsked(isOver: boolean): string {
  return isOver ? `${NO_LONGER_ASKED}; what was there before has expired` : NO_LONGER_ASKED;
}

/** What was there before lvsctl first touched a resource, if it is lvsctl's to restore. */
function originalOf({ original }: LedgerEntry, kind: ResourceKind): State | undefined {
  return unlessImplied(original ?? undefined, kind);
}

/** What was there before lvsctl, where the plan also removes what lvsctl had made earlier, and which may have changed it. */
function originalWithout(cleared: readonly LedgerEntry[], entry: LedgerEntry, kind: ResourceKind): State | undefined {
  const recorded = originalOf(entry, kind);
  if (kind.originalWithout === undefined || recorded === undefined) return recorded;
  const earlier = cleared.slice(0, cleared.indexOf(entry)).filter((one) => one.kind === entry.kind);
  return kind.originalWithout(recorded, earlier);
}

function unlessImplied(state: State | undefined, kind: ResourceKind): State | undefined {
  return state !== undefined && kind.isImplied?.(state) === true ? undefined : state;
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
  change: Omit<PlannedChange, "commands">,
  state: HostState,
  kinds: ReadonlyMap<string, ResourceKind>,
  context: HostContext,
): readonly string[] {
  if (change.action === "none") return [];
  const kind = kindOf(kinds, change.kind);
  const observed = state.observed.get(change.kind) ?? kind.bare();
  return kind.commands([change], observed, context).map(({ script }) => script);
}

function entriesOf(state: HostState): ReadonlyMap<string, LedgerEntry> {
  return new Map((state.ledger?.entries ?? []).map((entry) => [identity(entry), entry]));
}

/** Whether it changes nothing by itself, and is done because something else changes. */
function isFollowing({ action, isAction }: PlannedChange): boolean {
  return isAction && action !== "none";
}

function isChanging({ action }: Draft): boolean {
  return action !== "none";
}

/** A resource's identity across all kinds and hosts, as `follows` lists it. */
function globalIdentity(change: Draft): string {
  return `${change.host} ${identity(change)}`;
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
