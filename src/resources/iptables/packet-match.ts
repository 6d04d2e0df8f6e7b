/** Whether a netfilter rule can apply to a packet of a TCP session. Pure. */
import { addressFamily, contains, parseCidr, wholeAddress } from "../../net/address.ts";

/** A packet of a TCP session; an unknown interface may be any. */
export interface Packet {
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  readonly in?: string | undefined;
  readonly out?: string | undefined;
}

/** `maybe`: it depends on something we do not know about the packet, or on a match that we do not know. */
export type Verdict = "yes" | "no" | "maybe";

interface Option {
  readonly isNegated: boolean;
  /** Prefixed with its match, if it belongs to one: `conntrack --ctstate`. */
  readonly name: string;
  readonly values: readonly string[];
}

/** `words` is a rule in normal form, without table and chain; its target is ignored. */
export function matches(words: readonly string[], packet: Packet): Verdict {
  const all = [...options(words)];
  const isForIpvs = all.some(({ name, values }) => name === "-m" && values[0] === "ipvs");
  const isForOthers = all.some(({ name, isNegated }) => name === "ipvs --ipvs" && isNegated);
  if (isForIpvs && !isForOthers) return "no"; // A session to the host's own port is not an IPVS connection.
  const verdicts = all.map((option) => verdictOf(option, packet));
  if (verdicts.includes("no")) return "no";
  return verdicts.includes("maybe") ? "maybe" : "yes";
}

function* options(words: readonly string[]): Generator<Option> {
  let isNegated = false;
  let match = "";
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (word === "!") {
      isNegated = true;
      continue;
    }
    if (word === "-j" || word === "-g") return;
    const values: string[] = [];
    while (at + 1 < words.length && !/^(-|!$)/.test(words[at + 1] ?? "")) values.push(words[++at] ?? "");
    if (word === "-m") match = values[0] ?? "";
    yield { isNegated, name: /^--/.test(word) ? `${match} ${word}` : word, values };
    isNegated = false;
  }
}

function verdictOf({ isNegated, name, values }: Option, packet: Packet): Verdict {
  const [value = ""] = values;
  const plain = plainVerdict(name, value, packet);
  if (!isNegated || plain === "maybe") return plain;
  return plain === "yes" ? "no" : "yes";
}

function plainVerdict(name: string, value: string, packet: Packet): Verdict {
  switch (name) {
    case "-s":
      return among(value, packet.source);
    case "-d":
      return among(value, packet.destination);
    case "-i":
      return onDevice(value, packet.in);
    case "-o":
      return onDevice(value, packet.out);
    case "-p":
      return said(value === "tcp");
    case "tcp --sport":
    case "multiport --sports":
      return said(hasPort(value, packet.sourcePort));
    case "tcp --dport":
    case "multiport --dports":
      return said(hasPort(value, packet.destinationPort));
    case "multiport --ports":
      return said(hasPort(value, packet.sourcePort) || hasPort(value, packet.destinationPort));
    case "conntrack --ctstate":
    case "state --state":
      return inStates(value);
    case "ipvs --ipvs":
      return "no";
    case "-m":
    case "comment --comment":
    case "tcp --tcp-flags": // A new connection begins with SYN and has all other flags later.
      return "yes";
    default:
      return "maybe";
  }
}

function said(is: boolean): Verdict {
  return is ? "yes" : "no";
}

function among(network: string, address: string): Verdict {
  const [cidr, family] = [parseCidr(network), addressFamily(address)];
  return cidr === undefined || family === undefined ? "maybe" : said(contains(cidr, wholeAddress({ address, family })));
}

function onDevice(name: string, device: string | undefined): Verdict {
  if (device === undefined) return "maybe";
  return said(name.endsWith("+") ? device.startsWith(name.slice(0, -1)) : name === device);
}

function hasPort(list: string, port: number): boolean {
  return list.split(",").some((range) => {
    const [from = "", to = from] = range.split(":");
    return Number(from) <= port && port <= Number(to);
  });
}

/** The session's connection is ESTABLISHED, a new one starts as NEW. If tracking has only just started it may be neither. */
function inStates(list: string): Verdict {
  const states = list.split(",");
  if (states.includes("NEW") || states.includes("ESTABLISHED")) return "yes";
  return states.includes("INVALID") || states.includes("UNTRACKED") ? "maybe" : "no";
}
