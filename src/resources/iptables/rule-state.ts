/** The state of one netfilter rule, and what names it. */
import { normalRule } from "../../lvs/iptables-rule.ts";
import type { Family } from "../../net/address.ts";
import type { State } from "../resource.ts";

/** One rule in a chain of ours, or the jump that leads to the chain. */
export interface IptablesRuleState extends State {
  readonly family: Family;
  readonly table: string;
  /** The chain that holds the rule: ours, or the built-in one for a jump to ours. */
  readonly chain: string;
  /** In normal form. */
  readonly rule: readonly string[];
  /** The chain of ours that the rule jumps to, and which comes and goes with the jump. */
  readonly declares?: string;
  /** `not jumped to`: the chain of ours is there without its jump. */
  readonly place: "as planned" | "out of order" | "not jumped to";
}

/** What names a chain on its host. */
type ChainName = Pick<IptablesRuleState, "family" | "table" | "chain">;

/** The program that a family's rules are made with, as far as its name is the same everywhere. */
export function programOf(family: Family): string {
  return family === 6 ? "ip6tables" : "iptables";
}

/** A chain's name on its host: `iptables -t nat -A PREROUTING`. */
export function chainKey({ family, table, chain }: ChainName): string {
  return `${programOf(family)} -t ${table} -A ${chain}`;
}

/** The same for rules that mean the same. */
export function ruleKey(state: ChainName & Pick<IptablesRuleState, "rule">): string {
  return `${chainKey(state)} ${normalRule(state.rule, state.family).identity}`;
}

/** The key of a rule as it was found in a chain; somebody's may have words that our normal form does not know. */
export function foundKey(chain: ChainName, rule: readonly string[]): string {
  try {
    return ruleKey({ ...chain, rule });
  } catch {
    return `${chainKey(chain)} ${rule.join(" ")}`;
  }
}
