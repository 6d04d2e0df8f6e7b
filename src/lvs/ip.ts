/** Addresses and links as `ip address show` and `ip link show` of iproute2 and BusyBox print them. */
import { type Cidr, parseCidr } from "../net/address.ts";

/** An address as an interface holds it. */
export interface InterfaceAddress extends Cidr {
  readonly device: string;
  /** IPv6: not used as a source address by new connections. */
  readonly isDeprecated?: true;
  /** Everything else that `ip address add` takes, as its words: `brd 10.0.0.255 noprefixroute label eth0:1`. */
  readonly options?: readonly string[];
  /** For how many seconds more it is there. Absent: for ever. */
  readonly validFor?: number;
  /** For how many seconds more it may be a source, if that ends. */
  readonly preferredFor?: number;
}

/** A host's interfaces and their addresses. */
export interface Addresses {
  /** The names of all interfaces, those without addresses included. */
  readonly devices: readonly string[];
  readonly addresses: readonly InterfaceAddress[];
  /** Whether this may be the output of BusyBox's ip, which does not know `nodad`. */
  readonly mayBeBusyBox: boolean;
}

/**
 * Parses the output of `ip address show` (not `-o`). The prefix of a point-to-point address belongs to its peer; the
 * address itself gets the whole length. Other lines are skipped.
 */
export function parseAddresses(text: string): Addresses {
  const devices: string[] = [];
  const addresses: InterfaceAddress[] = [];
  for (const line of text.split("\n")) {
    const device = /^\d+: ([^:@\s]+)[@:]/.exec(line)?.[1];
    if (device !== undefined) devices.push(device);
    const owner = devices.at(-1);
    const found = owner === undefined ? undefined : parseAddress(line, owner);
    if (found) addresses.push(found);
    const last = addresses.at(-1);
    if (last && /^\s+valid_lft /.test(line)) addresses.splice(-1, 1, { ...last, ...parseLifetimes(line) });
  }
  // iproute2 prints each interface's group since 3.11; before, as on the first releases of CentOS 7, it looks like BusyBox.
  const mayBeBusyBox = devices.length > 0 && !/^\d+: .* group \S/m.test(text);
  return { devices, addresses, mayBeBusyBox };
}

/** What `ip` prints with a value, and the word by which it takes the same. The scope is the kernel's with IPv6. */
const VALUES: ReadonlyMap<string, string> = new Map([
  ...["peer", "metric", "brd", "scope", "proto"].map((word) => [word, word] as const),
  ["any", "anycast"],
]);
const FLAGS: ReadonlySet<string> = new Set(["home", "nodad", "mngtmpaddr", "noprefixroute", "autojoin"]);
/** BusyBox has no name for this flag, and prints those together in hexadecimal. Source: the kernel's if_addr.h. */
const NODAD = 0x02;

function parseAddress(line: string, device: string): InterfaceAddress | undefined {
  const [, inet, rest = ""] = /^\s+inet6? (\S+)(.*)/.exec(line) ?? [];
  const words = rest.trim().split(/\s+/);
  const cidr = inet === undefined ? undefined : parseCidr(words[0] === "peer" ? (inet.split("/")[0] ?? "") : inet);
  if (!cidr) return undefined;
  const label = cidr.family === 4 ? words.pop() : undefined;
  const usualScope = cidr.address.startsWith("127.") ? "host" : "global";
  const options: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const [word = "", value = ""] = words.slice(at);
    const name = VALUES.get(word);
    if (FLAGS.has(word)) options.push(word);
    else if (word === "flags" && cidr.family === 6 && Number.parseInt(value, 16) & NODAD) options.push("nodad");
    if (name !== undefined && value !== "") {
      at += 1;
      if (name !== "scope" || (cidr.family === 4 && value !== usualScope)) options.push(name, value);
    }
  }
  // An interface that was renamed leaves its old name behind as a label, which `ip` would not accept.
  if (label?.startsWith(device) && label !== device) options.push("label", label);
  return {
    ...cidr,
    device,
    ...(words.includes("deprecated") ? ({ isDeprecated: true } as const) : {}),
    ...(options.length > 0 ? { options } : {}),
  };
}

function parseLifetimes(line: string): Pick<InterfaceAddress, "isDeprecated" | "validFor" | "preferredFor"> {
  const [, valid] = / valid_lft (\d+)sec/.exec(line) ?? [];
  const [, preferred] = / preferred_lft (\d+)sec/.exec(line) ?? [];
  return {
    ...(valid === undefined ? {} : { validFor: Number(valid) }),
    ...(preferred === undefined || preferred === "0" ? {} : { preferredFor: Number(preferred) }),
    ...(preferred === "0" ? ({ isDeprecated: true } as const) : {}),
  };
}

/** Parses the output of `ip link show` (not `-o`): whether each interface is up, by its name. */
export function parseLinks(text: string): ReadonlyMap<string, boolean> {
  const lines = text.matchAll(/^\d+: ([^:@\s]+)(?:@[^:\s]+)?: <([^>]*)>/gm);
  return new Map([...lines].map(([, device = "", flags = ""]) => [device, flags.split(",").includes("UP")]));
}
