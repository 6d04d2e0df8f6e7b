/** The plan that drains a real server or undrains it: it changes weights on the directors and nothing else. Pure. */

import type { DesiredResource, DesiredState, Note } from "../compile/desired-state.ts";
import { bareCommand, type FollowUp } from "../errors/follow-up.ts";
import type { LedgerEntry } from "../ledger/ledger.ts";
import { serviceKey } from "../lvs/ipvsadm.ts";
import { isNamed } from "../lvs/service-name.ts";
import {
  type Drained,
  drainedFrom,
  type IpvsDestinationState,
  ipvsDestination,
} from "../resources/ipvs-destination.ts";
import type { ResourceKind, State } from "../resources/resource.ts";
import { allOf, isOf, observedOf } from "../resources/typed.ts";
import type { HostState } from "./host-state.ts";
import type { Plan, PlannedChange, PlanProblem } from "./plan.ts";
import { servicesIn } from "./services-in.ts";

/** Which real server to drain or undrain, and where. */
export interface DrainRequest {
  /** The real server's host name. */
  readonly server: string;
  /** Its addresses as a real server. */
  readonly addresses: ReadonlySet<string>;
  /** Only this service; absent: all of them. */
  readonly service?: string;
  /** Who drains it, and since when; undefined: undrain it. */
  readonly drain: Pick<Drained, "since" | "by"> | undefined;
}

const WHY = {
  drain: "With weight 0 it receives no new connections; those that are open continue.",
  undrain: "It gets connections again, as its weight in the topology says.",
};

/** A real server that the topology asks for, as an entry in a director's table. */
type WantedServer = DesiredResource & { readonly state: IpvsDestinationState };

/** The real server's entries in the directors' tables: the ones that a drain sets to weight 0. */
export function chosenBy(request: DrainRequest, desired: DesiredState, host: string): readonly WantedServer[] {
  return allOf(ipvsDestination, desired.hosts.get(host) ?? []).filter(
    ({ state, services }) =>
      request.addresses.has(state.address) &&
      (request.service === undefined || services.some((name) => isNamed(name, request.service ?? name))),
  );
}

/**
 * Everything in the ledgers stays unchanged except the weights. If lvsctl added a real server and it is no longer in the
 * table, that is a problem: an apply has to restore it first.
 */
export function planDrain(
  request: DrainRequest,
  desired: DesiredState,
  states: ReadonlyMap<string, HostState>,
  kinds: ReadonlyMap<string, ResourceKind>,
  next: FollowUp = bareCommand,
): Plan {
  const drafts = [...states.values()].map((state) => draftHost(request, desired, state, kinds, next));
  const hosts = new Map(drafts.map(({ host, changes }) => [host, changes]));
  const all = drafts.flatMap(({ changes }) => changes);
  const update = all.filter(({ action }) => action === "update").length;
  return {
    topology: desired.topology,
    hosts,
    services: servicesIn(desired),
    problems: drafts.flatMap(({ problems }) => problems),
    notes: request.drain ? lonelyServices(request, desired, hosts) : [],
    summary: { create: 0, update, delete: 0, none: all.length - update },
  };
}

interface Draft {
  readonly host: string;
  readonly changes: readonly PlannedChange[];
  readonly problems: readonly PlanProblem[];
}

function draftHost(
  request: DrainRequest,
  desired: DesiredState,
  { host, ledger, observed }: HostState,
  kinds: ReadonlyMap<string, ResourceKind>,
  next: FollowUp,
): Draft {
  const chosen = new Map(chosenBy(request, desired, host).map(({ key, state }) => [key, state]));
  const table = observedOf(ipvsDestination, observed) ?? ipvsDestination.bare();
  const context = { topology: desired.topology, host };
  const problems: PlanProblem[] = [];
  const changes = (ledger?.entries ?? []).map((entry): PlannedChange => {
    if (!isOf(ipvsDestination, entry)) {
      const description = kinds.get(entry.kind)?.describe(entry.state) ?? entry.key;
      return unchanged(host, entry, observed.get(entry.kind)?.states.get(entry.key), description);
    }
    const actual = table.states.get(entry.key);
    const wanted = chosen.get(entry.key);
    if (wanted && !actual) problems.push(notThere(host, ipvsDestination.describe(entry.state), next));
    const after = wanted ? stateAfter(request, entry.state, wanted) : narrowed(request, entry.state);
    const same = { ...unchanged(host, entry, actual, ipvsDestination.describe(after)), after };
    if (!wanted || !actual || actual.weight === after.weight) return same;
    const { kind, key } = entry;
    const steps = ipvsDestination.commands([{ kind, key, before: actual, after }], table, context);
    return { ...weighted(request, same, actual.weight, after.weight), commands: steps.map(({ script }) => script) };
  });
  return { host, changes, problems };
}

function stateAfter(
  { server, service, drain }: DrainRequest,
  set: IpvsDestinationState,
  wanted: IpvsDestinationState,
): IpvsDestinationState {
  const before = drainedFrom(set);
  const { drained: _drained, ...rest } = set;
  if (!drain) return before ? { ...rest, weight: wanted.weight } : set;
  const scope = service === undefined || before?.scope === "server" ? "server" : "service";
  const drained: Drained = before?.scope === scope ? before : { server, ...drain, scope };
  return { ...rest, weight: 0, drained };
}

/** Once a real server is undrained in one service, it is drained service by service and no longer as a whole. */
function narrowed({ addresses, service, drain }: DrainRequest, state: IpvsDestinationState): IpvsDestinationState {
  const drained = drainedFrom(state);
  if (drain || service === undefined || drained?.scope !== "server" || !addresses.has(state.address)) return state;
  return { ...state, drained: { ...drained, scope: "service" } };
}

function unchanged(host: string, entry: LedgerEntry, actual: State | undefined, description: string): PlannedChange {
  return {
    kind: entry.kind,
    key: entry.key,
    host,
    action: "none",
    before: actual,
    after: entry.state,
    description,
    fields: [],
    reason: "unchanged",
    why: "",
    stage: entry.stage,
    phase: "build",
    isAction: false,
    commands: [],
    original: entry.original ?? undefined,
  };
}

function weighted(
  { server, drain }: DrainRequest,
  change: PlannedChange,
  before: number,
  after: number,
): PlannedChange {
  const verb = drain ? "drain" : "undrain";
  const fields = [{ name: "weight", before, after }];
  return { ...change, action: "update", fields, reason: `${server} is ${verb}ed`, why: WHY[verb] };
}

/** Services left without a real server that accepts connections. */
function lonelyServices(
  request: DrainRequest,
  desired: DesiredState,
  hosts: ReadonlyMap<string, readonly PlannedChange[]>,
): readonly Note[] {
  const names = [...hosts].flatMap(([host, changes]) => {
    const open = allOf(ipvsDestination, changes).filter(({ after }) => after && after.weight > 0);
    const served = new Set(open.flatMap(({ after }) => (after ? serviceKey(after.service) : [])));
    return chosenBy(request, desired, host)
      .filter(({ state }) => !served.has(serviceKey(state.service)))
      .flatMap(({ services }) => services);
  });
  return [...new Set(names)].map((service) => ({
    service,
    playbook: "",
    step: "drain",
    message: "no other real server takes connections: new ones will be refused.",
  }));
}

function notThere(host: string, description: string, next: FollowUp): PlanProblem {
  return {
    host,
    description,
    message: "it is no longer in the director's table: somebody has removed it.",
    hint: `${next("drift")} shows what else was changed by hand; ${next("apply")} restores it.`,
  };
}
