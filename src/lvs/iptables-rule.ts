/**
 * The normal form of netfilter rules: a rule as written and the same rule as iptables-save prints it have the same one. Only
 * what iptables itself rewrites is rewritten; everything else is kept word by word.
 */
import { type Family, parseCidr } from "../net/address.ts";
import {
  canonicalOption,
  matchOfProtocol,
  networkText,
  type Option,
  optionName,
  protocolName,
  protocolOptions,
  textOptions,
} from "./iptables-values.ts";
import { joinWords } from "./iptables-words.ts";

/** A rule in its normal form, for iptables and for comparison. */
export interface NormalRule {
  /** The rule's words in an order that iptables accepts, without table and chain. */
  readonly words: readonly string[];
  /** A line of iptables-save that is equal for equal rules, whatever the order of a match's options. */
  readonly identity: string;
}

/** A match or a target with its options. */
export interface Clause {
  readonly kind: "-m" | "-j" | "-g";
  readonly name: string;
  readonly options: Option[];
}

/** A rule in its parts. */
interface ParsedRule {
  /** In the order of iptables-save. */
  readonly head: ReadonlyMap<HeadOption, Option>;
  readonly clauses: readonly Clause[];
}

type HeadOption = "-s" | "-d" | "-i" | "-o" | "-p" | "-f";

const HEAD: Readonly<Record<string, HeadOption>> = {
  ...{ "-s": "-s", "--source": "-s", "--src": "-s", "-d": "-d", "--destination": "-d", "--dst": "-d" },
  ...{ "-i": "-i", "--in-interface": "-i", "-o": "-o", "--out-interface": "-o" },
  ...{ "-p": "-p", "--protocol": "-p", "--proto": "-p", "-f": "-f", "--fragment": "-f" },
};
const HEAD_ORDER: readonly HeadOption[] = ["-s", "-d", "-i", "-o", "-p", "-f"];
const CLAUSES: Readonly<Record<string, Clause["kind"]>> = {
  ...{ "-m": "-m", "--match": "-m", "-j": "-j", "--jump": "-j", "-g": "-g", "--goto": "-g" },
};

/**
 * The normal form of a rule's words, `-d 10.0.2.1 -p tcp --dport 80 -j DNAT --to-destination 172.16.10.10`. Throws a
 * RangeError on words that are not part of a rule: commands, tables, a word without its option.
 */
export function normalRule(words: readonly string[], family: Family): NormalRule {
  const { head, clauses } = parseRule(words, family);
  const headWords = HEAD_ORDER.flatMap((name) => {
    const option = head.get(name);
    return option ? optionWords(option) : [];
  });
  const write = (arrange: (options: readonly Option[]) => readonly Option[]) => [
    ...headWords,
    ...clauses.flatMap(({ kind, name, options }) => [kind, name, ...arrange(options).flatMap(optionWords)]),
  ];
  return { words: write((options) => options), identity: joinWords(write(sorted)) };
}

/** A rule's parts as iptables-save prints them. Throws like `normalRule`. */
export function parseRule(words: readonly string[], family: Family): ParsedRule {
  const head = new Map<HeadOption, Option>();
  const clauses: Clause[] = [];
  for (const option of options(words)) {
    const headName = HEAD[option.name];
    const clauseKind = CLAUSES[option.name];
    if (headName) addHead(head, headName, option);
    else if (clauseKind) clauses.push({ kind: clauseKind, name: only(option), options: [] });
    else if (isRuleOption(option.name)) addOption(clauses, head.get("-p")?.values[0], option, family);
    else throw new RangeError(`${option.name} is no part of a rule`);
  }
  const matches = clauses.filter(
    ({ kind, name, options }) => kind === "-m" && !(options.length === 0 && isProtocol(name)),
  );
  const targets = clauses.filter(({ kind }) => kind !== "-m");
  if (targets.length > 1) throw new RangeError("a rule has one target");
  return { head, clauses: [...matches.map(withoutImplied), ...targets] };
}

/** Every other option of the match ipvs implies `--ipvs`, and iptables-save then leaves it out. */
function withoutImplied(clause: Clause): Clause {
  if (clause.name !== "ipvs" || clause.options.length < 2) return clause;
  return { ...clause, options: clause.options.filter(({ name, isNegated }) => name !== "--ipvs" || isNegated) };
}

/** Options of iptables itself: commands, tables, and `--modprobe`, which names a program to run. */
const NOT_IN_RULES: ReadonlySet<string> = new Set([
  ...[
    "append",
    "check",
    "delete",
    "insert",
    "replace",
    "list",
    "list-rules",
    "flush",
    "zero",
    "new-chain",
    "delete-chain",
  ],
  ...[
    "policy",
    "rename-chain",
    "table",
    "wait",
    "wait-interval",
    "modprobe",
    "set-counters",
    "ipv4",
    "ipv6",
    "version",
    "help",
  ],
]);

/** Whether it is a long option that a match or target may have; `--mod` would be completed to `--modprobe`. */
function isRuleOption(name: string): boolean {
  return /^--[a-z][a-z0-9-]*$/.test(name) && !NOT_IN_RULES.has(name.slice(2)) && !/^--mo(d(p.*)?)?$/.test(name);
}

/** Splits the words into options with their values; `!` stands before an option or, in the old syntax, before its value. */
function* options(words: readonly string[]): Generator<Option> {
  let isNegated = false;
  for (let at = 0; at < words.length; at += 1) {
    const name = words[at] ?? "";
    if (name === "!") {
      isNegated = true;
      continue;
    }
    if (!/^--?[A-Za-z0-9]/.test(name)) throw new RangeError(`${JSON.stringify(name)} belongs to no option`);
    if (words[at + 1] === "!" && !/^-/.test(words[at + 2] ?? "-")) {
      isNegated = true;
      at += 1;
    }
    const values: string[] = [];
    if (textOptions.has(name)) values.push(textOf(name, words[++at]));
    while (at + 1 < words.length && !/^(-|!$)/.test(words[at + 1] ?? "")) values.push(words[++at] ?? "");
    yield { isNegated, name, values };
    isNegated = false;
  }
}

/** A text may begin with a hyphen, so that whatever stands behind such an option is its value. */
function textOf(name: string, text: string | undefined): string {
  if (text === undefined) throw new RangeError(`${name} takes one value`);
  return text;
}

function addHead(head: Map<HeadOption, Option>, name: HeadOption, option: Option): void {
  if (name === "-f") {
    head.set(name, { ...option, name });
    return;
  }
  const written = only(option);
  const value = name === "-p" ? protocolName(written) : name === "-s" || name === "-d" ? network(option) : written;
  if (value !== undefined) head.set(name, { ...option, name, values: [value] });
}

function network(option: Option): string | undefined {
  const written = only(option);
  const text = networkText(written);
  if (text !== undefined && !parseCidr(text))
    throw new RangeError(`${option.name} takes one address or network, not ${written}`);
  return text;
}

function addOption(clauses: Clause[], protocol: string | undefined, option: Option, family: Family): void {
  const current = clauses.at(-1);
  const name = optionName(current?.name ?? "", option.name);
  const ofProtocol = protocol !== undefined && isOptionOf(protocol, name) ? matchOfProtocol(protocol) : undefined;
  const owner =
    ofProtocol === undefined ? current : (clauses.find((clause) => clause.name === ofProtocol) ?? newMatch(ofProtocol));
  if (!owner || (protocol === undefined && needsProtocol(owner, name)))
    throw new RangeError(`${option.name} belongs to no match or target`);
  if (!clauses.includes(owner)) clauses.push(owner);
  const canonical = canonicalOption(owner.name, { ...option, name }, family);
  if (canonical) owner.options.push(canonical);
}

function newMatch(name: string): Clause {
  return { kind: "-m", name, options: [] };
}

function isOptionOf(protocol: string, name: string): boolean {
  return protocolOptions.get(protocol)?.has(name === "--syn" ? "--tcp-flags" : name) ?? false;
}

/** Whether an option belongs to a protocol's match but stands in another match: without `-p` before it, iptables rejects it. */
function needsProtocol({ name: owner }: Clause, name: string): boolean {
  return !isProtocol(owner) && [...protocolOptions.keys()].some((protocol) => isOptionOf(protocol, name));
}

function isProtocol(match: string): boolean {
  return [...protocolOptions.keys()].some((protocol) => matchOfProtocol(protocol) === match);
}

function only({ name, values }: Option): string {
  const [value] = values;
  if (value === undefined || values.length > 1) throw new RangeError(`${name} takes one value`);
  return value;
}

function optionWords({ isNegated, name, values }: Option): readonly string[] {
  return [...(isNegated ? ["!"] : []), name, ...values];
}

function sorted(options: readonly Option[]): readonly Option[] {
  return [...options].sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
}
