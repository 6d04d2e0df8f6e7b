/**
 * What people carry over from other programs, and how this language says it. Only hints: a schema mistake gets the one that
 * fits its place and value.
 */
import { nearest } from "../document/nearest.ts";
import type { SchemaMistake } from "../document/schema-problem.ts";
import { parseCidr } from "../net/address.ts";
import { largeOctet, typographicQuotes } from "./mistyped.ts";
import type { ModeTraits } from "./mode-traits.ts";
import { persistenceKey } from "./persistence-habits.ts";
import { isPort, listOfPorts, portItem, portList, portWithProtocol, severalPorts } from "./port-habits.ts";

/** A place in the file, with `*` for any name, and the hint for what was written there, if it is a known habit. */
type Habit = readonly [place: string, hint: (written: unknown, around: Around) => string | undefined];

interface Around {
  /** The value at a path. */
  readonly at: (path: SchemaMistake["path"]) => unknown;
  readonly path: SchemaMistake["path"];
}

const VALUES: readonly Habit[] = [
  ["services *", hostAsService],
  ["services * port", (written) => portWithProtocol(written) ?? severalPorts(written)],
  ["services * vip", (written) => (Array.isArray(written) ? severalAddresses(written) : addressAlone(written))],
  ["services * protocol", protocol],
  ["services * scheduler", scheduler],
  ["services * ports", (written) => portList(written, { most: 32, canBeOne: true })],
  [
    "services * ports *",
    (written) => portItem(written, "For every port write `port: 0` in place of `ports`, with `persistence`."),
  ],
  ["services * match * ports", (written) => portList(written, { most: 15, canBeOne: false })],
  ["services * match * ports *", (written) => portItem(written, "For every port delete the whole of `ports`.")],
  ["services * vips", (written) => addressList(written)],
  ["services * publish", (written) => (Array.isArray(written) ? severalPublications(written) : undefined)],
  ["services * persistence", persistence],
  ["services * verify", testing],
  ["services * verify type", testing],
  ["services * realServers *", realServer],
  ["services * vip interface", (written) => vipInterface(String(written))],
  ["services * realServers *", numberedHost],
  ["hosts * interfaces *", interfaceAddress],
  ["hosts * role", (written) => (Array.isArray(written) ? severalRoles(written) : role(written))],
  ["hosts * roles *", role],
  ["hosts * gateway", gatewayAddress],
  ["hosts * routes * via", (written) => (Array.isArray(written) ? ONE_NEXT_HOP : undefined)],
  ["hosts * routes * to", (written) => (/^(default|any)$/i.test(String(written)) ? DEFAULT_ROUTE : undefined)],
];

/** Keys that are no keys here, by the map that they are in. */
const KEYS: readonly Habit[] = [
  [
    "services *",
    (key, { at, path }) =>
      persistenceKey(String(key), at(path)) ??
      withValue(String(key), at([...path, String(key)])) ??
      serviceKey(String(key)),
  ],
  ["hosts *", (key, { at, path }) => hostKey(String(key), at([...path, String(key)]))],
  ["hosts * routes *", (key, { at, path }) => routeKey(String(key), at([...path, String(key)]))],
  ["", (key) => fileKey(String(key))],
  ["services * realServers *", (key) => realServerKey(String(key))],
];

const NAMES: readonly Habit[] = [["hosts * interfaces", (name) => interfaceName(String(name))]];

/** A key that stands twice in a map where one thing has several values here. */
const TWICE: Readonly<Record<string, (both: readonly unknown[], key: string) => string>> = {
  "services * realServers *": (both, host) =>
    `Write the real servers as a list, in which a host can stand several times: \`realServers: [${both.map((settings) => entry(host, settings)).join(", ")}]\`.`,
  "hosts * interfaces *": (both, device) =>
    `An interface with several addresses has a list: \`${device}: [${both.flat().join(", ")}]\`.`,
  "hosts * gateway": (both) => {
    const written = both.flat().map(String);
    const isMixed =
      written.some((gateway) => gateway.includes(":")) && written.some((gateway) => !gateway.includes(":"));
    return isMixed
      ? `Write both as a list: \`gateway: [${written.join(", ")}]\`.`
      : "Keep one gateway; other routers go under `routes`, with the networks behind them.";
  },
  "services * vip": (both) => severalAddresses(both.flat()),
  "services * port": (both) => listOfPorts(both.flat().map(String)),
};

/** The hint for a key that stands twice, if this language says in another way what was probably meant. */
export function keyTwiceHint(path: SchemaMistake["path"], first: unknown, second: unknown): string | undefined {
  const [, hint] = Object.entries(TWICE).find(([place]) => isAt(place, path)) ?? [];
  return hint?.([first, second], String(path.at(-1)));
}

function entry(host: string, settings: unknown): string {
  const written = typeof settings === "object" && settings !== null ? Object.entries(settings) : [];
  return `{ ${[["host", host], ...written].map(([key, value]) => `${key}: ${value}`).join(", ")} }`;
}

/** The hint for a schema mistake in a topology that is a known habit; undefined for all others. */
export function habitHint({ path, error }: SchemaMistake, document: unknown): string | undefined {
  const around: Around = { at: (where) => valueAt(document, where), path };
  if (error.propertyName !== undefined) return find(NAMES, path, error.propertyName, around);
  if (error.keyword === "additionalProperties") return find(KEYS, path, error.params["additionalProperty"], around);
  return (
    typographicQuotes(path, error.data) ??
    find(VALUES, path, error.data, around) ??
    largeOctet(error.data) ??
    bareAddress(path, error)
  );
}

/** Without keys that are missing because they stand there in other words, which is a mistake of its own. */
export function withoutRenamed(mistakes: readonly SchemaMistake[], document: unknown): readonly SchemaMistake[] {
  const renamed = new Set(
    mistakes.flatMap((mistake) => {
      const { path, error } = mistake;
      if (error.keyword !== "additionalProperties") return [];
      const [, said] = /^(?:Here it is|The address goes under) `(\w+)/.exec(habitHint(mistake, document) ?? "") ?? [];
      const known = Object.keys(error.parentSchema?.["properties"] ?? {});
      const meant = said ?? nearest(String(error.params["additionalProperty"]), known);
      return meant === undefined ? [] : [JSON.stringify([path, meant])];
    }),
  );
  return mistakes.filter(
    ({ path, error }) =>
      error.keyword !== "required" || !renamed.has(JSON.stringify([path, error.params["missingProperty"]])),
  );
}

/** How LVS's own documents begin their names of modes: LVS-DR, VS/NAT. */
const LVS = /^(lvs|vs)/;

/** What a word for a mode is here: the hint, or undefined if nobody calls one of these modes so. */
export function modeHint(written: string, modes: ReadonlyMap<string, ModeTraits>): string | undefined {
  const word = written.toLowerCase().replaceAll(/[\s/_-]/g, "");
  const isCalled = (own: string, { otherNames = [] }: ModeTraits, name: string) =>
    own === name || otherNames.includes(name);
  for (const name of [word, word.replace(LVS, "")]) {
    const [found] = [...modes].find(([own, traits]) => isCalled(own, traits, name)) ?? [];
    if (found !== undefined) return `Here it is \`mode: ${found}\`.`;
  }
  const [tunnels] = [...modes].find(([, { settings }]) => settings?.tunnel !== undefined) ?? [];
  return tunnels !== undefined && /^(gue|gre)$/.test(word)
    ? `Write \`mode: ${tunnels}\`, with \`tunnel: { type: ${word}${word === "gue" ? ", port: 6080" : ""} }\`.`
    : undefined;
}

/** An address with a prefix length where none belongs. */
function bareAddress(path: SchemaMistake["path"], { data, parentSchema }: SchemaMistake["error"]): string | undefined {
  const cidr =
    parentSchema?.["title"] === "IP address" && String(data).includes("/") ? parseCidr(String(data)) : undefined;
  if (cidr === undefined) return undefined;
  const key = path.findLast((step) => typeof step === "string");
  return `Write it without the prefix length: \`${key === path.at(-1) ? `${key}: ` : ""}${cidr.address}\`.`;
}

function find(habits: readonly Habit[], path: SchemaMistake["path"], written: unknown, around: Around) {
  for (const [place, hint] of habits) {
    const found = isAt(place, path) ? hint(written, around) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function isAt(place: string, path: SchemaMistake["path"]): boolean {
  const parts = place === "" ? [] : place.split(" ");
  return parts.length === path.length && parts.every((part, index) => part === "*" || part === path[index]);
}

/** A real server that is indented too little, so that it stands beside its service. */
function hostAsService(written: unknown, { at, path }: Around): string | undefined {
  const host = String(path.at(-1));
  const isAddressed = ["vip", "vips", "port", "ports", "fwmark"].some((key) => valueAt(written, [key]) !== undefined);
  if (isAddressed || at(["hosts", host]) === undefined) return undefined;
  return `"${host}" is a host of the file. If it is a real server of the service above, indent it, under that service's \`realServers\`: \`realServers: { ${host}: { weight: 3 } }\`, with the others.`;
}

function addressList(written: unknown): string | undefined {
  if (written === null || Array.isArray(written)) return undefined;
  if (typeof written === "object") return "Write it under `vip`, or as a list: `vips: [{ address: 192.0.2.100 }]`.";
  const addresses = String(written).split(/[\s,;]+/);
  if (!addresses.every((address) => parseCidr(address) !== undefined)) return undefined;
  const [address, ...others] = addresses;
  return others.length === 0
    ? `Write \`vip: ${address}\`, or \`vips: [${address}, …]\` for several.`
    : `Write \`vips: [${addresses.join(", ")}]\`.`;
}

function persistence(written: unknown): string | undefined {
  if (written === true)
    return "Write `persistence: {}`, which is for five minutes, or `persistence: { timeout: 360 }`.";
  if (written === false || isZero(written)) return "Delete it: without `persistence` there is none.";
  return isNumber(written) ? `Write \`persistence: { timeout: ${written} }\`.` : undefined;
}

/** A switch, where a type of test is meant. */
function testing(written: unknown): string | undefined {
  if (/^(false|no|off|never)$/i.test(String(written)))
    return "Write `verify: none`: nothing is then sent to this service.";
  if (/^(true|yes|on)$/i.test(String(written)))
    return "Delete it: every service is tested, in a way that fits its port.";
  return undefined;
}

function severalAddresses(written: readonly unknown[] = []): string {
  const isPlain = written.length > 1 && written.every((one) => typeof one === "string");
  const list = isPlain ? written.join(", ") : "192.0.2.100, 192.0.2.101";
  return `For several addresses in one service write \`vips: [${list}]\` in place of \`vip\`.`;
}

/** Several firewalls, or several addresses of one, in a list where one map belongs. */
function severalPublications(written: readonly unknown[]): string {
  const named = written.map((one) => (typeof one === "string" ? one : valueAt(one, ["on"])));
  const [first = "fw", second] = [...new Set(named)].filter((one) => typeof one === "string");
  const [address = "…"] = written
    .map((entry) => valueAt(entry, ["address"]))
    .filter((text) => typeof text === "string");
  const one = `\`publish: { on: ${first}, address: ${address} }\``;
  if (written.length <= 1) return `A service has one \`publish\`, without the brackets of a list: ${one}.`;
  const rest = "make a second service, with a `vip` of its own";
  return second === undefined
    ? `A service has one \`publish\`, without the brackets of a list: ${one}. For another public address ${rest}.`
    : `A service is published on one firewall, by which its replies leave: ${one}. For "${second}" ${rest}, whose replies leave by "${second}".`;
}

function addressAlone(written: unknown): string | undefined {
  const text = String(written);
  const cidr = text.includes("/") ? parseCidr(text) : undefined;
  if (cidr !== undefined)
    return `Write \`vip: ${cidr.address}\`, or with its prefix length \`vip: { address: ${cidr.address}, prefix: ${cidr.prefix} }\`.`;
  const [, address, port] = /^(\d+\.\d+\.\d+\.\d+):(\d{1,5})$/.exec(text) ?? [];
  return address === undefined || !isPort(port ?? "")
    ? undefined
    : `Write address and port apart: \`vip: ${address}\` and \`port: ${port}\`.`;
}

/** Names of haproxy, nginx and cloud load balancers. */
function scheduler(written: unknown): string | undefined {
  const word = String(written)
    .toLowerCase()
    .replaceAll(/[\s_-]/g, "");
  const [found] = SCHEDULERS.find(([, names]) => names.test(word)) ?? [];
  return found === undefined ? undefined : `Here it is \`scheduler: ${found}\`.`;
}

const SCHEDULERS: readonly (readonly [scheduler: string, names: RegExp])[] = [
  ["rr", /^(roundrobin|staticrr)$/],
  ["wrr", /^weightedroundrobin$/],
  ["lc", /^(leastconns?|leastconnections?)$/],
  ["wlc", /^weightedleast(conns?|connections?)$/],
  ["sh", /^(source|sourceip|sourcehash(ing)?|iphash)$/],
];

function protocol(written: unknown): string | undefined {
  const words = String(written).toLowerCase();
  if (!Array.isArray(written) && !/both|any|all|tcp.+udp|udp.+tcp/.test(words)) return undefined;
  return "Write `protocol: tcp` here, and a second service with `protocol: udp`.";
}

function realServer(written: unknown): string | undefined {
  const [, address, port] = /^(.+):(\d{1,5})$/.exec(String(written)) ?? [];
  if (address === undefined || !isPort(port ?? "")) return undefined;
  return `Name the host, and its port apart: \`{ host: rs1, port: ${port} }\`. The host's address is in its \`interfaces\`.`;
}

/** A number alone: in a list a host's name, and after a host's name its weight, or its port in a mode that maps ports. */
function numberedHost(written: unknown, { path, at }: Around): string | undefined {
  if (typeof written !== "number") return undefined;
  const host = path.at(-1);
  if (typeof host !== "string") return `A host whose name is a number needs quotes: "${written}".`;
  const mode = String(at([...path.slice(0, 2), "mode"]));
  const weight = `\`${host}: { weight: ${written} }\``;
  return written >= 80 && isPort(String(written)) && /nat|masq/.test(mode)
    ? `If that is its port, write \`${host}: { port: ${written} }\`; if it is its weight, ${weight}.`
    : `If that is its weight, write ${weight}.`;
}

/** A router's other names. */
function role(written: unknown): string | undefined {
  if (isRouter(written)) return "Here it is `firewall`: a router is one too.";
  return written === null ? "Write firewall, director, real-server or client." : undefined;
}

function isRouter(written: unknown): boolean {
  return /^(router|gateway|gw|nat([_-]?(box|gateway|gw))?|edge)$/i.test(String(written));
}

/** A list under `role`: with the roles that it has, or with some that there are. */
function severalRoles(written: readonly unknown[]): string {
  const known = written
    .map((one) => (isRouter(one) ? "firewall" : String(one)))
    .filter((one) => /^(firewall|director|real-server|client)$/.test(one));
  return known.length === 0
    ? "Write one, such as `role: real-server`, or several such as `roles: [firewall, director]`."
    : `Write \`roles: [${[...new Set(known)].join(", ")}]\`.`;
}

/** The alias of old tutorials, `eth0:1`. */
function vipInterface(written: string): string | undefined {
  const [device = "", label] = written.split(":");
  if (label === undefined || device === "") return undefined;
  return device === "lo"
    ? "Delete `interface`: it is the directors', and lvsctl adds the address to the real servers' lo where the mode needs it."
    : `Write \`interface: ${device}\`: "${written}" is a label for the address, which lvsctl adds.`;
}

function interfaceAddress(written: unknown): string | undefined {
  if (/^dhcp$/i.test(String(written))) {
    return "Write the address that the host has, and let DHCP always give it the same one: real servers and directors refer to each other by it.";
  }
  const [, address, mask] = /^([0-9.]+)[/ ](\d+\.\d+\.\d+\.\d+)$/.exec(String(written)) ?? [];
  const bits = mask === undefined ? undefined : prefixOf(mask);
  if (bits !== undefined) return `Write the netmask as a prefix length: ${address}/${bits}.`;
  const bare = String(written).includes("/") ? undefined : parseCidr(String(written));
  return bare === undefined
    ? undefined
    : `Add the prefix length of its subnet, as \`ip address\` prints it: ${written}/${bare.family === 4 ? 24 : 64}, for example.`;
}

function gatewayAddress(written: unknown): string | undefined {
  const cidr = typeof written === "string" && written.includes("/") ? parseCidr(written) : undefined;
  return cidr && `Write it without the prefix length: \`gateway: ${cidr.address}\`.`;
}

/** The prefix length of a netmask; undefined if it has ones behind zeros. */
function prefixOf(mask: string): number | undefined {
  const bits = mask
    .split(".")
    .map((octet) => Number(octet).toString(2).padStart(8, "0"))
    .join("");
  return /^1+0*$/.test(bits) && bits.length === 32 ? (bits.indexOf("0") === -1 ? 32 : bits.indexOf("0")) : undefined;
}

function interfaceName(name: string): string | undefined {
  const [device = "", label] = name.split(/[:@]/);
  if (label === undefined) return undefined;
  if (name.includes("@")) return `Write only what stands before the @: "${device}".`;
  if (device === "lo") {
    return "Delete it: a virtual address on the loopback device is not written here, because lvsctl adds it where the mode needs it.";
  }
  return `"${name}" is a label for a second address of ${device}. If that is the virtual address, delete it: lvsctl adds it. Otherwise write both under ${device}: \`${device}: [192.0.2.5/24, 192.0.2.6/24]\`.`;
}

const NO_CHECKS =
  "Delete it: lvsctl checks no real servers yet. Until it does, take one out with `lvsctl drain`, or let keepalived or ldirectord have the service.";
const NO_FAILOVER =
  "Delete it: one director cannot take over from another yet. Until then, let keepalived have the services, and leave them out here.";

const OWN_DIRECTOR =
  "Delete it: all directors offer all services of a file. For services with a director of their own write a second file, in which the same real servers can stand.";

function serviceKey(key: string): string | undefined {
  const word = key.toLowerCase().replaceAll(/[_-]/g, "");
  if (
    /^(health|healthchecks?|checks?|monitor|probe|tcpcheck|httpget|delayloop|quorum|alpha|omega|checktype|checkport|checkinterval|checktimeout|checkcount|negotiatetimeout|request|receive)$/.test(
      word,
    )
  )
    return NO_CHECKS;
  if (/^(sorryserver|sorry|fallback|backup)$/.test(word)) {
    return NO_CHECKS.replace("lvsctl", "a server for when all others are gone is part of health checks, and lvsctl");
  }
  if (/^(vrrp|vrid|virtualrouterid|priority|standby|failover)$/.test(word)) return NO_FAILOVER;
  if (/^directors?$/.test(word)) return OWN_DIRECTOR;
  if (/^(virtualaddress(es)?|virtualipaddress(es)?|addresses)$/.test(word))
    return `The address goes under \`vip\`. ${severalAddresses()}`;
  if (/^(weight|[ul]threshold|(upper|lower)threshold)$/.test(word))
    return "It belongs to a real server: `realServers: { rs1: { weight: 3, upperThreshold: 20000 } }`.";
  if (/^\d+$/.test(word) && isPort(word))
    return `For several ports in one service write \`ports: [80, ${word}]\` in place of \`port\`.`;
  const renamed = Object.hasOwn(SERVICE_KEYS, word) ? SERVICE_KEYS[word] : undefined;
  return renamed === undefined ? undefined : `Here it is \`${renamed}\`.`;
}

/** A key with a value that has another form here too. */
function withValue(key: string, written: unknown): string | undefined {
  const word = key.toLowerCase().replaceAll(/[_-]/g, "");
  const renamed = Object.hasOwn(SERVICE_KEYS, word) ? SERVICE_KEYS[word] : undefined;
  if (typeof written !== "string") return undefined;
  const said = written.toLowerCase().replaceAll(/[\s_-]/g, "");
  if (renamed === "realServers" && /^[\w.-]+$/.test(written)) return `Here it is \`realServers: [${written}]\`.`;
  if (renamed === "mode" && /^(dr|nat|tun)$/.test(said)) return `Here it is \`mode: ${said}\`.`;
  if (renamed !== "scheduler") return undefined;
  const [found] = SCHEDULERS.find(([own, names]) => own === said || names.test(said)) ?? [];
  return found === undefined ? undefined : `Here it is \`scheduler: ${found}\`.`;
}

/** Words of keepalived, ipvsadm and ldirectord. */
const SERVICE_KEYS: Readonly<Record<string, string>> = {
  lbalgo: "scheduler",
  lvssched: "scheduler",
  algorithm: "scheduler",
  lbkind: "mode",
  lvsmethod: "mode",
  method: "mode",
  forwarding: "mode",
  balance: "scheduler",
  virtualport: "port",
  listen: "port",
  bind: "vip",
  realserver: "realServers",
  server: "realServers",
  backend: "realServers",
  real: "realServers",
  servers: "realServers",
  backends: "realServers",
  ops: "onePacket: true",
  ftp: "helper: ftp",
  mark: "fwmark",
  address: "vip",
  virtual: "vip",
  virtualip: "vip",
};

function hostKey(key: string, written: unknown): string | undefined {
  const word = key.toLowerCase();
  if (word === "hostname" && typeof written === "string")
    return `Where to log in goes under \`ssh\`: \`ssh: { host: ${written} }\`.`;
  if (/^(vrrp|vrid|priority|failover)$/.test(word)) return NO_FAILOVER;
  if (/^(ip_?)?rules?$|^policy(_?routing)?$|^(routing_?)?tables?$/.test(word)) return NO_POLICY;
  return Object.hasOwn(HOST_KEYS, word) ? HOST_KEYS[word] : undefined;
}

const ADDRESSES = "A host's addresses go under its interfaces: `interfaces: { eth0: 192.0.2.11/24 }`.";

const HOST_KEYS: Readonly<Record<string, string>> = {
  ip: ADDRESSES,
  address: ADDRESSES,
  addresses: ADDRESSES,
  hostname: "Where to log in goes under `ssh`.",
  user: "How to log in goes under `ssh`: `ssh: { user: ops }`.",
  port: "For sshd's port write `ssh: { port: 2222 }`; a real server's port belongs to the service: `realServers: { rs1: { port: 8080 } }`.",
  weight: "A weight belongs to the service: `realServers: { rs1: { weight: 3 } }`, with the others.",
  sysctl: "Here it is `sysctls`.",
  gw: "Here it is `gateway`.",
};

const NO_POLICY =
  "Delete it: policy routing (`ip rule`) is not supported: routes go by the destination alone, and stand under `routes`.";
const ONE_NEXT_HOP =
  "A route has one next hop; several for one destination (ECMP) are not supported. Keep one, or divide the destination into networks with a route each.";
const DEFAULT_ROUTE = "The route to everything else is the host's `gateway`: write that in place of this route.";

function routeKey(key: string, written: unknown): string | undefined {
  const word = key.toLowerCase();
  const single = Array.isArray(written) && written.length === 1 ? written[0] : written;
  if (/^next_?hops?$/.test(word) && parseCidr(String(single)) !== undefined) return `Write \`via: ${single}\`.`;
  if (/^(from|table|rules?)$/.test(word)) return NO_POLICY;
  if (/^(next_?hops?|hops|vias|multipath|ecmp|gateways)$/.test(word)) return ONE_NEXT_HOP;
  if (/^(dev|oif|iface|interface)$/.test(word)) return "Here it is `device`.";
  if (/^(gw|gateway)$/.test(word)) return "Here it is `via`.";
  return /^(dst|dest|destination|target|network)$/.test(word) ? "Here it is `to`." : undefined;
}

function fileKey(key: string): string | undefined {
  const word = key.toLowerCase().replaceAll(/[_-]/g, "");
  if (/^(virtualservers?|virtual)$/.test(word)) return "Here it is `services`.";
  if (/^(vrrpinstances?|vrrp|vrrpsyncgroups?|failover)$/.test(word)) return NO_FAILOVER;
  return undefined;
}

function realServerKey(key: string): string | undefined {
  const word = key.toLowerCase().replaceAll(/[_-]/g, "");
  if (/^(method|lvsmethod|lbkind)$/.test(word)) return "Here it is `mode`, where a real server's is not the service's.";
  if (word === "uthreshold") return "Here it is `upperThreshold`.";
  if (word === "ip" || word === "ipaddress") return "Here it is `address`.";
  if (word === "inhibitonfailure") return NO_CHECKS;
  if (word === "lthreshold") return "Here it is `lowerThreshold`.";
  return serviceKey(key)?.includes("checks") === true ? NO_CHECKS : undefined;
}

function isZero(value: unknown): boolean {
  return value === 0 || /^0+$/.test(String(value));
}

function isNumber(value: unknown): boolean {
  return typeof value === "number" || /^\d+$/.test(String(value));
}

function valueAt(document: unknown, path: SchemaMistake["path"]): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, step) ? Reflect.get(value, step) : undefined,
    document,
  );
}
