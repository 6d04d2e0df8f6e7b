/**
 * How iptables-save prints options and their values, no matter how they were written. Source: rules given to iptables 1.8.9 and
 * read back; iptables-extensions(8).
 */
import { type Family, formatCidr, networkOf, parseCidr } from "../net/address.ts";

/** One option of a rule: `! --dport 80` is negated, named `--dport`, and has one value. */
export interface Option {
  readonly isNegated: boolean;
  readonly name: string;
  readonly values: readonly string[];
}

/** Options that `-p PROTOCOL` itself brings, by protocol. */
export const protocolOptions: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["tcp", new Set(["--sport", "--dport", "--tcp-flags", "--tcp-option"])],
  ["udp", new Set(["--sport", "--dport"])],
  ["sctp", new Set(["--sport", "--dport", "--chunk-types"])],
  ["icmp", new Set(["--icmp-type"])],
  ["ipv6-icmp", new Set(["--icmpv6-type"])],
]);

/** The name of a protocol's match, which differs from the protocol's for ICMPv6. */
export function matchOfProtocol(protocol: string): string {
  return protocol === "ipv6-icmp" ? "icmp6" : protocol;
}

/** Options that take text, which may begin with a dash. */
export const textOptions: ReadonlySet<string> = new Set(["--comment", "--log-prefix", "--nflog-prefix", "--string"]);

const ALIASES: Readonly<Record<string, string>> = {
  "--source-port": "--sport",
  "--destination-port": "--dport",
  "multiport --source-ports": "--sports",
  "multiport --destination-ports": "--dports",
  "DNAT --to": "--to-destination",
  "SNAT --to": "--to-source",
  "REDIRECT --to-port": "--to-ports",
  "MASQUERADE --to-port": "--to-ports",
};

/** The name that iptables-save uses for an option of a match or target. */
export function optionName(owner: string, name: string): string {
  return ALIASES[`${owner} ${name}`] ?? ALIASES[name] ?? name;
}

const PROTOCOLS: Readonly<Record<string, string>> = {
  "1": "icmp",
  "4": "ipencap",
  "6": "tcp",
  "17": "udp",
  "41": "ipv6",
  "47": "gre",
  "50": "esp",
  "51": "ah",
  "58": "ipv6-icmp",
  "112": "vrrp",
  "132": "sctp",
  icmpv6: "ipv6-icmp",
  ipv4: "ipencap",
};

/** The name that iptables-save prints for a protocol; undefined for `all`. */
export function protocolName(text: string): string | undefined {
  const name = text.toLowerCase();
  return name === "all" || name === "0" ? undefined : (PROTOCOLS[name] ?? name);
}

/** What iptables takes for a protocol on every host: only names that it knows without /etc/protocols, else the number. */
export function spokenProtocol(name: string): string {
  const number = Object.entries(PROTOCOLS).find(([key, value]) => value === name && /^\d/.test(key))?.[0];
  return number !== undefined && FROM_FILE.has(name) ? number : name;
}

/** Names that iptables looks up in /etc/protocols. */
const FROM_FILE: ReadonlySet<string> = new Set(["ipencap", "ipv6", "gre", "vrrp"]);

/** `10.0.0.5/255.255.255.0` → `10.0.0.0/24`; undefined for all addresses; the text itself when it is no network. */
export function networkText(text: string): string | undefined {
  const [address = "", mask] = text.split("/");
  const cidr = parseCidr(mask?.includes(".") ? `${address}/${prefixOf(mask)}` : text);
  if (!cidr) return text;
  return cidr.prefix === 0 ? undefined : formatCidr(networkOf(cidr));
}

function prefixOf(mask: string): number | "" {
  const bits = mask
    .split(".")
    .map((part) => Number(part).toString(2).padStart(8, "0"))
    .join("");
  return /^1*0*$/.test(bits) && bits.length === 32 ? bits.lastIndexOf("1") + 1 : "";
}

/**
 * An option as iptables-save prints it; undefined for one that only states the default. `owner`: the match or target.
 * Throws a RangeError on a name where a number is needed.
 */
export function canonicalOption(owner: string, option: Option, family: Family): Option | undefined {
  const { name, values } = option;
  const [value = ""] = values;
  const as = (text: string, newName = name): Option => ({ ...option, name: newName, values: text.split(" ") });
  switch (`${owner} ${name}`) {
    case "tcp --syn":
      return as("FIN,SYN,RST,ACK SYN", "--tcp-flags");
    case "tcp --tcp-flags":
      return as(values.map(tcpFlags).join(" "));
    case "tcp --sport":
    case "tcp --dport":
    case "udp --sport":
    case "udp --dport":
    case "sctp --sport":
    case "sctp --dport":
      return as(portRange(value));
    case "multiport --sports":
    case "multiport --dports":
    case "multiport --ports":
      return as(value.split(",").map(portRange).join(","));
    case "icmp --icmp-type":
      return as(ICMP_TYPES[value] ?? numeric(value, /^\d+(\/\d+)?$/));
    case "icmp6 --icmpv6-type":
      return as(ICMPV6_TYPES[value] ?? numeric(value, /^\d+(\/\d+)?$/));
    case "conntrack --ctstate":
    case "state --state":
      return as(value.toUpperCase().split(",").sort().join(","));
    case "conntrack --ctorigsrc":
    case "conntrack --ctorigdst":
    case "conntrack --ctreplsrc":
    case "conntrack --ctrepldst":
    case "ipvs --vaddr":
      return as((networkText(value) ?? value).replace(/\/(32|128)$/, ""));
    case "ipvs --vdir":
    case "ipvs --vmethod":
      return as(value.toUpperCase());
    case "ipvs --vproto":
      return as(Object.entries(PROTOCOLS).find(([, protocol]) => protocol === value.toLowerCase())?.[0] ?? value);
    case "mark --mark":
    case "connmark --mark":
      return as(hexMask(value).replace(/\/0xffffffff$/, ""));
    case "MARK --set-mark":
    case "CONNMARK --set-mark":
      return as(setMark(value), "--set-xmark");
    case "MARK --set-xmark":
    case "CONNMARK --set-xmark":
      return as(hexMask(value));
    case "MARK --or-mark":
      return as(hexMask(`${value}/${value}`), "--set-xmark");
    case "CONNMARK --nfmask":
    case "CONNMARK --ctmask":
      return numbers(value)[0] === WHOLE ? undefined : as(hex(numbers(value)[0]));
    case "cluster --cluster-hash-seed":
      return as(hex32(numbers(value)[0]));
    case "cluster --cluster-local-node":
      return as(hex32(2 ** (numbers(value)[0] - 1)), "--cluster-local-nodemask");
    case "REJECT --reject-with":
      return value === (family === 4 ? "icmp-port-unreachable" : "icmp6-port-unreachable") ? undefined : option;
    case "LOG --log-level": {
      const level = LOG_LEVELS[value.toLowerCase()] ?? value;
      return level === "4" ? undefined : as(level);
    }
    case "limit --limit":
      return as(value.replace(/\/(s|m|h|d)[a-z]*$/, (_match, unit: string) => `/${RATE_UNITS[unit]}`));
    case "limit --limit-burst":
      return value === "5" ? undefined : option;
    default:
      return option;
  }
}

const WHOLE = 0xffffffff;
const TCP_FLAGS = ["FIN", "SYN", "RST", "PSH", "ACK", "URG"];
const RATE_UNITS: Readonly<Record<string, string>> = { s: "sec", m: "min", h: "hour", d: "day" };
const LOG_LEVELS: Readonly<Record<string, string>> = {
  ...{ emerg: "0", panic: "0", alert: "1", crit: "2", err: "3", error: "3", warning: "4", warn: "4" },
  ...{ notice: "5", info: "6", debug: "7" },
};
const ICMP_TYPES: Readonly<Record<string, string>> = {
  ...{ "echo-reply": "0", pong: "0", "destination-unreachable": "3", "network-unreachable": "3/0" },
  ...{ "host-unreachable": "3/1", "protocol-unreachable": "3/2", "port-unreachable": "3/3" },
  ...{ "fragmentation-needed": "3/4", redirect: "5", "echo-request": "8", ping: "8", "time-exceeded": "11" },
};
const ICMPV6_TYPES: Readonly<Record<string, string>> = {
  ...{ "destination-unreachable": "1", "packet-too-big": "2", "time-exceeded": "3", "parameter-problem": "4" },
  ...{ "echo-request": "128", ping: "128", "echo-reply": "129", pong: "129", "router-solicitation": "133" },
  ...{ "router-advertisement": "134", "neighbour-solicitation": "135", "neighbor-solicitation": "135" },
  ...{ "neighbour-advertisement": "136", "neighbor-advertisement": "136" },
};

function tcpFlags(set: string): string {
  if (set === "ALL") return TCP_FLAGS.join(",");
  const flags = set.split(",");
  return TCP_FLAGS.filter((flag) => flags.includes(flag)).join(",") || set;
}

/** `:1024` → `0:1024`, `1024:` → `1024:65535`. */
function portRange(text: string): string {
  const [from = "", to] = numeric(text, /^(\d+|\d*:\d*)$/).split(":");
  return to === undefined || from === to ? from : `${from || "0"}:${to || "65535"}`;
}

/** `--set-mark` as iptables-save prints it: the bits of the mask are cleared, then those of the value set. */
function setMark(text: string): string {
  const [value, mask = WHOLE] = numbers(text);
  return `${hex(value)}/${hex((value | mask) >>> 0)}`;
}

function hexMask(text: string): string {
  const [value, mask = WHOLE] = numbers(text);
  return `${hex(value)}/${hex(mask)}`;
}

function numbers(text: string): readonly [number, number?] {
  const [value = "", mask] = numeric(text, /^(0[xX][0-9a-fA-F]+|\d+)(\/(0[xX][0-9a-fA-F]+|\d+))?$/).split("/");
  return mask === undefined ? [Number(value)] : [Number(value), Number(mask)];
}

/** Refuses names of ports and types: each host has its own list of them, and iptables-save never prints them. */
function numeric(text: string, form: RegExp): string {
  if (!form.test(text)) throw new RangeError(`${JSON.stringify(text)} is not written as a number`);
  return text;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

function hex32(value: number): string {
  return `0x${value.toString(16).padStart(8, "0")}`;
}
