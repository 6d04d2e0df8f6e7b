/**
 * ARP filter rules in our own chains, each reached by one jump from INPUT or OUTPUT. As with iptables, a host may have two
 * programs that do not see each other's rules. Legacy cannot load atomically, so each rule is one command.
 */

import { LvsctlError } from "../errors/lvsctl-error.ts";
import { type ArpChains, type ArpRule, arpRuleArguments, parseArptables } from "../lvs/arptables.ts";
import { addressFamily, contains, formatCidr, networkOf, parseCidr, wholeAddress } from "../net/address.ts";
import { command, raw, type ShellCommand, sh } from "../shell/quote.ts";
import type { ReadOutputs } from "../shell/read-script.ts";
import { outputOf } from "./outputs.ts";
import { ownChain } from "./own-chain.ts";
import { installHint } from "./packages.ts";
import type { Danger, Passage } from "./passage.ts";
import {
  type BootStep,
  type Change,
  type ForeignPart,
  identity,
  type JudgedChange,
  oneByOne,
  type ResourceKind,
  type State,
} from "./resource.ts";

/** One rule in one of our chains, or the jump to the chain. */
export interface ArptablesRuleState extends State, ArpRule {
  /** The chain that holds the rule: ours, or for a jump the built-in one. */
  readonly chain: string;
  /** For a jump: our chain that it jumps to, which is created and removed with it. */
  readonly declares?: string;
  /** `not jumped to`: our chain exists but nothing jumps to it. */
  readonly place: "as planned" | "not jumped to";
}

/** What was found about ARP rules on a host. */
export interface ArptablesFacts {
  /** The program that changes rules; undefined if the host has none. */
  readonly program: string | undefined;
  /** All chains it shows. */
  readonly chains: ArpChains;
}

/** Exists once legacy's modules are loaded; listing rules would load them. */
const LEGACY_TABLES = "/proc/net/arp_tables_names";
const PROGRAMS = ["arptables", "arptables-nft", "arptables-legacy"] as const;
const SAVED_BY_NFT = "arptables-rule-save-nft";
const LISTED = "arptables-rule-list";
const LISTED_BY_LEGACY = "arptables-rule-list-legacy";
const IS_NFT = "arptables-rule-is-nft";
const hasProgram = (program: string) => `arptables-rule-has-${program}`;

const addressProperty = { type: ["string", "null"], description: "An address or a network: 172.16.10.10." };

/** ARP rules in chains of ours, which the built-in chains call first. Source: arptables(8), legacy and nft. */
export const arptablesRule: ResourceKind<ArptablesRuleState, ArptablesFacts> = {
  kind: "arptables-rule",
  schema: {
    type: "object",
    required: ["chain", "target"],
    additionalProperties: false,
    properties: {
      chain: {
        enum: ["INPUT", "OUTPUT"],
        description: "The built-in chain; at its top it calls our chain, which holds the rule.",
      },
      source: { ...addressProperty, description: "The sender's IPv4 address, or a network of them." },
      destination: { ...addressProperty, description: "The IPv4 address that is asked for, or a network of them." },
      target: { enum: ["DROP", "ACCEPT", "mangle"], description: "What happens to the packet." },
      mangleSource: {
        type: ["string", "null"],
        description: "With target mangle: the address that replaces the sender's.",
      },
    },
  },

  resolve(written, { topology }) {
    const hook = String(written["chain"]);
    const chain = ownChain(topology, hook);
    const own = (name: "source" | "destination" | "mangleSource") => {
      const value = written[name];
      return typeof value === "string" ? { [name]: networkText(value) } : {};
    };
    return [
      { chain: hook, target: chain, declares: chain, place: "as planned" },
      {
        ...{ chain, target: String(written["target"]), place: "as planned" },
        ...own("source"),
        ...own("destination"),
        ...own("mangleSource"),
      },
    ];
  },
  key: (state) => `-A ${state.chain} ${arpRuleArguments(state).join(" ")}`,

  read: () => [
    ...PROGRAMS.map((program) => ({ name: hasProgram(program), argv: ["command", "-v", program] })),
    { name: IS_NFT, argv: ["test", "/usr/sbin/arptables", "-ef", "/usr/sbin/arptables-nft"] },
    { name: SAVED_BY_NFT, argv: ["arptables-nft-save"] },
    { name: LISTED, argv: ["arptables", "-L", "-n"], onlyIf: LEGACY_TABLES },
    { name: LISTED_BY_LEGACY, argv: ["arptables-legacy", "-L", "-n"], onlyIf: LEGACY_TABLES },
  ],

  parse(outputs, states) {
    const ours = new Set(states.flatMap(({ declares }) => declares ?? []));
    const tables = tablesOf(outputs);
    const [chosen] = [...tables].sort((one, other) => Number(holds(other[1], ours)) - Number(holds(one[1], ours)));
    const chains: ArpChains = chosen?.[1] ?? new Map();
    const actual = states.flatMap((state) => {
      const place = placeOf(state, chains);
      return place === undefined ? [] : [[arptablesRule.key(state), { ...state, place }] as const];
    });
    return { states: new Map(actual), detail: { program: chosen?.[0], chains } };
  },

  diff: (actual, desired) => (actual.place === desired.place ? [] : ["place"]),
  bare: () => ({ states: new Map(), detail: { program: "arptables", chains: new Map() } }),
  comesBack: "ARP rules",
  atBoot: (states, { detail }) => bootSteps(states, detail),
  commands: (changes, { detail }) =>
    oneByOne(changes, (change) => ((change.after?.declares ?? change.before?.declares) ? jump : rule)(change, detail)),

  problem(_desired, { detail }) {
    if (detail.program !== undefined) return undefined;
    return { message: "There is no arptables.", hint: installHint("arptables") };
  },

  foreignParts(states, { detail: { program = "arptables", chains } }, ours) {
    const own = [...new Set(states.flatMap(({ declares }) => declares ?? []))];
    const found = own.flatMap((chain) => (chains.get(chain) ?? []).map((rule) => foreignRule(program, chain, rule)));
    return found.filter((part) => !ours.has(identity(part)));
  },

  network: ({ destination, target }) =>
    destination !== undefined && target === "DROP" ? { silent: [destination] } : {},
  dangers: sessionDangers,
  list: {
    read: (context) => arptablesRule.read([], context),
    parse: (outputs, context) => {
      const { chains } = arptablesRule.parse(outputs, [], context).detail;
      const known = [...chains].flatMap(([chain, rules]) =>
        rules.flatMap((rule) => (rule ? [{ ...rule, chain }] : [])),
      );
      return known.map((state) => ({ ...state, place: "as planned" }));
    },
  },
  bearsOurName: () => true,
  whenChangedByOthers: "restore",
  describe: (state) =>
    `arptables ${state.declares === undefined ? "-A" : "-I"} ${state.chain} ${arpRuleArguments(state).join(" ")}`,
};

/** Rules that stop a neighbour from resolving the session's address, or the host from resolving the neighbour's. */
function sessionDangers(
  { role, session, own }: Passage,
  changes: readonly JudgedChange<ArptablesRuleState>[],
): readonly Danger[] {
  const next = role === "end" ? (session.reply?.via ?? session.client) : undefined;
  return changes.flatMap((change) => {
    const { after: state, action } = change;
    if (action === "none" || !state || state.declares !== undefined) return [];
    const isIn = state.chain.endsWith("-INPUT");
    const [mine, theirs] = isIn ? [state.destination, state.source] : [state.source, state.destination];
    const isHarmless = state.target === "ACCEPT" || (state.target === "mangle" && state.mangleSource === own);
    if (isHarmless || !covers(mine, own) || (next !== undefined && !covers(theirs, next))) return [];
    return [{ change, would: `keep the neighbours from finding ${own} by ARP` }];
  });
}

function covers(network: string | undefined, address: string): boolean {
  const family = addressFamily(address);
  const cidr = network === undefined ? undefined : parseCidr(network);
  return (
    network === undefined ||
    (family !== undefined && cidr !== undefined && contains(cidr, wholeAddress({ address, family })))
  );
}

/** Somebody else's rule in one of our chains. If we cannot parse it, the remedy only lists the chain. */
function foreignRule(program: string, chain: string, rule: ArpRule | undefined): ForeignPart {
  const kind = "arptables-rule";
  if (!rule) {
    const remedy = command(program, "-L", chain, "-n", "--line-numbers");
    return { kind, key: `-A ${chain} ?`, description: `a rule in arptables chain ${chain}`, remedy };
  }
  const key = `-A ${chain} ${arpRuleArguments(rule).join(" ")}`;
  return {
    kind,
    key,
    description: `arptables ${key}`,
    remedy: command(program, "-D", chain, ...arpRuleArguments(rule)),
  };
}

/** The programs installed on the host, its default first, each with its chains. */
function tablesOf(outputs: ReadOutputs): readonly (readonly [program: string, chains: ArpChains])[] {
  const isDefaultNft = outputOf(outputs, IS_NFT).status === 0;
  const shownBy = {
    arptables: isDefaultNft ? SAVED_BY_NFT : LISTED,
    "arptables-nft": SAVED_BY_NFT,
    "arptables-legacy": LISTED_BY_LEGACY,
  };
  return PROGRAMS.filter((program) => outputOf(outputs, hasProgram(program)).status === 0).map(
    (program) => [program, parseArptables(outputOf(outputs, shownBy[program]).stdout)] as const,
  );
}

function holds(chains: ArpChains, wanted: ReadonlySet<string>): boolean {
  return [...wanted].some((chain) => chains.has(chain));
}

function placeOf(state: ArptablesRuleState, chains: ArpChains): ArptablesRuleState["place"] | undefined {
  const words = arpRuleArguments(state).join(" ");
  const isThere = (chains.get(state.chain) ?? []).some((found) => found && arpRuleArguments(found).join(" ") === words);
  if (isThere) return "as planned";
  return state.declares !== undefined && chains.has(state.declares) ? "not jumped to" : undefined;
}

function rule({ before, after }: Change<ArptablesRuleState>, { program = "arptables" }: ArptablesFacts): ShellCommand {
  const state = after ?? before;
  return state ? command(program, after ? "-A" : "-D", state.chain, ...arpRuleArguments(state)) : sh`:`;
}

/** Creates or removes a jump and its chain. A new chain is still empty when the jump is added. */
function jump({ before, after }: Change<ArptablesRuleState>, { program = "arptables" }: ArptablesFacts): ShellCommand {
  const state = after ?? before;
  if (!state) return sh`:`;
  const chain = state.target;
  const insert = raw(command(program, "-I", state.chain, ...arpRuleArguments(state)));
  const remove = raw(command(program, "-D", state.chain, ...arpRuleArguments(state)));
  const isIn = before?.place === "as planned";
  const isWanted = after?.place === "as planned";
  if (before && after) return isWanted ? sh`${insert}` : isIn ? sh`${remove}` : sh`:`;
  if (after && !isWanted) return sh`${program} -N ${chain}`;
  if (after) return sh`${program} -N ${chain} && { ${insert} || { ${program} -X ${chain}; false; }; }`;
  const removeChain = raw(sh`${program} -F ${chain} && ${program} -X ${chain}`);
  return isIn ? sh`${remove} && ${removeChain}` : sh`${removeChain}`;
}

/** One step per chain. The chain is filled before the jump is added, so an existing jump means that the chain is complete. */
function bootSteps(states: readonly ArptablesRuleState[], facts: ArptablesFacts): readonly BootStep[] {
  const { program = "arptables" } = facts;
  return states.flatMap((state) => {
    const chain = state.declares;
    if (chain === undefined) return [];
    const rules = states
      .filter((other) => other.chain === chain)
      .map((after) => rule({ kind: arptablesRule.kind, key: "", before: undefined, after }, facts));
    const insert = command(program, "-I", state.chain, ...arpRuleArguments(state));
    const fill = [sh`{ ${program} -N ${chain} 2>/dev/null || ${program} -F ${chain}; }`, ...rules, insert];
    const isThere = sh`{ arptables-nft-save 2>/dev/null; ${program} -L -n 2>/dev/null; } | grep -qF -e ${`-j ${chain}`}`;
    const script = sh`${raw(isThere)} || {\n${raw(fill.join(" &&\n") as ShellCommand)}\n}`;
    return { what: `ARP rules in ${chain}`, script };
  });
}

/** The address or network as arptables prints it. Throws LVS-FACT-003 if it is not IPv4. */
function networkText(written: string): string {
  const cidr = parseCidr(written);
  if (cidr?.family !== 4) {
    throw new LvsctlError("LVS-FACT-003", `${JSON.stringify(written)} is no IPv4 address or network.`, {
      hint: "ARP knows only IPv4: write an address such as 172.16.10.10.",
    });
  }
  return cidr.prefix === 32 ? cidr.address : formatCidr(networkOf(cidr));
}
