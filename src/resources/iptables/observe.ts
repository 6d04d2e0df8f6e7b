/** Turns what a host's iptables programs list into states of our rules and views of our chains. */
import { normalRule } from "../../lvs/iptables-rule.ts";
import type { SavedTable } from "../../lvs/iptables-words.ts";
import type { Family } from "../../net/address.ts";
import type { ReadOutputs } from "../../shell/read-script.ts";
import { enabledRuleServices } from "../boot/rule-services.ts";
import { type Fault, unreadRules } from "../filter-fault.ts";
import type { HostContext, Observed } from "../resource.ts";
import { type Backend, type Choice, chooseBackend } from "./backend.ts";
import { type ChainView, chainView, misplaced } from "./chain-order.ts";
import { type FoundIptables, findIptables } from "./found-iptables.ts";
import { chainKey, foundKey, type IptablesRuleState, isAccepting, programOf, ruleKey } from "./rule-state.ts";

/** What the kind's commands need to know about a host. */
export interface IptablesFacts {
  /** Which iptables to use; no entry for a family of which the host has none that works. */
  readonly backends: ReadonlyMap<Family, Backend>;
  /** Why none of those that the host has works. */
  readonly faults?: ReadonlyMap<Family, Fault>;
  /** The chains with rules of ours, by `chainKey`. */
  readonly views: ReadonlyMap<string, ChainView>;
  /** All that the host has. */
  readonly found?: readonly FoundIptables[];
  /** The services here that may delete our rules. */
  readonly deleters?: readonly string[];
}

/**
 * Finds the rules of `states` on a host, each with its place; missing rules have no state. Rules that only let something
 * through are fulfilled on a host without iptables: nothing that iptables has made drops packets there. Throws LVS-FACT-001
 * if there is iptables and its rules cannot be read.
 */
export function observeRules(
  outputs: ReadOutputs,
  states: readonly IptablesRuleState[],
  { host }: HostContext,
): Observed<IptablesRuleState, IptablesFacts> {
  const backends = new Map<Family, Backend>();
  const ourChains = new Set(states.flatMap(({ declares }) => declares ?? []));
  const families = [...new Set(states.map((state) => state.family))];
  const faults = new Map<Family, Fault>();
  for (const family of families) {
    const { backend, fault } = chosen(outputs, family, ourChains, host);
    if (backend) backends.set(family, backend);
    if (fault) faults.set(family, fault);
  }
  const views = new Map<string, ChainView>();
  const places = new Map(
    states.filter((state) => !backends.has(state.family)).flatMap((state) => letsThroughOnly(state, states)),
  );
  for (const chain of chainsOf(states)) {
    const [{ family, table }] = chain;
    if (!backends.has(family)) continue;
    const saved = backends.get(family)?.tables.get(table);
    const view = chainView(keysIn(saved, chain[0]), chain.map(ruleKey));
    views.set(chainKey(chain[0]), view);
    const outOfOrder = misplaced(view);
    for (const state of chain) {
      const place = placeOf(state, saved, view, outOfOrder);
      if (place !== undefined) places.set(ruleKey(state), { ...state, place });
    }
  }
  const found = families.flatMap((family) => findIptables(outputs, family, backends.get(family)));
  const deleters = enabledRuleServices(outputs);
  return { states: places, detail: { backends, ...(faults.size > 0 ? { faults } : {}), views, found, deleters } };
}

function chosen(outputs: ReadOutputs, family: Family, ourChains: ReadonlySet<string>, host: string): Choice {
  const choice = chooseBackend(outputs, family, ourChains);
  if (choice.fault === undefined || choice.fault.isEmpty) return choice;
  throw unreadRules(programOf(family), host, choice.fault);
}

/** The state as its key's entry if it only lets packets through, or is the jump to a chain of such rules. */
function letsThroughOnly(
  state: IptablesRuleState,
  states: readonly IptablesRuleState[],
): readonly (readonly [string, IptablesRuleState])[] {
  const { family, table, declares } = state;
  const inChain = (one: IptablesRuleState) => one.family === family && one.table === table && one.chain === declares;
  const rules = declares === undefined ? [state] : states.filter(inChain);
  return rules.every(isAccepting) ? [[ruleKey(state), { ...state, place: "as planned" }]] : [];
}

/** Every rule in every chain of the tables in use; a rule that we cannot normalise is returned as found. */
export function listRules(outputs: ReadOutputs, { host }: HostContext): readonly IptablesRuleState[] {
  return ([4, 6] as const).flatMap((family) => {
    const { tables = new Map<string, SavedTable>() } = chosen(outputs, family, new Set(), host).backend ?? {};
    return [...tables].flatMap(([table, { rules }]) =>
      [...rules].flatMap(([chain, found]) =>
        found.map(
          (rule): IptablesRuleState => ({ family, table, chain, rule: normalOr(rule, family), place: "as planned" }),
        ),
      ),
    );
  });
}

function normalOr(rule: readonly string[], family: Family): readonly string[] {
  try {
    return normalRule(rule, family).words;
  } catch {
    return rule;
  }
}

type NonEmpty<T> = readonly [T, ...T[]];

/** Groups the states by chain; a jump belongs to its built-in chain. */
function chainsOf(states: readonly IptablesRuleState[]): readonly NonEmpty<IptablesRuleState>[] {
  const chains = new Map<string, [IptablesRuleState, ...IptablesRuleState[]]>();
  for (const state of states) {
    const chain = chains.get(chainKey(state));
    if (chain) chain.push(state);
    else chains.set(chainKey(state), [state]);
  }
  return [...chains.values()];
}

function keysIn(table: SavedTable | undefined, state: IptablesRuleState): readonly string[] {
  return (table?.rules.get(state.chain) ?? []).map((rule) => foundKey(state, rule));
}

function placeOf(
  state: IptablesRuleState,
  table: SavedTable | undefined,
  { places }: ChainView,
  outOfOrder: ReadonlySet<string>,
): IptablesRuleState["place"] | undefined {
  const key = ruleKey(state);
  if (state.declares !== undefined) {
    if (places.has(key)) return "as planned";
    return table?.chains.has(state.declares) ? "not jumped to" : undefined;
  }
  if (!places.has(key)) return undefined;
  return outOfOrder.has(key) ? "out of order" : "as planned";
}
