/** Rules of somebody else's in netfilter chains of ours. */
import { command } from "../shell/quote.ts";
import type { IptablesFacts } from "./iptables-changes.ts";
import { chainKey, type IptablesRuleState, ruleKey } from "./iptables-state.ts";
import type { Observed, Stranger } from "./resource.ts";

/** A second copy of a rule of ours is a stranger too. `ours`: all that the ledger has, as `kind key`. */
export function strangeRules(
  states: readonly IptablesRuleState[],
  { detail }: Observed<IptablesRuleState, IptablesFacts>,
  ours: ReadonlySet<string>,
): readonly Stranger[] {
  return ownChains(states).flatMap((chain) => {
    const backend = detail.backends.get(chain.family);
    const rules = backend?.tables.get(chain.table)?.rules.get(chain.chain) ?? [];
    const seen = new Set<string>();
    return rules.flatMap((rule): readonly Stranger[] => {
      const key = keyOf(chain, rule);
      if (ours.has(`iptables-rule ${key}`) && !seen.has(key)) {
        seen.add(key);
        return [];
      }
      const program = (backend?.restore ?? "").replace(/-restore$/, "");
      const remedy = command(program, "-t", chain.table, "-D", chain.chain, ...rule);
      return [{ kind: "iptables-rule", key, description: `${chainKey(chain)} ${command(...rule)}`, remedy }];
    });
  });
}

/** One state for each chain of ours, as if it were a rule in it. */
function ownChains(states: readonly IptablesRuleState[]): readonly IptablesRuleState[] {
  const chains = states.flatMap(({ family, table, declares }): readonly IptablesRuleState[] =>
    declares === undefined ? [] : [{ family, table, chain: declares, rule: [], place: "as planned" }],
  );
  return [...new Map(chains.map((chain) => [chainKey(chain), chain])).values()];
}

function keyOf(chain: IptablesRuleState, rule: readonly string[]): string {
  try {
    return ruleKey({ ...chain, rule });
  } catch {
    return `${chainKey(chain)} ${rule.join(" ")}`; // With words that our normal form does not know.
  }
}
