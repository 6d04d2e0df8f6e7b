/** What filters packets on a host besides our own rules: all tables of all its iptables. */
import type { SavedTable } from "../../lvs/iptables-words.ts";
import type { Family } from "../../net/address.ts";
import type { ReadOutputs } from "../../shell/read-script.ts";
import type { Observed, OtherFilters } from "../resource.ts";
import { chooseBackend } from "./backend.ts";
import { findIptables } from "./found-iptables.ts";
import type { IptablesFacts } from "./observe.ts";
import type { IptablesRuleState } from "./rule-state.ts";

/** The rules of all of a host's iptables, ours among them as the plan has them. */
export function otherFilters(
  states: readonly IptablesRuleState[],
  { detail }: Observed<IptablesRuleState, IptablesFacts>,
): OtherFilters {
  const own = new Set(states.flatMap(({ declares }) => declares ?? []));
  const found = detail.found ?? [];
  return {
    iptables: found.flatMap(({ tables, isOurs, ...one }) =>
      tables === undefined
        ? []
        : [{ ...one, tables, ...(isOurs ? { own, planned: plannedTables(states, one.family) } : {}) }],
    ),
    unread: found.flatMap(({ unread, isNft }) => (unread === undefined ? [] : [{ why: unread, isNft }])),
  };
}

/** The same of a host that has been asked for nothing else. */
export function filtersFrom(
  outputs: ReadOutputs,
  families: readonly Family[],
  states: readonly IptablesRuleState[],
): OtherFilters {
  const ours = new Set(states.flatMap(({ declares }) => declares ?? []));
  const found = families.flatMap((family) =>
    findIptables(outputs, family, chooseBackend(outputs, family, ours).backend),
  );
  return otherFilters(states, { states: new Map(), detail: { backends: new Map(), views: new Map(), found } });
}

function plannedTables(states: readonly IptablesRuleState[], family: Family): ReadonlyMap<string, SavedTable> {
  const tables = new Map<string, Map<string, (readonly string[])[]>>();
  for (const { table, chain, rule } of states.filter((state) => state.family === family)) {
    const chains = tables.get(table) ?? new Map<string, (readonly string[])[]>();
    tables.set(table, chains.set(chain, [...(chains.get(chain) ?? []), rule]));
  }
  return new Map(
    [...tables].map(([table, rules]) => [table, { chains: new Set(rules.keys()), policies: new Map(), rules }]),
  );
}
