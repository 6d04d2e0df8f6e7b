/**
 * The parts of a faulty file that can still be checked: the hosts and services without mistakes. A typo in one service must
 * not hide mistakes in another, nor cause complaints that go away with the typo.
 */
import type { Path } from "../document/parse-document.ts";
import { possibleRange } from "../lvs/port-range.ts";
import type { Host, Service, SshDefaults, TopologyFile } from "./generated/topology-file.ts";

/** The intact parts. A host or service in `damaged…` is only known to exist. */
export interface IntactParts {
  /** The topology's; empty if it cannot be read. */
  readonly name: string;
  /** Undefined if a mistake in `networks` makes it impossible to tell the segments. */
  readonly networks: NonNullable<TopologyFile["networks"]> | undefined;
  readonly ssh: SshDefaults;
  /** Whether `hosts` could be read; only then is a missing name an unknown host. */
  readonly hasHosts: boolean;
  readonly hosts: ReadonlyMap<string, Host>;
  readonly services: ReadonlyMap<string, Service>;
  readonly damagedHosts: ReadonlySet<string>;
  readonly damagedServices: ReadonlySet<string>;
}

/** Parts of a host that nothing else depends on. */
const APART = new Set(["ssh", "sysctls"]);

/** Leaves out the parts of a document that contain mistakes. */
export function intactParts(value: unknown, mistakes: readonly Path[]): IntactParts {
  const damaged = { hosts: new Set<string>(), services: new Set<string>() };
  const parts = new Set<string>();
  const hostsWithoutApart = new Set<string>();
  for (const [part, name, key] of mistakes) {
    if (part === "hosts" && name !== undefined && APART.has(String(key))) hostsWithoutApart.add(String(name));
    else if ((part === "hosts" || part === "services") && name !== undefined) damaged[part].add(String(name));
    else parts.add(String(part));
  }
  const name = read(value, "name");
  return {
    name: typeof name === "string" ? name : "",
    networks: parts.has("networks") ? undefined : ((read(value, "networks") as TopologyFile["networks"]) ?? {}),
    ssh: parts.has("ssh") ? {} : ((read(value, "ssh") as SshDefaults | undefined) ?? {}),
    hasHosts: !parts.has("hosts") && isMap(read(value, "hosts")),
    hosts: new Map(
      entries<Host>(value, "hosts", damaged.hosts).map(([name, host]) => [
        name,
        hostsWithoutApart.has(name) ? withoutApart(host) : host,
      ]),
    ),
    services: new Map(
      entries<Service>(value, "services", damaged.services).map(([name, service]) => [name, withPlainPorts(service)]),
    ),
    damagedHosts: damaged.hosts,
    damagedServices: damaged.services,
  };
}

/** The texts under `mode` of each service and its real servers, with their paths, whatever else is wrong with the service. */
export function writtenModes(value: unknown): readonly (readonly [path: Path, mode: string])[] {
  return entries(value, "services", new Set()).flatMap(([name, service]) => {
    const realServers = read(service, "realServers");
    const keys: readonly (string | number)[] = Array.isArray(realServers)
      ? [...realServers.keys()]
      : isMap(realServers)
        ? Object.keys(realServers)
        : [];
    const paths: readonly Path[] = [["mode"], ...keys.map((key) => ["realServers", key, "mode"])];
    return paths.flatMap((path) => {
      const mode = path.reduce<unknown>((within, key) => read(within, String(key)), service);
      return typeof mode === "string" ? [[["services", name, ...path], mode] as const] : [];
    });
  });
}

function withoutApart({ ssh: _ssh, sysctls: _sysctls, ...host }: Host): Host {
  return host;
}

/** A service with the port in place of each range of a single one, such as `80-80`, which is the same. */
function withPlainPorts({ ports, match, ...service }: Service): Service {
  return {
    ...service,
    ...(ports === undefined ? {} : { ports: plain(ports) }),
    ...(match === undefined
      ? {}
      : { match: match.map((entry) => (entry.ports === undefined ? entry : { ...entry, ports: plain(entry.ports) })) }),
  } as Service;
}

function plain(ports: NonNullable<Service["ports"]>): NonNullable<Service["ports"]> {
  return ports.map((port) => {
    const range = possibleRange(port);
    return range !== undefined && range.first === range.last ? range.first : port;
  }) as NonNullable<Service["ports"]>;
}

function entries<T>(value: unknown, part: string, damaged: ReadonlySet<string>): [string, T][] {
  const map = read(value, part);
  if (!isMap(map)) return [];
  return Object.entries(map).filter(([name]) => !damaged.has(name));
}

function isMap(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function read(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}
