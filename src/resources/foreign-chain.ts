/** A netfilter chain of our name that the ledger does not know: it was lost, or somebody else uses the name. */
import type { IptablesFacts } from "./iptables-changes.ts";
import { chainKey, type IptablesRuleState, programOf } from "./iptables-state.ts";
import type { Observed, Problem } from "./resource.ts";

/** `desired`: the jump to the chain. A chain that holds nothing but what is wanted there is in nobody's way. */
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
      "--adopt: at the end it goes, with all that is in it.",
    adoptable: true,
  };
}
