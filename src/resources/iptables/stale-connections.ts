/**
 * Removes connection tracking entries of a NAT rule that has changed. A connection's first packet decides its translation,
 * which lasts as long as the entry: a UDP flow from one port, or a TCP client that reuses a port, would take the old path
 * for up to five days. Only entries of that rule are removed; IPVS's own table is left alone. Needs the program conntrack;
 * without it such entries expire by themselves, and connections from new ports are right at once.
 */
import type { Family } from "../../net/address.ts";
import { command, raw, type ShellCommand, sh } from "../../shell/quote.ts";
import type { IptablesRuleState } from "./rule-state.ts";

/** The options of a translating rule, by name, in normal form. */
type Options = ReadonlyMap<string, string>;

const TRANSLATIONS = ["DNAT", "SNAT", "MASQUERADE", "REDIRECT"];

/** A rule that has been added to a chain or removed from it. */
export interface RuleTurn {
  readonly rule: IptablesRuleState;
  readonly turn: "added" | "removed";
}

/** Shell text that removes the entries that these changes make stale. It never fails; undefined if there are none. */
export function forgetStale(turns: readonly RuleTurn[]): ShellCommand | undefined {
  const lines = [...new Set(turns.flatMap((turn) => forget(turn) ?? []))];
  if (lines.length === 0) return undefined;
  return sh`if command -v conntrack >/dev/null; then\n${raw(lines.join("\n") as ShellCommand)}\nfi`;
}

/**
 * A rule with a negation or a range of ports does not say exactly which connections are its own, so nothing is removed for
 * it. Entries of TCP and SCTP, where connections end, stay as long as the connection can go on: adding a rule, or changing
 * a service's pool of source addresses, breaks no download.
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
 * The conntrack options that select the rule's entries. The original destination is the one that the client asked for; by
 * POSTROUTING it has been replaced, and replies come from the new one.
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

/** Undefined for a rule that translates nothing, or that has a negation. */
function optionsOf(words: readonly string[]): Options | undefined {
  if (words.includes("!")) return undefined;
  const pairs = words.flatMap((word, index) =>
    word.startsWith("-") && word !== "-m" ? [[word, words[index + 1] ?? ""] as const] : [],
  );
  const options = new Map(pairs);
  return TRANSLATIONS.includes(options.get("-j") ?? "") ? options : undefined;
}

/** Drops the prefix length of a single address; a network stays unchanged. */
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
