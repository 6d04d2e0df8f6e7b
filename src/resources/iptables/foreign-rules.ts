/** Somebody else's rules in our netfilter chains, and chains with our name that may not be ours. */
import { command } from "../../shell/quote.ts";
import { calledProblem } from "../called-chain.ts";
import type { ForeignPart, Observed, Problem } from "../resource.ts";
import type { IptablesFacts } from "./observe.ts";
import { chainKey, foundKey, type IptablesRuleState, programOf, ruleKey } from "./rule-state.ts";

/**
 * Rules in our chains, and calls of our chains, that are not ours; a second copy of one of ours counts too. `ours`: the whole
 * ledger, as `kind key`.
 */
export function foreignRules(
  states: readonly IptablesRuleState[],
  { detail }: Observed<IptablesRuleState, IptablesFacts>,
  ours: ReadonlySet<string>,
): readonly ForeignPart[] {
  return ownChains(states).flatMap((chain) => {
    const backend = detail.backends.get(chain.family);
    const all = [...(backend?.tables.get(chain.table)?.rules ?? [])].flatMap(([name, rules]) =>
      rules.map((rule) => ({ place: { ...chain, chain: name }, rule })),
    );
    const seen = new Set<string>();
    return all.flatMap(({ place, rule }): readonly ForeignPart[] => {
      if (place.chain !== chain.chain && !calls(rule, chain.chain)) return [];
      const key = foundKey(place, rule);
      if (ours.has(`iptables-rule ${key}`) && !seen.has(key)) {
        seen.add(key);
        return [];
      }
      const program = (backend?.restore ?? "").replace(/-restore$/, "");
      const remedy = command(program, "-t", place.table, "-D", place.chain, ...rule);
      return [{ kind: "iptables-rule", key, description: `${chainKey(place)} ${command(...rule)}`, remedy }];
    });
  });
}

/** Why a jump and its chain cannot go: iptables deletes no chain that is called. Copies of the jump go with it. */
export function callsOfOthers(
  jump: IptablesRuleState,
  observed: Observed<IptablesRuleState, IptablesFacts>,
  ours: ReadonlySet<string>,
): Problem | undefined {
  const { declares } = jump;
  if (declares === undefined) return undefined;
  const own = `${chainKey({ ...jump, chain: declares })} `;
  const calling = foreignRules([jump], observed, ours).filter(
    ({ key }) => !key.startsWith(own) && key !== ruleKey(jump),
  );
  return calling.length === 0 ? undefined : calledProblem(declares, calling);
}

function calls(rule: readonly string[], chain: string): boolean {
  return rule.some((word, index) => ["-j", "-g"].includes(word) && rule[index + 1] === chain);
}

/** One state for each of our chains, as if it were a rule in it. */
function ownChains(states: readonly IptablesRuleState[]): readonly IptablesRuleState[] {
  const chains = states.flatMap(({ family, table, declares }): readonly IptablesRuleState[] =>
    declares === undefined ? [] : [{ family, table, chain: declares, rule: [], place: "as planned" }],
  );
  return [...new Map(chains.map((chain) => [chainKey(chain), chain])).values()];
}

/** The first argument is the jump to the chain. A chain that holds only rules wanted there is no conflict. */
export function foreignChain(
  { family, table, declares }: IptablesRuleState,
  { detail }: Observed<IptablesRuleState, IptablesFacts>,
  owned: boolean,
): Problem | undefined {
  if (declares === undefined || owned) return undefined;
  const view = detail.views.get(chainKey({ family, table, chain: declares }));
  const wanted = new Set(view?.wanted);
  const strange = (view?.actual ?? []).filter((key) => !wanted.has(key));
  const [first, ...more] = strange;
  if (first === undefined) return undefined;
  const others = more.length === 0 ? "" : ` and ${more.length} more`;
  return {
    message:
      `There is a chain ${declares} that lvsctl did not make, as far as the ledger on this host knows. It holds ` +
      `${first.slice(first.indexOf(" -A ") + ` -A ${declares} `.length)}${others}.`,
    hint:
      `Look at it (${programOf(family)} -t ${table} -S ${declares}) and remove it, or let lvsctl take it over with ` +
      "--adopt: destroy then removes it, with everything in it.",
    adoptable: true,
  };
}
