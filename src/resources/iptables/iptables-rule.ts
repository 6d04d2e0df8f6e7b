/**
 * Netfilter rules in chains of our own. Each chain is reached by one jump, inserted at the top of a built-in chain; what
 * is in other chains is never touched. A table's changes are loaded at once by `iptables-restore --noflush`.
 */
import { LvsctlError } from "../../errors/lvsctl-error.ts";
import { normalRule } from "../../lvs/iptables-rule.ts";
import { joinWords, type SavedTable } from "../../lvs/iptables-words.ts";
import type { Family } from "../../net/address.ts";
import type { ReadOutputs } from "../../shell/read-script.ts";
import { ownChain } from "../own-chain.ts";
import { installHint } from "../packages.ts";
import type { Observed, ResourceKind } from "../resource.ts";
import { type Backend, bareBackend, chooseBackend, readBackends } from "./backend.ts";
import { bootSteps } from "./boot.ts";
import { type ChainView, misplaced } from "./chain-order.ts";
import { foreignChain, strangeRules } from "./foreign-rules.ts";
import { chainKey, type IptablesRuleState, programOf, ruleKey } from "./rule-state.ts";
import { sessionDangers } from "./session-dangers.ts";
import { type IptablesFacts, tableSteps, viewsAfter } from "./table-changes.ts";

const FAMILIES = [4, 6] as const;

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

  read: (states) => [...new Set(states.map(({ family }) => family))].flatMap(readBackends),
  parse: observe,
  diff: (actual, desired) => (actual.place === desired.place ? [] : ["place"]),
  bare: () => ({
    states: new Map(),
    detail: { backends: new Map(FAMILIES.map((family) => [family, bareBackend(family)])), views: new Map() },
  }),
  commands: tableSteps,
  detailAfter: viewsAfter,
  comesBack: "netfilter rules",
  atBoot: bootSteps,

  problem(desired, observed, owned) {
    const { family } = desired;
    if (observed.detail.backends.has(family)) return foreignChain(desired, observed, owned);
    return {
      message: `There is no ${programOf(family)} that works.`,
      hint: installHint("iptables"),
    };
  },

  strangers: strangeRules,

  dangers: sessionDangers,
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

function observe(
  outputs: ReadOutputs,
  states: readonly IptablesRuleState[],
): Observed<IptablesRuleState, IptablesFacts> {
  const backends = new Map<Family, Backend>();
  const ourChains = new Set(states.flatMap(({ declares }) => declares ?? []));
  for (const family of new Set(states.map((state) => state.family))) {
    const backend = chooseBackend(outputs, family, ourChains);
    if (backend) backends.set(family, backend);
  }
  const views = new Map<string, ChainView>();
  const places = new Map<string, IptablesRuleState>();
  for (const chain of chainsOf(states)) {
    const [{ family, table }] = chain;
    const saved = backends.get(family)?.tables.get(table);
    const view = { actual: keysIn(saved, chain[0]), wanted: chain.map(ruleKey) };
    views.set(chainKey(chain[0]), view);
    const outOfOrder = misplaced(view);
    for (const state of chain) {
      const place = placeOf(state, saved, view, outOfOrder);
      if (place !== undefined) places.set(ruleKey(state), { ...state, place });
    }
  }
  return { states: places, detail: { backends, views } };
}

type NonEmpty<T> = readonly [T, ...T[]];

/** The states chain by chain, jumps among those of their built-in chain. */
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
  return (table?.rules.get(state.chain) ?? []).map((rule) => {
    try {
      return ruleKey({ ...state, rule });
    } catch {
      return `${chainKey(state)} ${rule.join(" ")}`; // Somebody's, with words that our normal form does not know.
    }
  });
}

function placeOf(
  state: IptablesRuleState,
  table: SavedTable | undefined,
  { actual }: ChainView,
  outOfOrder: ReadonlySet<string>,
): IptablesRuleState["place"] | undefined {
  const key = ruleKey(state);
  if (state.declares !== undefined) {
    if (actual.includes(key)) return "as planned";
    return table?.chains.has(state.declares) ? "not jumped to" : undefined;
  }
  if (!actual.includes(key)) return undefined;
  return outOfOrder.has(key) ? "out of order" : "as planned";
}
