/**
 * Rules of iptables as the rules of nf_tables that do the same, so that one set of rules judges both. What has no such
 * counterpart here becomes a match or target of iptables that nothing is known of, as nft itself prints them. Pure.
 */
import type { Family } from "../net/address.ts";
import { type Clause, parseRule } from "./iptables-rule.ts";
import type { Option } from "./iptables-values.ts";
import type { SavedTable } from "./iptables-words.ts";
import { chainName, fieldOf, type NftChain, type NftRule, type NftRuleset } from "./nft-ruleset.ts";

/** One of a host's iptables, for one family, with its rules. */
export interface IptablesRules {
  /** `iptables-legacy`. */
  readonly program: string;
  /** Whether its rules are rules of nf_tables, so that nft lists them too. */
  readonly isNft: boolean;
  readonly family: Family;
  readonly tables: ReadonlyMap<string, SavedTable>;
}

type Json = unknown;
type JsonObject = Readonly<Record<string, Json>>;

/** Source: linux/netfilter_ipv4.h; iptables-nft has the same numbers for all tables but `security`, where it has 150. */
const PRIORITIES: Readonly<Record<string, number>> = { raw: -300, mangle: -150, filter: 0, security: 50 };

/** The chains of the table filter from which packets come to chains of ours. */
const OWN_PLACES: ReadonlySet<string> = new Set(["INPUT", "FORWARD"]);

const VERDICTS: Readonly<Record<string, string>> = {
  ...{ ACCEPT: "accept", DROP: "drop", REJECT: "reject", RETURN: "return" },
};

/** The chains that can drop packets: those of all tables but nat. */
export function asNft({ program, isNft, family, tables }: IptablesRules): NftRuleset {
  const filtering = [...tables].filter(([table]) => PRIORITIES[table] !== undefined);
  const chains = filtering.flatMap(([table, saved]) =>
    [...saved.chains].map((name): NftChain => {
      const policy = saved.policies.get(name)?.toLowerCase();
      const prio = isNft && table === "security" ? 150 : (PRIORITIES[table] ?? 0);
      return {
        ...{ family: networkOf(family), table, name, program },
        ...(policy === undefined ? {} : { policy, prio, type: "filter", hook: name.toLowerCase() }),
        rules: (saved.rules.get(name) ?? []).map((words) => ({
          words,
          expressions: expressionsOf(words, saved.chains, family),
        })),
      };
    }),
  );
  return new Map(chains.map((chain) => [chainName(chain), chain]));
}

/**
 * The ruleset with what iptables-nft says of its own rules: nft does not show the matches that nf_tables has from iptables,
 * and iptables-nft does not show what only nft can write. A chain with rules that others have made stays as it is.
 */
export function withWords(ruleset: NftRuleset, saved: NftRuleset): NftRuleset {
  return new Map([...ruleset].map(([name, chain]) => [name, chainWithWords(chain, saved.get(name))]));
}

function chainWithWords(chain: NftChain, saved: NftChain | undefined): NftChain {
  const isOfIptables = chain.rules.every(({ expressions }) => expressions.some((one) => "counter" in one));
  if (saved?.program === undefined || !isOfIptables || saved.rules.length !== chain.rules.length) return chain;
  const { program } = saved;
  return { ...chain, program, rules: chain.rules.map((rule, at) => ruleWithWords(rule, saved.rules[at])) };
}

function ruleWithWords(rule: NftRule, saved: NftRule | undefined): NftRule {
  if (saved?.words === undefined) return rule;
  const isXt = (one: JsonObject) => "xt" in one;
  const isMatch = (one: JsonObject) => "match" in one || "counter" in one;
  const own = rule.expressions.filter((one) => !isXt(one));
  const expressions = rule.expressions.some(isXt)
    ? [...own.filter(isMatch), ...saved.expressions, ...own.filter((one) => !isMatch(one))]
    : own;
  return { ...rule, expressions, words: saved.words };
}

/**
 * The ruleset as it is for packets that a topology lets in: its own chains accept them, and the jumps to these stand first in
 * filter's chains, or where they are already. Chains of its own in other tables drop nothing.
 */
export function withOwnChains(ruleset: NftRuleset, family: Family, own: ReadonlySet<string>): NftRuleset {
  const jumpsToOwn = ({ expressions }: NftRule) =>
    expressions.some((one) => own.has(String(fieldOf(fieldOf(one, "jump"), "target"))));
  const accept: NftRule = { expressions: [{ accept: null }] };
  return new Map(
    [...ruleset].map(([name, chain]) => {
      if (chain.family !== networkOf(family)) return [name, chain];
      const isOwnPlace = chain.table === "filter" && OWN_PLACES.has(chain.name);
      if (!isOwnPlace) return [name, { ...chain, rules: chain.rules.filter((one) => !jumpsToOwn(one)) }];
      const before = Math.max(chain.rules.findIndex(jumpsToOwn), 0);
      return [name, { ...chain, rules: [...chain.rules.slice(0, before), accept] }];
    }),
  );
}

/**
 * The ruleset as it will be with chains of its own, whatever they do: jumps to these stand first, or where they are already.
 * `planned`: the chains, and built-in ones that hold nothing but the jumps.
 */
export function withPlannedChains(ruleset: NftRuleset, planned: NftRuleset): NftRuleset {
  const merged = new Map(ruleset);
  for (const [name, chain] of planned) {
    const base = ruleset.get(name);
    const known = new Set((base?.rules ?? []).flatMap(targetsOf));
    const missing = chain.rules.filter((rule) => targetsOf(rule).some((target) => !known.has(target)));
    if (base?.hook === undefined) merged.set(name, chain);
    else merged.set(name, { ...base, rules: [...missing, ...base.rules] });
  }
  return merged;
}

function targetsOf({ expressions }: NftRule): readonly string[] {
  return expressions.map((one) => fieldOf(fieldOf(one, "jump"), "target")).filter((one) => typeof one === "string");
}

function expressionsOf(words: readonly string[], chains: ReadonlySet<string>, family: Family): readonly JsonObject[] {
  try {
    const { head, clauses } = parseRule(words, family);
    return [
      ...[...head.values()].map((option) => headMatch(option, family)),
      ...clauses.flatMap((clause) => (clause.kind === "-m" ? clauseMatches(clause, family) : verdict(clause, chains))),
    ];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [unknown("match", words.join(" ")), unknown("target", words.join(" "))];
  }
}

function unknown(type: "match" | "target", name: string): JsonObject {
  return { xt: { type, name } };
}

function verdict({ kind, name }: Clause, chains: ReadonlySet<string>): JsonObject {
  const known = VERDICTS[name];
  if (known !== undefined) return { [known]: null };
  return chains.has(name) ? { [kind === "-g" ? "goto" : "jump"]: { target: name } } : unknown("target", name);
}

function headMatch(option: Option, family: Family): JsonObject {
  const [value = ""] = option.values;
  const address = (field: string) => match(option, payload(networkOf(family), field), value);
  switch (option.name) {
    case "-s":
      return address("saddr");
    case "-d":
      return address("daddr");
    case "-p":
      return match(option, { meta: { key: "l4proto" } }, value);
    case "-i":
      return match(option, { meta: { key: "iifname" } }, value);
    case "-o":
      return match(option, { meta: { key: "oifname" } }, value);
    default:
      return unknown("match", option.name);
  }
}

function clauseMatches({ name, options }: Clause, family: Family): readonly JsonObject[] {
  if (name === "comment") return [];
  if (options.length === 0) return [unknown("match", name)];
  return options.map((option) => optionMatch(name, option, family) ?? unknown("match", `${name} ${option.name}`));
}

function optionMatch(owner: string, option: Option, family: Family): JsonObject | undefined {
  const [value = "", second = ""] = option.values;
  const port = (protocol: string, field: string) =>
    match(option, payload(protocol, field), { set: value.split(",").map(portsOf) });
  switch (`${owner} ${option.name}`) {
    case "tcp --sport":
    case "udp --sport":
    case "sctp --sport":
      return port(owner, "sport");
    case "tcp --dport":
    case "udp --dport":
    case "sctp --dport":
      return port(owner, "dport");
    case "multiport --sports":
      return port("th", "sport");
    case "multiport --dports":
      return port("th", "dport");
    case "iprange --src-range":
      return match(option, payload(networkOf(family), "saddr"), { range: value.split("-") });
    case "iprange --dst-range":
      return match(option, payload(networkOf(family), "daddr"), { range: value.split("-") });
    case "conntrack --ctstate":
    case "state --state":
      return match(option, { ct: { key: "state" } }, { set: value.toLowerCase().split(",") });
    case "tcp --tcp-flags": {
      const mask = value.toLowerCase().split(",");
      return match(option, { "&": [payload("tcp", "flags"), mask] }, second.toLowerCase());
    }
    default:
      return undefined;
  }
}

function match({ isNegated }: Option, left: Json, right: Json): JsonObject {
  return { match: { op: isNegated ? "!=" : "==", left, right } };
}

function payload(protocol: string, field: string): JsonObject {
  return { payload: { protocol, field } };
}

function portsOf(text: string): Json {
  const [from, to] = text.split(":").map(Number);
  return to === undefined ? from : { range: [from, to] };
}

function networkOf(family: Family): string {
  return family === 6 ? "ip6" : "ip";
}
