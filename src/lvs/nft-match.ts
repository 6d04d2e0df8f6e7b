/** Whether a rule of nf_tables matches a packet of which not everything is known. Pure. */
import { addressBits, addressFamily, contains, parseCidr, wholeAddress } from "../net/address.ts";
import type { FilteredPacket } from "./filtered-packet.ts";
import { protocolName } from "./iptables-values.ts";
import { fieldOf, listOf } from "./nft-ruleset.ts";

/** `maybe`: it depends on something that is not known of the packet, or not understood in the rule. */
export type Truth = "yes" | "no" | "maybe";

type Json = unknown;

/** A packet's own value for the left side of a match: `unknown`, or none, since the packet is of another protocol. */
type Value = { readonly is: string | number } | "unknown" | "none";

/** Whether one expression of a rule matches. Statements that only count or log always do. */
export function matches(expression: Json, packet: FilteredPacket): Truth {
  const match = fieldOf(expression, "match");
  if (match === undefined) return isHarmless(expression) ? "yes" : "maybe";
  const value = packetsOwn(fieldOf(match, "left"), packet);
  if (value === "none") return "no";
  const op = fieldOf(match, "op");
  if (op !== "==" && op !== "in" && op !== "!=") return "maybe";
  const isMasked = fieldOf(fieldOf(match, "left"), "&") !== undefined;
  const right = fieldOf(match, "right");
  const truth = isMasked && listOf(right) !== undefined ? isAllOf(value, listOf(right)) : isIn(value, right, packet);
  return op === "!=" ? not(truth) : truth;
}

/** Whether the value that a verdict map asks for is one of its keys. */
export function matchesKey(key: Json, element: Json, packet: FilteredPacket): Truth {
  const value = packetsOwn(key, packet);
  return value === "none" ? "no" : isIn(value, element, packet);
}

/** Both. */
export function and(one: Truth, other: Truth): Truth {
  if (one === "no" || other === "no") return "no";
  return one === "yes" && other === "yes" ? "yes" : "maybe";
}

function not(truth: Truth): Truth {
  if (truth === "maybe") return truth;
  return truth === "yes" ? "no" : "yes";
}

function isHarmless(expression: Json): boolean {
  return ["counter", "log", "comment"].some((name) => fieldOf(expression, name) !== undefined);
}

function packetsOwn(left: Json, packet: FilteredPacket): Value {
  const payload = fieldOf(left, "payload");
  if (payload !== undefined) return payloadOf(fieldOf(payload, "protocol"), fieldOf(payload, "field"), packet);
  if (fieldOf(fieldOf(left, "ct"), "key") === "state") return stateOf(packet);
  const masked = listOf(fieldOf(left, "&"));
  if (masked !== undefined) return flagsOf(masked, packet);
  switch (fieldOf(fieldOf(left, "meta"), "key")) {
    case "l4proto":
      return { is: protocolOf(packet) };
    case "nfproto":
      return { is: packet.family === 6 ? "ipv6" : "ipv4" };
    case "protocol":
      return { is: packet.family === 6 ? "ip6" : "ip" };
    case "iif":
    case "iifname":
      return packet.hook === "output" ? "unknown" : { is: "not lo" };
    case "oif":
    case "oifname":
      return packet.hook === "output" || packet.hook === "forward" ? { is: "not lo" } : "unknown";
    default:
      return "unknown";
  }
}

/** What is not tracked has no state but that. */
function stateOf({ isFirst, isData, mayBeUntracked }: FilteredPacket): Value {
  // With nf_conntrack_ftp a data connection is related to its login.
  return isFirst && isData !== true ? { is: mayBeUntracked ? "new or untracked" : "new" } : "unknown";
}

function payloadOf(protocol: Json, field: Json, packet: FilteredPacket): Value {
  if (protocol === "ip" || protocol === "ip6") {
    if ((protocol === "ip6") !== (packet.family === 6)) return "none";
    if (field === "saddr") return known(packet.source);
    if (field === "daddr") return known(packet.destination);
    return field === "protocol" || field === "nexthdr" ? { is: protocolOf(packet) } : "unknown";
  }
  if (protocol !== "th" && protocol !== packet.protocol) {
    return ["tcp", "udp", "sctp", "icmp", "icmpv6", "dccp", "udplite"].includes(String(protocol)) ? "none" : "unknown";
  }
  if (field === "sport") return portOf(packet, "source");
  if (field === "dport") return portOf(packet, "destination");
  return field === "flags" && packet.isFirst ? { is: "syn" } : "unknown";
}

/** Which port clients take, and FTP servers for passive transfers, nobody knows, but none below 1024. */
const CLIENT_PORT = "a client's port";
const FIRST_CLIENT_PORT = 1024;
const LAST_PORT = 65_535;

function portOf(
  { sourcePort, destinationPort, clientEnd, protocol, isData }: FilteredPacket,
  end: "source" | "destination",
): Value {
  const port = end === "source" ? sourcePort : destinationPort;
  const isChosen = clientEnd === end || (isData === true && end === "destination");
  return port === undefined && isChosen && protocol === "tcp" ? { is: CLIENT_PORT } : known(port);
}

/** Whether a client's port is sure to be between these, or not to be. */
function isClientPort(from: Json, to: Json): Truth {
  if (typeof from !== "number" || typeof to !== "number") return "maybe";
  if (to < FIRST_CLIENT_PORT) return "no";
  return from <= FIRST_CLIENT_PORT && to >= LAST_PORT ? "yes" : "maybe";
}

/** TCP's flags under a mask: the first packet has SYN alone. */
function flagsOf([left, mask]: readonly Json[], packet: FilteredPacket): Value {
  const value = packetsOwn(left, packet);
  if (value === "none" || value === "unknown") return value;
  const flags = listOf(mask) ?? [mask];
  return value.is === "syn" && flags.includes("syn") ? value : "unknown";
}

/** A list of flags means all of them, and no others, are set. */
function isAllOf(value: Value, flags: readonly Json[] = []): Truth {
  return typeof value === "string" ? "maybe" : said(flags.length === 1 && flags[0] === value.is);
}

function protocolOf({ protocol }: FilteredPacket): string {
  return protocolName(protocol) ?? protocol;
}

function known(value: string | number | undefined): Value {
  return value === undefined ? "unknown" : { is: value };
}

function isIn(value: Value, right: Json, packet: FilteredPacket): Truth {
  const members = listOf(fieldOf(right, "set")) ?? listOf(right);
  if (members !== undefined) {
    const truths = members.map((one) => isIn(value, one, packet));
    if (truths.includes("yes")) return "yes";
    return truths.includes("maybe") ? "maybe" : "no";
  }
  if (typeof value === "string") return "maybe";
  const range = listOf(fieldOf(right, "range"));
  if (value.is === CLIENT_PORT) return isClientPort(range?.[0] ?? right, range?.[1] ?? right);
  if (range !== undefined) return isBetween(value.is, range[0], range[1]);
  const prefix = fieldOf(right, "prefix");
  if (prefix !== undefined) return isWithin(value.is, `${fieldOf(prefix, "addr")}/${fieldOf(prefix, "len")}`);
  if (typeof right === "string") return isText(value.is, right);
  return typeof right === "number" && typeof value.is === "number" ? said(value.is === right) : "maybe";
}

/** What a connection's first packet may be besides new: other rules may have translated it, or kept it from being tracked. */
const UNCERTAIN_STATES: ReadonlySet<string> = new Set(["untracked", "dnat", "snat"]);

/** An interface is not known, but no packet from elsewhere, or for elsewhere, passes the loopback device. */
function isText(value: string | number, right: string): Truth {
  if (right.startsWith("@")) return "maybe";
  if (UNCERTAIN_STATES.has(right)) return "maybe";
  if (value === "new or untracked") return right === "new" ? "maybe" : "no";
  if (value === "not lo") return right === "lo" ? "no" : "maybe";
  if (typeof value === "number") return "maybe";
  const family = addressFamily(value);
  if (family !== undefined) return isWithin(value, right);
  return said(value === right || value === protocolName(right));
}

function isWithin(value: string | number, network: string): Truth {
  const [cidr, family] = [
    parseCidr(network) ?? parseCidr(`${network}/${network.includes(":") ? 128 : 32}`),
    addressFamily(String(value)),
  ];
  if (cidr === undefined || family === undefined) return "maybe";
  return said(cidr.family === family && contains(cidr, wholeAddress({ address: String(value), family })));
}

function isBetween(value: string | number, from: Json, to: Json): Truth {
  const [low, high, at] = [orderOf(from), orderOf(to), orderOf(value)];
  return low === undefined || high === undefined || at === undefined ? "maybe" : said(low <= at && at <= high);
}

function orderOf(value: Json): bigint | undefined {
  if (typeof value === "number") return BigInt(value);
  const family = typeof value === "string" ? addressFamily(value) : undefined;
  return family === undefined ? undefined : addressBits({ address: String(value), family });
}

function said(is: boolean): Truth {
  return is ? "yes" : "no";
}
