/** The state of one netfilter rule, and the keys that identify it. */
import { normalRule } from "../../lvs/iptables-rule.ts";
import type { Family } from "../../net/address.ts";
import type { State } from "../resource.ts";

/** One rule in one of our chains, or the jump to the chain. */
export interface IptablesRuleState extends State {
  readonly family: Family;
  readonly table: string;
  /** The chain that holds the rule: ours, or for a jump the built-in one. */
  readonly chain: string;
  /** In normal form. */
  readonly rule: readonly string[];
  /** For a jump: our chain that it jumps to, which is created and removed with it. */
  readonly declares?: string;
  /** `not jumped to`: our chain exists but nothing jumps to it. */
  readonly place: "as planned" | "out of order" | "not jumped to";
}

/** What identifies a chain on its host. */
type ChainName = Pick<IptablesRuleState, "family" | "table" | "chain">;

/** The program for a family's rules; variants of it have this name too, with a suffix. */
export function programOf(family: Family): string {
  return family === 6 ? "ip6tables" : "iptables";
}

/** A chain's name on its host: `iptables -t nat -A PREROUTING`. */
export function chainKey({ family, table, chain }: ChainName): string {
  return `${programOf(family)} -t ${table} -A ${chain}`;
}

/** A rule's key; rules that mean the same have the same key. */
export function ruleKey(state: ChainName & Pick<IptablesRuleState, "rule">): string {
  return `${chainKey(state)} ${normalRule(state.rule, state.family).identity}`;
}

/** The key of a rule found in a chain. Somebody else's may use words that we cannot normalise. */
export function foundKey(chain: ChainName, rule: readonly string[]): string {
  try {
    return ruleKey({ ...chain, rule });
  } catch {
    return `${chainKey(chain)} ${rule.join(" ")}`;
  }
}

/** Whether the rule does nothing but let packets in or through. */
export function isAccepting({ table, rule }: IptablesRuleState): boolean {
  return table === "filter" && rule.slice(-2).join(" ") === "-j ACCEPT";
}
