/** Routes as `ip route show` of iproute2 and BusyBox prints them, and the words that restore one. */
import { type Family, formatCidr, networkOf, parseCidr } from "../net/address.ts";

/** One route. Source: ip-route(8). */
export interface Route {
  readonly family: Family;
  /** `default`, or a network in canonical form. */
  readonly to: string;
  /** `unicast`, `local`, `blackhole`, `unreachable`, … */
  readonly type: string;
  readonly via?: string;
  readonly device?: string;
  /** Absent for the kernel's default: 0 for IPv4, 1024 for IPv6. */
  readonly metric?: number;
  /** Everything else, as words for `ip route`: `proto dhcp src 10.0.0.5`, the hops of a multipath route. */
  readonly options?: readonly string[];
  /** The number of the nexthop object that says where it leads; `via`, `device` and hops are then that object's. */
  readonly nhid?: string;
  /** For how many seconds more it is there. Absent: until it is deleted. */
  readonly validFor?: number;
}

const TYPES: ReadonlySet<string> = new Set([
  ...["unicast", "local", "broadcast", "multicast", "anycast", "throw", "unreachable", "prohibit", "blackhole"],
]);
/** Flags that describe the current state, and which `ip route add` does not take. */
const TRANSIENT_FLAGS: ReadonlySet<string> = new Set([
  ...["linkdown", "dead", "offload", "offload_failed", "trap", "rt_offload", "rt_trap", "cache", "notify"],
]);
const TRANSIENT_VALUES: ReadonlySet<string> = new Set(["table", "error", "users", "age"]);
const IPV6_METRIC = 1024;

/** Parses the output of `ip -4 route show table T` or `ip -6 …`. Lines that name no network are skipped. */
export function parseRoutes(text: string, family: Family): readonly Route[] {
  const joined = text.replaceAll(/\n[ \t]+(?=nexthop )/g, " ");
  return joined.split("\n").flatMap((line) => parseRoute(line.trim().split(/\s+/), family) ?? []);
}

function parseRoute(words: readonly string[], family: Family): Route | undefined {
  const isTyped = TYPES.has(words[0] ?? "");
  const to = canonicalDestination(words[isTyped ? 1 : 0] ?? "", family);
  if (to === undefined) return undefined;
  const values = new Map<string, string>();
  const options: string[] = [];
  const rest = words.slice(isTyped ? 2 : 1);
  let isHop = false;
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at] ?? "";
    if (word === "nexthop") isHop = true;
    if (isHop) options.push(...(TRANSIENT_FLAGS.has(word) ? [] : [word]));
    else if (TRANSIENT_FLAGS.has(word)) continue;
    else if (TRANSIENT_VALUES.has(word)) at += 1;
    else if (["via", "dev", "metric", "nhid", "expires"].includes(word)) {
      if (rest[at + 1] === "inet6") at += 1;
      values.set(word, rest[++at] ?? "");
    } else options.push(word);
  }
  const metric = Number(values.get("metric") ?? 0);
  // BusyBox, which takes the kernel's unit for another, prints 0 for any time.
  const validFor = Number.parseInt(values.get("expires") ?? "0", 10);
  const isDefaultMetric = metric === 0 || (family === 6 && metric === IPV6_METRIC);
  return {
    family,
    to,
    type: isTyped ? (words[0] ?? "") : "unicast",
    ...present("via", values.get("via")),
    ...present("device", values.get("dev")),
    ...(isDefaultMetric ? {} : { metric }),
    ...(options.length > 0 ? { options } : {}),
    ...present("nhid", values.get("nhid")),
    ...(validFor > 0 ? { validFor } : {}),
  };
}

/** The words that describe a route to `ip route add`, `replace` and `del`, with its table unless that is main. */
export function routeArguments(route: Route, table: string): readonly string[] {
  const { to, type, via, device, metric, options = [] } = route;
  return [
    ...(type === "unicast" ? [] : [type]),
    to,
    ...(via === undefined ? [] : ["via", ...(via.includes(":") && route.family === 4 ? ["inet6"] : []), via]),
    ...(device === undefined ? [] : ["dev", device]),
    ...(table === "main" ? [] : ["table", table]),
    ...(metric === undefined ? [] : ["metric", String(metric)]),
    ...options,
  ];
}

/** `default`, or the canonical form of a network; undefined if the text is not a network of this family. */
export function canonicalDestination(text: string, family: Family): string | undefined {
  if (text === "default" || text === "0.0.0.0/0" || text === "::/0") return "default";
  const cidr = parseCidr(text);
  return cidr && cidr.family === family ? formatCidr(networkOf(cidr)) : undefined;
}

function present<K extends "via" | "device" | "nhid">(key: K, value: string | undefined) {
  return value === undefined ? {} : { [key]: value };
}
