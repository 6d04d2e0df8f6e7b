/** Safety checks that a plan needs and a host could not carry out: what they would have found, nobody knows. Pure. */
import { addressFamily } from "../net/address.ts";
import { identity, type ResourceKind } from "../resources/resource.ts";
import { ownedOn } from "./adopt.ts";
import { otherFiltersOf, type Passing } from "./filters.ts";
import { partOf } from "./host-network.ts";
import type { HostState } from "./host-state.ts";
import { hasChanges, type Plan, type PlannedChange, type PlanProblem } from "./plan.ts";
import { isQuietDevice } from "./quiet-device.ts";

type Kinds = ReadonlyMap<string, ResourceKind>;

/** Adds a warning to the plan for each check that could not be carried out and that the plan depends on. */
export function withUnchecked(
  plan: Plan,
  states: ReadonlyMap<string, HostState>,
  kinds: Kinds,
  passing: Passing = new Map(),
): Plan {
  const found = [...states.values()].flatMap((state) => {
    const changes = (plan.hosts.get(state.host) ?? []).filter(({ action }) => action !== "none");
    if (state.surroundings === undefined) return [];
    if (changes.length === 0)
      return passing.has(state.host) && hasChanges(plan) ? unknownFilters(plan, state, kinds) : [];
    return [
      ...unknownLogin(state),
      ...unknownPrograms(plan, state, kinds),
      ...unaskedAddresses(changes, state, kinds),
      ...unknownFilters(plan, state, kinds),
    ];
  });
  return found.length === 0 ? plan : { ...plan, warnings: [...(plan.warnings ?? []), ...found] };
}

function unknownLogin({ host, surroundings }: HostState): readonly PlanProblem[] {
  if (surroundings?.login !== undefined) return [];
  const what = "whether a change could break lvsctl's own login";
  return [
    uncheckedOn(host, "lvsctl's login", what, "the host does not report which connection it is", {
      hint: "Check in the plan that nothing changes the address, the route or the rules that your login depends on. If the login breaks, the host rolls back on its own.",
    }),
  ];
}

/** What nft lists, iptables-nft need not show. */
function unknownFilters(plan: Plan, state: HostState, kinds: Kinds): readonly PlanProblem[] {
  const { host, surroundings: { nft, unknownFilters: why } = {} } = state;
  const built = (plan.hosts.get(host) ?? []).filter(({ phase }) => phase === "build");
  const filters = [...otherFiltersOf(state, built, kinds), ...(state.surroundings?.filters ?? [])];
  const unread = new Map(filters.flatMap((one) => one.unread.map((rules) => [rules.why, rules])));
  const what = (of: string) => `whether rules of ${of} would drop the services' packets`;
  const ofIptables = [...unread.values()]
    .filter(({ isNft }) => !isNft || nft === undefined)
    .map((one) =>
      uncheckedOn(host, "packet filters", what("iptables"), one.why, {
        hint: `Check on ${host} which rules there are, and whether the services' packets get through.`,
      }),
    );
  if (why === undefined) return ofIptables;
  const hint = `Look at them on ${host}: nft list ruleset.`;
  return [uncheckedOn(host, "packet filters", what("nf_tables"), why, { hint }), ...ofIptables];
}

/** Only where something is there that lvsctl did not make: whatever runs there has not made anything else. */
function unknownPrograms(plan: Plan, state: HostState, kinds: Kinds): readonly PlanProblem[] {
  const { host, observed, surroundings } = state;
  if (surroundings?.knowsPrograms) return [];
  const ours = ownedOn(state);
  const built = new Set((plan.hosts.get(host) ?? []).filter(({ phase }) => phase === "build").map(({ kind }) => kind));
  return [...kinds.values()].flatMap(({ kind, rivals }) => {
    const states = [...(observed.get(kind)?.states.keys() ?? [])];
    const foreign = states.filter((key) => !ours.has(identity({ kind, key })));
    if (rivals === undefined || !built.has(kind) || foreign.length === 0) return [];
    const what = `whether ${rivals.programs.join(", ")} or the like manages what lvsctl did not make here (${foreign.join(", ")})`;
    return [
      uncheckedOn(host, kind, what, "the host's /proc does not show which programs run in its network", {
        hint: `Check on ${host} what runs there, and stop what would undo lvsctl's work.`,
      }),
    ];
  });
}

function unaskedAddresses(
  changes: readonly PlannedChange[],
  { host, surroundings }: HostState,
  kinds: Kinds,
): readonly PlanProblem[] {
  const made = changes.filter(({ phase, action }) => phase === "build" && action === "create");
  return made.flatMap(({ kind, after, description }) =>
    partOf(kinds, kind, after).addresses.flatMap(({ address, device }) => {
      const isIpv6 = addressFamily(address) === 6;
      const why = isIpv6 ? traceOf(host) : surroundings?.unasked.get(address);
      if (why === undefined || isQuietDevice(device)) return [];
      const hint = isIpv6
        ? `Ask from another machine of that network: ping -6 ${address}. lvsctl verify asks afterwards.`
        : `Ask from another machine of that network (arping -D ${address}), or install arping on ${host}.`;
      return [uncheckedOn(host, description, `whether another machine has ${address} already`, why, { hint })];
    }),
  );
}

/** Duplicate address detection asks without a trace, but only by adding the address; and a plan must change nothing. */
function traceOf(host: string): string {
  return `a question by NDP would leave ${host} in its neighbours' caches`;
}

function uncheckedOn(
  host: string,
  description: string,
  what: string,
  why: string,
  { hint }: Pick<PlanProblem, "hint">,
): PlanProblem {
  return { host, description, message: `It could not be checked on ${host} ${what}, because ${why}.`, hint };
}
