/** The plan that drains a real server, or puts it back: weights in the directors' tables, and nothing else. Pure. */
import type { DesiredResource, DesiredState, Note } from "../compile/desired-state.ts";
import type { LedgerEntry } from "../ledger/ledger.ts";
import { serviceKey } from "../lvs/ipvsadm.ts";
import { type Drained, drainedFrom, type IpvsDestinationState } from "../resources/ipvs-destination.ts";
import type { ResourceKind, State } from "../resources/resource.ts";
import type { HostState } from "./host-state.ts";
import type { Plan, PlannedChange, PlanProblem } from "./plan.ts";

export interface DrainRequest {
  /** The real server's host name. */
  readonly server: string;
  /** Its addresses as real server. */
  readonly addresses: ReadonlySet<string>;
  /** Only this service; absent: all of them. */
  readonly service?: string;
  /** Who drains it, and since when; undefined: it is put back. */
  readonly drain: Pick<Drained, "since" | "by"> | undefined;
}

const KIND = "ipvs-destination";
const WHY = {
  drain: "With weight 0 it gets no new connections; those that are open go on.",
  undrain: "It gets connections again, as its weight in the topology says.",
};

/** The real server's entries in the tables of the directors: those that a drain sets to weight 0. */
export function chosenBy(request: DrainRequest, desired: DesiredState, host: string): readonly DesiredResource[] {
  return (desired.hosts.get(host) ?? []).filter(
    ({ kind, state, services }) =>
      kind === KIND &&
      request.addresses.has(String(state["address"])) &&
      (request.service === undefined || services.includes(request.service)),
  );
}

/**
 * All that the ledgers hold stays as it is, but for the weights. A real server that lvsctl has entered and that is not in
 * the table any more is a problem: an apply has to put it back first.
 */
export function planDrain(
  request: DrainRequest,
  desired: DesiredState,
  states: ReadonlyMap<string, HostState>,
  kinds: ReadonlyMap<string, ResourceKind>,
): Plan {
  const kind = kinds.get(KIND);
  if (!kind) throw new Error(`no resource kind named ${KIND}`);
  const problems: PlanProblem[] = [];
  const hosts = new Map(
    [...states].map(([host, state]) => {
      const chosen = new Map(chosenBy(request, desired, host).map((resource) => [resource.key, resource]));
      const changes = (state.ledger?.entries ?? []).map((entry) => {
        const own = entry.kind === KIND ? chosen.get(entry.key) : undefined;
        const entryKind = kinds.get(entry.kind) ?? kind;
        const actual = state.observed.get(entry.kind)?.states.get(entry.key);
        if (own && !actual) problems.push(notThere(host, kind.describe(entry.state)));
        const after = own ? stateAfter(request, entry.state, own.state) : narrowed(request, entry);
        return changeOf({ host, entry, kind: entryKind, actual, after, isChosen: own !== undefined, request });
      });
      return [host, changes.map((change) => withCommands(change, state, kind, desired.topology))];
    }),
  );
  const all = [...hosts.values()].flat();
  const update = all.filter(({ action }) => action === "update").length;
  return {
    topology: desired.topology,
    hosts,
    problems,
    notes: request.drain ? lonelyServices(request, desired, hosts) : [],
    summary: { create: 0, update, delete: 0, none: all.length - update },
  };
}

function stateAfter({ server, service, drain }: DrainRequest, set: State, wanted: State): State {
  const before = drainedFrom(set);
  const { drained: _drained, ...rest } = set;
  if (!drain) return before ? { ...rest, weight: wanted["weight"] } : set;
  const scope = service === undefined || before?.scope === "server" ? "server" : "service";
  const drained: Drained = before?.scope === scope ? before : { server, ...drain, scope };
  return { ...rest, weight: 0, drained };
}

/** Once a real server is put back in one service, it is drained in single services, and no longer as a whole. */
function narrowed({ addresses, service, drain }: DrainRequest, { kind, state }: LedgerEntry): State {
  const drained = kind === KIND ? drainedFrom(state) : undefined;
  const isMeant = drained?.scope === "server" && addresses.has(String(state["address"]));
  return !drain && service !== undefined && isMeant ? { ...state, drained: { ...drained, scope: "service" } } : state;
}

interface Draft {
  readonly host: string;
  readonly entry: LedgerEntry;
  readonly kind: ResourceKind;
  readonly actual: State | undefined;
  readonly after: State;
  readonly isChosen: boolean;
  readonly request: DrainRequest;
}

function changeOf({ host, entry, kind, actual, after, isChosen, request }: Draft): PlannedChange {
  const isChange = isChosen && actual !== undefined && actual["weight"] !== after["weight"];
  const verb = request.drain ? "drain" : "undrain";
  return {
    kind: entry.kind,
    key: entry.key,
    host,
    action: isChange ? "update" : "none",
    before: actual,
    after,
    description: kind.describe(after),
    fields: isChange ? [{ name: "weight", before: actual["weight"], after: after["weight"] }] : [],
    reason: isChange ? `${request.server} is ${verb}ed` : "as it should be",
    why: isChange ? WHY[verb] : "",
    stage: entry.stage,
    phase: "build",
    isAction: false,
    commands: [],
    original: entry.original ?? undefined,
  };
}

function withCommands(change: PlannedChange, state: HostState, kind: ResourceKind, topology: string): PlannedChange {
  const observed = state.observed.get(KIND);
  if (change.action === "none" || !observed) return change;
  const steps = kind.commands([change], observed, { topology, host: change.host });
  return { ...change, commands: steps.map(({ script }) => script) };
}

/** Services that are left without a real server that takes connections. */
function lonelyServices(
  request: DrainRequest,
  desired: DesiredState,
  hosts: ReadonlyMap<string, readonly PlannedChange[]>,
): readonly Note[] {
  const names = [...hosts].flatMap(([host, changes]) => {
    const weights = changes.filter(({ kind }) => kind === KIND).map(({ after }) => after as IpvsDestinationState);
    return chosenBy(request, desired, host)
      .filter(({ state }) => {
        const key = serviceKey((state as IpvsDestinationState).service);
        return !weights.some(({ service, weight }) => serviceKey(service) === key && weight > 0);
      })
      .flatMap(({ services }) => services);
  });
  return [...new Set(names)].map((service) => ({
    service,
    playbook: "",
    step: "drain",
    message: "no other real server takes connections: new ones will be refused.",
  }));
}

function notThere(host: string, description: string): PlanProblem {
  return {
    host,
    description,
    message: "it is not in the director's table any more: somebody has removed it.",
    hint: "lvsctl drift shows what else was changed by hand; lvsctl apply puts it back.",
  };
}
