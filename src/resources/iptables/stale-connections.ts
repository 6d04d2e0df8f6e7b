/**
 * Connections that netfilter translates by a rule that has changed. A translation is chosen by a connection's first packet
 * and kept as long as its entry: a flow of UDP from one port, or a TCP client that uses a port again, would go the old way
 * for up to five days. Removed are the entries that the rule concerns and no others; IPVS's own table is left alone.
 * Needs the program conntrack; without it such entries age by themselves, and connections from new ports are right at once.
 */
import type { Family } from "../../net/address.ts";
import { command, raw, type ShellCommand, sh } from "../../shell/quote.ts";
import type { IptablesRuleState } from "./rule-state.ts";

/** The options of a rule that translates, by name, in normal form. */
type Options = ReadonlyMap<string, string>;

const TRANSLATIONS = ["DNAT", "SNAT", "MASQUERADE", "REDIRECT"];

/** A rule that has been added to a chain or taken out of it. */
export interface RuleTurn {
  readonly rule: IptablesRuleState;
  readonly turn: "added" | "removed";
}

/** Shell text that forgets what rules' coming and going has made stale, and cannot fail; undefined where that is nothing. */
export function forgetStale(turns: readonly RuleTurn[]): ShellCommand | undefined {
  const lines = [...new Set(turns.flatMap((turn) => forget(turn) ?? []))];
  if (lines.length === 0) return undefined;
  return sh`if command -v conntrack >/dev/null; then\n${raw(lines.join("\n") as ShellCommand)}\nfi`;
}

/**
 * A rule that does not say exactly which connections are its own, by a negation or a range of ports, forgets none.
 * Protocols that know the end of a connection keep what they have as long as it can go on: whoever adds a rule, or gives
 * a service another pool of source addresses, cuts no download.
 */
function forget({ rule, turn }: RuleTurn): ShellCommand | undefined {
  const options = rule.table === "nat" ? optionsOf(rule.rule) : undefined;
  const concerned = options && concernedBy(rule, options);
  if (options === undefined || concerned === undefined) return undefined;
  const family = rule.family === 6 ? "ipv6" : "ipv4";
  const entries = ["conntrack", "-D", "-f", family, ...concerned];
  if (options.get("-p") === "udp") return sh`${raw(command(...entries))} >/dev/null 2>&1 || :`;
  if (turn === "added") return undefined;
  if (options.get("-j") === "DNAT") {
    const old = translatedTo(options.get("--to-destination"), rule.family);
    return sh`${raw(command(...entries, "--dst-nat", ...old))} >/dev/null 2>&1 || :`;
  }
  const service = serviceOf(options, rule.family);
  if (service === undefined) return undefined;
  const isThere = raw(command("ipvsadm", "-L", "-n", ...service));
  return sh`${isThere} >/dev/null 2>&1 || ${raw(command(...entries, "--src-nat"))} >/dev/null 2>&1 || :`;
}

/**
 * Words that select the entries. The original destination is the one that the client asked for; by the time of
 * POSTROUTING the packet has another, from which the replies come.
 */
function concernedBy({ chain }: IptablesRuleState, options: Options): readonly string[] | undefined {
  const protocol = options.get("-p");
  const address = hostOf(options.get("--vaddr") ?? options.get("-d"));
  const port = options.get("--vport") ?? options.get("--dport");
  if (protocol === undefined || address === undefined || !/^\d+$/.test(port ?? "0")) return undefined;
  const isTranslated = chain.endsWith("POSTROUTING") && !options.has("--vaddr");
  const [addressFlag, portFlag] = isTranslated ? ["-r", "--reply-port-src"] : ["-d", "--orig-port-dst"];
  const source = options.get("-s");
  return [
    ...["-p", protocol, addressFlag, address],
    ...(port === undefined ? [] : [portFlag, port]),
    ...(source === undefined ? [] : ["-s", source]),
  ];
}

/** Undefined for a rule that translates nothing, or that says what a packet must not be. */
function optionsOf(words: readonly string[]): Options | undefined {
  if (words.includes("!")) return undefined;
  const pairs = words.flatMap((word, index) =>
    word.startsWith("-") && word !== "-m" ? [[word, words[index + 1] ?? ""] as const] : [],
  );
  const options = new Map(pairs);
  return TRANSLATIONS.includes(options.get("-j") ?? "") ? options : undefined;
}

/** A network stays what it is; a host's prefix length is left out. */
function hostOf(network: string | undefined): string | undefined {
  return network?.replace(/\/(32|128)$/, "");
}

/** The address of `10.0.0.1:80` or `[2001:db8::1]:80`; none for a range of them. */
function translatedTo(target: string | undefined, family: Family): readonly string[] {
  const address = family === 6 ? target?.replace(/^\[(.*)\](:\d+)?$/, "$1") : target?.replace(/:\d+$/, "");
  return address === undefined || !/^[0-9a-f.:]+$/i.test(address) ? [] : [address];
}

/** The virtual service whose packets the rule matches, as ipvsadm names it. */
function serviceOf(options: Options, family: Family): readonly string[] | undefined {
  const flag = { tcp: "-t", sctp: "--sctp-service" }[options.get("-p") ?? ""];
  const [address, port] = [options.get("--vaddr"), options.get("--vport")];
  if (flag === undefined || address === undefined || port === undefined) return undefined;
  const host = hostOf(address) ?? address;
  return [flag, `${family === 6 ? `[${host}]` : host}:${port}`];
}
