/**
 * Virtual services and real servers as ipvsadm(8) takes and prints them. Source: ipvsadm 1.31 on Linux 6.1. `-S` leaves out
 * thresholds and `-L` the details of forwarding, so that both have to be read.
 */
import { addressFamily, canonicalAddress } from "../net/address.ts";

/** The protocols that a virtual service can have; a firewall mark has none. */
export type Protocol = "tcp" | "udp" | "sctp";

/** How IPVS forwards: `dr` is ipvsadm's -g, `tun` -i, `nat` -m. FullNAT is `nat` plus netfilter rules. */
export type ForwardingMethod = "dr" | "tun" | "nat";

/** What identifies a virtual service: an address with a port, or a firewall mark. */
export type ServiceId =
  | { readonly address: string; readonly port: number; readonly protocol: Protocol }
  | { readonly fwmark: number; readonly family: 4 | 6 };

/** How a virtual service distributes requests: everything of it that `ipvsadm -E` can change. */
export interface ServiceSettings {
  readonly scheduler: string;
  /** Sorted. */
  readonly schedulerFlags: readonly string[];
  /** Seconds; the netmask is dotted for IPv4 and a prefix length for IPv6, absent for single clients. */
  readonly persistence?: { readonly timeout: number; readonly netmask?: string };
  readonly persistenceEngine?: string;
  readonly onePacket: boolean;
}

/** A tunnel other than plain IP in IP, which is the default and the only one that ipvsadm before 1.30 knows. */
export interface Tunnel {
  readonly type: "gue" | "gre";
  readonly port?: number;
  readonly checksum?: "none" | "checksum" | "remote";
}

/**
 * A real server of a virtual service. The weight is 0 to 65535; 0 receives no new connections. `tunnel`: for `tun` only.
 */
export interface Destination {
  readonly address: string;
  readonly port: number;
  readonly method: ForwardingMethod;
  readonly weight: number;
  readonly tunnel?: Tunnel;
}

/** A virtual service as `ipvsadm -S` prints it, with its real servers in the order of the output. */
export interface SavedService {
  readonly service: ServiceId;
  readonly settings: ServiceSettings;
  readonly destinations: readonly Destination[];
}

const PROTOCOL_OPTIONS: Readonly<Record<Protocol, string>> = { tcp: "-t", udp: "-u", sctp: "--sctp-service" };
const METHOD_OPTIONS: Readonly<Record<ForwardingMethod, string>> = { dr: "-g", tun: "-i", nat: "-m" };
const CHECKSUM_OPTIONS = { none: "--tun-nocsum", checksum: "--tun-csum", remote: "--tun-remcsum" } as const;

/** A service's key in maps and its name in messages: `tcp 172.16.10.10:80`, `tcp [fd00::10]:80`, `fwmark 17`, `fwmark 18 IPv6`. */
export function serviceKey(service: ServiceId): string {
  if ("fwmark" in service) return `fwmark ${service.fwmark}${service.family === 6 ? " IPv6" : ""}`;
  return `${service.protocol} ${endpoint(service)}`;
}

/** A real server's key in maps and its name in messages: `tcp 172.16.10.10:80 -> 172.16.10.21:80`. */
export function destinationKey(service: ServiceId, destination: Endpoint): string {
  return `${serviceKey(service)} -> ${endpoint(destination)}`;
}

interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** `172.16.10.21:80`, `[fd00::21]:80`. */
function endpoint({ address, port }: Endpoint): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** The arguments that identify a service: `-t 172.16.10.10:80`, `-f 17`. */
export function serviceArguments(service: ServiceId): readonly string[] {
  if ("fwmark" in service) return ["-f", String(service.fwmark), ...(service.family === 6 ? ["-6"] : [])];
  return [PROTOCOL_OPTIONS[service.protocol], endpoint(service)];
}

/** The arguments of `-A` and `-E` after the service's. A setting that is left out goes back to its default. */
export function settingsArguments(settings: ServiceSettings): readonly string[] {
  const { scheduler, schedulerFlags, persistence, persistenceEngine, onePacket } = settings;
  return [
    ...["-s", scheduler],
    ...(persistence ? ["-p", String(persistence.timeout)] : []),
    ...(persistence?.netmask === undefined ? [] : ["-M", persistence.netmask]),
    ...(persistenceEngine === undefined ? [] : ["--pe", persistenceEngine]),
    ...(onePacket ? ["-o"] : []),
    ...(schedulerFlags.length > 0 ? ["-b", schedulerFlags.join(",")] : []),
  ];
}

/** The arguments that identify a real server within its service: `-r 172.16.10.21:80`. */
export function realServerArguments(destination: Endpoint): readonly string[] {
  return ["-r", endpoint(destination)];
}

/** The arguments of `-a` and `-e` after the service's. */
export function destinationArguments(destination: Destination): readonly string[] {
  const { method, weight, tunnel } = destination;
  return [
    ...realServerArguments(destination),
    METHOD_OPTIONS[method],
    "-w",
    String(weight),
    ...tunnelArguments(tunnel),
  ];
}

function tunnelArguments(tunnel: Tunnel | undefined): readonly string[] {
  if (!tunnel) return [];
  return [
    ...["--tun-type", tunnel.type],
    ...(tunnel.port === undefined ? [] : ["--tun-port", String(tunnel.port)]),
    ...(tunnel.checksum === undefined ? [] : [CHECKSUM_OPTIONS[tunnel.checksum]]),
  ];
}

/** The lines that `ipvsadm -S -n` prints for these services. */
export function formatSave(services: readonly SavedService[]): string {
  const lines = services.flatMap(({ service, settings, destinations }) => [
    ["-A", ...serviceArguments(service), ...settingsArguments(settings)],
    ...destinations.map((destination) => ["-a", ...serviceArguments(service), ...destinationArguments(destination)]),
  ]);
  return lines.map((line) => `${line.join(" ")}\n`).join("");
}

/** Parses the output of `ipvsadm -S -n`. Throws a SyntaxError whose message is the line that was not understood. */
export function parseSave(text: string): readonly SavedService[] {
  const services = new Map<string, SavedService & { destinations: Destination[] }>();
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const { action, service, options } = parseSaveLine(line);
    const key = serviceKey(service);
    if (action === "-A") services.set(key, { service, settings: settingsFrom(options), destinations: [] });
    else services.get(key)?.destinations.push(destinationFrom(options, line));
  }
  return [...services.values()];
}

const FLAGS: ReadonlySet<string> = new Set(["-o", "-g", "-i", "-m", "-6", ...Object.values(CHECKSUM_OPTIONS)]);
const VALUES: ReadonlySet<string> = new Set([
  ...["-t", "-u", "--sctp-service", "-f", "-s", "-p", "-M", "--pe", "-b", "-r", "-w", "-x", "-y"],
  ...["--tun-type", "--tun-port"],
]);

/** What ipvsadm 1.26 prints in place of options. Source: print_service_entry in its ipvsadm.c. */
const BARE_WORDS: ReadonlyMap<string, string> = new Map([
  ["ops", "-o"],
  ["pe", "--pe"],
]);

type Options = ReadonlyMap<string, string>;

function parseSaveLine(line: string) {
  const [action, ...words] = line.trim().split(/\s+/);
  const options = new Map<string, string>();
  for (let at = 0; at < words.length; at += 1) {
    const written = words[at] ?? "";
    const word = BARE_WORDS.get(written) ?? written;
    const value = VALUES.has(word) ? words[++at] : "";
    if (value === undefined || !(FLAGS.has(word) || VALUES.has(word))) throw new SyntaxError(line);
    options.set(word, value);
  }
  const service = serviceFrom(options);
  if ((action !== "-A" && action !== "-a") || !service) throw new SyntaxError(line);
  return { action, service, options } as const;
}

function serviceFrom(options: Options): ServiceId | undefined {
  const mark = options.get("-f");
  if (mark !== undefined) return { fwmark: Number(mark), family: options.has("-6") ? 6 : 4 };
  for (const protocol of ["tcp", "udp", "sctp"] as const) {
    const at = parseEndpoint(options.get(PROTOCOL_OPTIONS[protocol]));
    if (at) return { ...at, protocol };
  }
  return undefined;
}

function settingsFrom(options: Options): ServiceSettings {
  const timeout = options.get("-p");
  const netmask = options.get("-M");
  const engine = options.get("--pe");
  return {
    scheduler: options.get("-s") ?? "wlc",
    schedulerFlags: options.get("-b")?.split(",").sort() ?? [],
    ...(timeout === undefined
      ? {}
      : { persistence: { timeout: Number(timeout), ...(netmask === undefined ? {} : { netmask }) } }),
    ...(engine === undefined ? {} : { persistenceEngine: engine }),
    onePacket: options.has("-o"),
  };
}

function destinationFrom(options: Options, line: string): Destination {
  const at = parseEndpoint(options.get("-r"));
  if (!at) throw new SyntaxError(line);
  const method = options.has("-m") ? "nat" : options.has("-i") ? "tun" : "dr";
  const tunnel = tunnelFrom(options, line);
  return { ...at, method, weight: Number(options.get("-w") ?? 1), ...(tunnel ? { tunnel } : {}) };
}

function tunnelFrom(options: Options, line: string): Tunnel | undefined {
  const type = options.get("--tun-type");
  if (type === undefined || type === "ipip") return undefined;
  if (type !== "gue" && type !== "gre") throw new SyntaxError(line);
  const port = options.get("--tun-port");
  const checksum = (["none", "checksum", "remote"] as const).find((name) => options.has(CHECKSUM_OPTIONS[name]));
  return {
    type,
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(checksum === undefined ? {} : { checksum }),
  };
}

/** Parses `172.16.10.21:80` and `[fd00::21]:80`; undefined for anything else. */
export function parseEndpoint(text: string | undefined): Endpoint | undefined {
  const [, bracketed, plain, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+)):(\d{1,5})$/.exec(text ?? "") ?? [];
  const address = bracketed ?? plain;
  if (address === undefined || addressFamily(address) === undefined) return undefined;
  return { address: canonicalAddress(address), port: Number(port) };
}
