/**
 * Netfilter rules in our own chains. Each chain is reached by one jump, inserted at the top of a built-in chain; other
 * chains are never touched. A table's changes are loaded atomically by `iptables-restore --noflush`.
 */
import { LvsctlError } from "../../errors/lvsctl-error.ts";
import { normalRule } from "../../lvs/iptables-rule.ts";
import { joinWords } from "../../lvs/iptables-words.ts";
import type { Family } from "../../net/address.ts";
import { ruleServices, unguardedCaveat } from "../boot/rule-services.ts";
import { ownChain } from "../own-chain.ts";
import { installHint } from "../packages.ts";
import type { ResourceKind } from "../resource.ts";
import { bareBackend } from "./backend.ts";
import { bootSteps } from "./boot.ts";
import { callsOfOthers, foreignChain, foreignRules } from "./foreign-rules.ts";
import { letsIn } from "./lets-in.ts";
import { type IptablesFacts, listRules, observeRules } from "./observe.ts";
import { filtersFrom, otherFilters } from "./other-filters.ts";
import { type IptablesRuleState, programOf, ruleKey } from "./rule-state.ts";
import { sessionDangers } from "./session-dangers.ts";
import { tableSteps, viewsAfter, viewsForUndo } from "./table-changes.ts";
import { readVariants } from "./variants.ts";

const FAMILIES = [4, 6] as const;

/** Netfilter rules in chains of ours, which the built-in chains call first. Source: iptables(8), legacy and nft. */
export const iptablesRule: ResourceKind<IptablesRuleState, IptablesFacts> = {
  kind: "iptables-rule",
  schema: {
    type: "object",
    required: ["table", "chain", "rule"],
    additionalProperties: false,
    properties: {
      table: { enum: ["filter", "nat", "mangle", "raw"], description: "The table." },
      chain: {
        enum: ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
        description: "The built-in chain; at its top it calls our chain, which holds the rule.",
      },
      rule: {
        type: "array",
        minItems: 1,
        maxItems: 100,
        items: { type: ["string", "integer"], maxLength: 255 },
        description:
          "The rule as iptables takes it, word by word, without table and chain: [-d, 10.0.2.1, -j, ACCEPT].",
      },
      family: { enum: [4, 6, null], description: "4 for iptables, 6 for ip6tables. Default: 4." },
    },
  },

  resolve(written, { topology }) {
    const { table, chain: hook, rule } = written as { table: string; chain: string; rule: readonly unknown[] };
    const family = written["family"] === 6 ? 6 : 4;
    const chain = ownChain(topology, hook);
    const common = { family, table, place: "as planned" } as const;
    return [
      { ...common, chain: hook, rule: ["-j", chain], declares: chain },
      { ...common, chain, rule: normalWords(rule.map(String), family) },
    ];
  },
  key: ruleKey,
  fields: { family: true, table: true, chain: true, rule: true, declares: true, place: true },

  read: (states) => {
    const families = new Set(states.map(({ family }) => family));
    return families.size === 0 ? [] : [...[...families].flatMap(readVariants), ruleServices];
  },
  parse: observeRules,
  diff: (actual, desired) => (actual.place === desired.place ? [] : ["place"]),
  bare: () => ({
    states: new Map(),
    detail: { backends: new Map(FAMILIES.map((family) => [family, bareBackend(family)])), views: new Map() },
  }),
  commands: tableSteps,
  detailAfter: viewsAfter,
  detailForUndo: viewsForUndo,
  comesBack: "netfilter rules",
  atBoot: bootSteps,

  problem(desired, observed, owned) {
    const { family } = desired;
    if (observed.detail.backends.has(family)) return foreignChain(desired, observed, owned);
    if (observed.states.has(ruleKey(desired))) return undefined;
    const fault = observed.detail.faults?.get(family);
    if (fault) return { message: `${programOf(family)} is there and cannot be used: ${fault.why}.`, hint: fault.hint };
    return {
      message: `There is no ${programOf(family)} that works.`,
      hint: installHint("iptables"),
    };
  },

  caveats: (desired, { detail: { deleters = [] } }, { states: [first], isBroughtBack }) =>
    desired !== first || isBroughtBack || deleters.length === 0 ? [] : [unguardedCaveat(deleters)],
  removalProblem: callsOfOthers,
  foreignParts: foreignRules,

  dangers: sessionDangers,
  letsIn,
  otherFilters,
  filters: { read: (families) => families.flatMap(readVariants), parse: filtersFrom },
  list: { read: () => FAMILIES.flatMap(readVariants), parse: listRules },
  bearsOurName: () => true,
  whenChangedByOthers: "restore",
  describe: ({ family, table, chain, rule, declares }) =>
    `${programOf(family)} -t ${table} ${declares === undefined ? "-A" : "-I"} ${chain} ${joinWords(rule)}`,
};

function normalWords(words: readonly string[], family: Family): readonly string[] {
  try {
    const normal = normalRule(words, family).words;
    joinWords(normal);
    return normal;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new LvsctlError("LVS-FACT-003", `A netfilter rule cannot be understood: ${error.message}.`, {
      hint: `Write it as for iptables -A, one word an item, without table and chain. It is: ${JSON.stringify(words.join(" "))}`,
    });
  }
}
