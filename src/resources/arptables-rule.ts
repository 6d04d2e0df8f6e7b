/**
 * ARP filter rules in our own chains, each reached by one jump from INPUT or OUTPUT. As with iptables, a host may have two
 * programs that do not see each other's rules. Legacy cannot load atomically, so each rule is one command.
 */

import { LvsctlError } from "../errors/lvsctl-error.ts";
import { type ArpChains, type ArpRule, arpJumpPattern, arpRuleArguments, parseArptables } from "../lvs/arptables.ts";
import { addressFamily, contains, formatCidr, networkOf, parseCidr, wholeAddress } from "../net/address.ts";
import { command, raw, type ShellCommand, sh } from "../shell/quote.ts";
import type { ReadOutputs } from "../shell/read-script.ts";
import { calledProblem } from "./called-chain.ts";
import { type Fault, failedFault, legacyFault, unreadRules } from "./filter-fault.ts";
import { dryRun, moduleFacts, parseRights, readRights } from "./module-loading.ts";
import { NOT_FOUND, outputOf } from "./outputs.ts";
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
  /** The program that changes rules; undefined if the host has none that works. */
  readonly program: string | undefined;
  /** Why none of those that the host has works. */
  readonly fault?: Fault;
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
const IS_LEGACY = "arptables-rule-is-legacy";
const MODULE = "arp_tables";
const TRIED = "arptables-rule-module";
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
  fields: {
    ...{ chain: true, declares: true, place: true },
    ...{ target: true, source: true, destination: true, mangleSource: true },
  },

  read: () => [
    ...PROGRAMS.map((program) => ({ name: hasProgram(program), argv: ["command", "-v", program] })),
    { name: IS_NFT, argv: ["test", "/usr/sbin/arptables", "-ef", "/usr/sbin/arptables-nft"] },
    { name: IS_LEGACY, argv: ["test", "/usr/sbin/arptables", "-ef", "/usr/sbin/arptables-legacy"] },
    { name: SAVED_BY_NFT, argv: ["arptables-nft-save"] },
    { name: LISTED, argv: ["arptables", "-L", "-n"], onlyIf: LEGACY_TABLES },
    { name: LISTED_BY_LEGACY, argv: ["arptables-legacy", "-L", "-n"], onlyIf: LEGACY_TABLES },
    dryRun(TRIED, [MODULE]),
    readRights,
  ],

  parse(outputs, states, { host }) {
    const ours = new Set(states.flatMap(({ declares }) => declares ?? []));
    const { program, chains = new Map(), fault } = chooseProgram(programsOf(outputs), ours);
    if (fault?.isEmpty === false) throw unreadRules("arptables", host, fault);
    const actual = states.flatMap((state) => {
      const place = placeOf(state, chains);
      return place === undefined ? [] : [[arptablesRule.key(state), { ...state, place }] as const];
    });
    return { states: new Map(actual), detail: { program, chains, ...(fault ? { fault } : {}) } };
  },

  diff: (actual, desired) => (actual.place === desired.place ? [] : ["place"]),
  bare: () => ({ states: new Map(), detail: { program: "arptables", chains: new Map() } }),
  comesBack: "ARP rules",
  atBoot: (states, { detail }) => bootSteps(states, detail),
  commands: (changes, { detail }) =>
    oneByOne(changes, (change) => ((change.after?.declares ?? change.before?.declares) ? jump : rule)(change, detail)),

  problem(_desired, { detail }) {
    const { program, fault } = detail;
    if (program !== undefined) return undefined;
    if (fault) return { message: `arptables is there and cannot be used: ${fault.why}.`, hint: fault.hint };
    return { message: "There is no arptables.", hint: installHint("arptables") };
  },

  foreignParts: (states, { detail }, ours) => {
    const own = [...new Set(states.flatMap(({ declares }) => declares ?? []))];
    return own.flatMap((chain) => [...rulesOfOthersIn(chain, detail, ours), ...callsOfOthers(chain, detail, ours)]);
  },
  removalProblem({ declares }, { detail }, ours) {
    const calling = declares === undefined ? [] : callsOfOthers(declares, detail, ours);
    return declares === undefined || calling.length === 0 ? undefined : calledProblem(declares, calling);
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

function rulesOfOthersIn(
  chain: string,
  { program = "arptables", chains }: ArptablesFacts,
  ours: ReadonlySet<string>,
): readonly ForeignPart[] {
  const found = (chains.get(chain) ?? []).map((rule) => foreignRule(program, chain, rule));
  return found.filter((part) => !ours.has(identity(part)));
}

/** Rules that call one of our chains, other than our own jump: a second copy of that counts, too. */
function callsOfOthers(
  own: string,
  { program = "arptables", chains }: ArptablesFacts,
  ours: ReadonlySet<string>,
): readonly ForeignPart[] {
  const calling = [...chains].flatMap(([chain, rules]) =>
    rules.flatMap((rule) => (rule?.target === own ? [foreignRule(program, chain, rule)] : [])),
  );
  const first = calling.findIndex((part) => ours.has(identity(part)));
  return calling.filter((_, index) => index !== first);
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

/** A program with its chains, or why it is of no use. */
type Installed =
  | { readonly program: string; readonly chains: ArpChains; readonly fault?: undefined }
  | { readonly program: string; readonly fault: Fault };

/** The programs installed on the host, its default first. */
function programsOf(outputs: ReadOutputs): readonly Installed[] {
  const isDefaultNft = outputOf(outputs, IS_NFT).status === 0;
  const isThere = (program: string) => outputOf(outputs, hasProgram(program)).status === 0;
  const isDefaultLegacy = outputOf(outputs, IS_LEGACY).status === 0 || !isThere("arptables-nft");
  const shownBy = {
    arptables: isDefaultNft ? SAVED_BY_NFT : LISTED,
    "arptables-nft": SAVED_BY_NFT,
    "arptables-legacy": LISTED_BY_LEGACY,
  };
  return PROGRAMS.filter(isThere).map((program) => {
    const output = outputOf(outputs, shownBy[program]);
    const isShown = output.status !== NOT_FOUND;
    const asked = shownBy[program] === SAVED_BY_NFT ? "arptables-nft-save" : program;
    if (isShown && output.status !== 0) return { program, fault: failedFault(asked, output) };
    const isLegacy = program === "arptables-legacy" || (program === "arptables" && isDefaultLegacy && !isDefaultNft);
    const fault = isLegacy && !isShown ? unusedLegacy(outputs) : undefined;
    return fault ? { program, fault } : { program, chains: parseArptables(output.stdout) };
  });
}

/** Legacy has not been asked where its module is not loaded. */
function unusedLegacy(outputs: ReadOutputs): Fault | undefined {
  const tried = outputs.get(TRIED);
  const facts = moduleFacts(outputOf(outputs, TRIED), parseRights(outputs));
  return legacyFault(MODULE, facts, tried === undefined ? undefined : false, [outputOf(outputs, SAVED_BY_NFT)]);
}

/** The one that has one of our chains, else the default, else another one; a default that cannot be read may have them. */
function chooseProgram(installed: readonly Installed[], ours: ReadonlySet<string>): Partial<ArptablesFacts> {
  const usable = installed.flatMap((one) => (one.fault === undefined ? [one] : []));
  const faults = installed.flatMap(({ fault }) => fault ?? []);
  const holder = usable.find(({ chains }) => holds(chains, ours));
  const [first] = usable;
  const unread = first === undefined ? faults.find(({ isEmpty }) => !isEmpty) : installed[0]?.fault;
  if (holder === undefined && unread?.isEmpty === false) return { fault: unread };
  const chosen = holder ?? first;
  if (chosen !== undefined) return { program: chosen.program, chains: chosen.chains };
  return faults[0] === undefined ? {} : { fault: faults[0] };
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

/**
 * One step per chain. Saved rules may have restored an older chain, and what it has is not believed, whatever jumps there.
 * Ours are inserted above it, each in its place, so that no packet ever misses them. Then what stood there goes: ours, if it
 * began with just them, or else all of it.
 */
function bootSteps(
  states: readonly ArptablesRuleState[],
  { program = "arptables" }: ArptablesFacts,
): readonly BootStep[] {
  return states.flatMap((state) => {
    const chain = state.declares;
    if (chain === undefined) return [];
    const rules = states.filter((other) => other.chain === chain);
    const inserts = rules.map((other, index) =>
      command(program, "-I", chain, String(index + 1), ...arpRuleArguments(other)),
    );
    const count = rules.length;
    const script = sh`${program} -N ${chain} 2>/dev/null || :
${raw(inserts.join("\n") as ShellCommand)}
shown() { ${program} -L ${chain} -n 2>/dev/null | grep -e '^-' | sed -n "$1p"; }
surplus=-1
[ "$(shown 1,${count})" != "$(shown ${count + 1},${2 * count})" ] || surplus=${count}
while [ $surplus != 0 ] && ${program} -D ${chain} ${count + 1} 2>/dev/null; do surplus=$((surplus - 1)); done
${program} -L ${state.chain} -n 2>/dev/null | grep -qE -e ${arpJumpPattern(chain)} || ${raw(command(program, "-I", state.chain, ...arpRuleArguments(state)))}`;
    return [{ what: `ARP rules in ${chain}`, script, later: { when: sh`asks rules || lacking` } }];
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
