/** The lists that `ipvsadm -L -n` prints: plain, with `--thresholds`, and with `--stats`. */
import { destinationKey, type Protocol, parseEndpoint, type ServiceId, serviceKey } from "./ipvsadm.ts";

/** A real server's line in a list; its numbers are in the order of the columns. */
interface ListedDestination {
  readonly address: string;
  readonly port: number;
  /** `Route`, `Tunnel`, `Masq` in a plain list; absent in the others. */
  readonly forward?: string;
  readonly numbers: readonly number[];
}

/**
 * A virtual service in the list, with its real servers. The numbers are the columns of the list, from left to right.
 */
export interface ListedService {
  readonly service: ServiceId;
  /** The service's own counters, with `--stats`; otherwise empty. */
  readonly numbers: readonly number[];
  readonly destinations: readonly ListedDestination[];
}

/** Connections of one real server in one service, from `ipvsadm -L -n`. */
export interface Connections {
  readonly weight: number;
  readonly active: number;
  readonly inactive: number;
}

/** Counters since the service or the real server was added, from `ipvsadm -L -n --stats --exact`. */
export interface Counters {
  readonly connections: number;
  readonly packetsIn: number;
  readonly packetsOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** Parses a list. Throws a SyntaxError whose message is the line that was not understood. */
export function parseList(text: string): readonly ListedService[] {
  const services: (ListedService & { destinations: ListedDestination[] })[] = [];
  for (const line of text.split("\n")) {
    if (line.trim() === "" || /^(IP Virtual Server|Prot |\s+-> RemoteAddress)/.test(line)) continue;
    const [first = "", second = "", ...rest] = line.trim().split(/\s+/);
    if (first === "->") services.at(-1)?.destinations.push(destinationFrom(second, rest, line));
    else services.push({ ...serviceFrom(first, second, rest, line), destinations: [] });
  }
  return services;
}

/** The upper and lower threshold of each real server by `destinationKey`, from `ipvsadm -L -n --thresholds`; 0: none. */
export function parseThresholds(text: string): ReadonlyMap<string, readonly [upper: number, lower: number]> {
  return byDestination(parseList(text), ([upper = 0, lower = 0]) => [upper, lower] as const);
}

/** The weight and connections of each real server by `destinationKey`, from `ipvsadm -L -n`. */
export function parseConnections(text: string): ReadonlyMap<string, Connections> {
  return byDestination(parseList(text), ([weight = 0, active = 0, inactive = 0]) => ({ weight, active, inactive }));
}

/** Counters by `serviceKey` and by `destinationKey`, from `ipvsadm -L -n --stats --exact`. */
export function parseCounters(text: string): ReadonlyMap<string, Counters> {
  const services = parseList(text);
  return new Map([
    ...services.map(({ service, numbers }) => [serviceKey(service), countersFrom(numbers)] as const),
    ...byDestination(services, countersFrom),
  ]);
}

function byDestination<T>(
  services: readonly ListedService[],
  value: (numbers: readonly number[]) => T,
): ReadonlyMap<string, T> {
  return new Map(
    services.flatMap(({ service, destinations }) =>
      destinations.map((destination) => [destinationKey(service, destination), value(destination.numbers)] as const),
    ),
  );
}

function countersFrom([connections = 0, packetsIn = 0, packetsOut = 0, bytesIn = 0, bytesOut = 0]: readonly number[]) {
  return { connections, packetsIn, packetsOut, bytesIn, bytesOut };
}

function destinationFrom(at: string, columns: readonly string[], line: string): ListedDestination {
  const where = parseEndpoint(at);
  if (!where) throw new SyntaxError(line);
  const forward = /^[A-Za-z]+$/.exec(columns[0] ?? "")?.[0];
  const numbers = columns.slice(forward === undefined ? 0 : 1).map((word) => numberFrom(word, line));
  return { ...where, ...(forward === undefined ? {} : { forward }), numbers };
}

const PROTOCOLS: ReadonlyMap<string, Protocol> = new Map([
  ["TCP", "tcp"],
  ["UDP", "udp"],
  ["SCTP", "sctp"],
]);

function serviceFrom(word: string, at: string, columns: readonly string[], line: string) {
  const counters = columns.filter((column) => column !== "IPv6");
  const numbers =
    counters.length === 5 && counters.every(isNumber) ? counters.map((counter) => numberFrom(counter, line)) : [];
  if (word === "FWM" && isNumber(at)) {
    const service: ServiceId = { fwmark: Number(at), family: columns[0] === "IPv6" ? 6 : 4 };
    return { service, numbers };
  }
  const protocol = PROTOCOLS.get(word);
  const where = parseEndpoint(at);
  if (!protocol || !where) throw new SyntaxError(line);
  return { service: { ...where, protocol }, numbers };
}

function isNumber(word: string): boolean {
  return /^\d+[KMGT]?$/.test(word);
}

/** Without `--exact`, ipvsadm shortens large counters to thousands, millions and so on. */
function numberFrom(word: string, line: string): number {
  const [, digits, unit] = /^(\d+)([KMGT]?)$/.exec(word) ?? [];
  if (digits === undefined || unit === undefined) throw new SyntaxError(line);
  return Number(digits) * 1000 ** ["", "K", "M", "G", "T"].indexOf(unit);
}
