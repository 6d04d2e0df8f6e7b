/** What filters packets on a host besides our own rules: all tables of all its iptables. */
import type { Observed, OtherFilters } from "../resource.ts";
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
      tables === undefined ? [] : [{ ...one, tables, ...(isOurs ? { own } : {}) }],
    ),
    unread: found.flatMap(({ unread, isNft }) => (unread === undefined ? [] : [{ why: unread, isNft }])),
  };
}
