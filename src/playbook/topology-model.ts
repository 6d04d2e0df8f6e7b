/**
 * The topology as expressions see it: the type of every field, so that a misspelt one is found when a playbook loads,
 * and the topology's values as instances of these types. Whole numbers are BigInt in expressions; this is the one place
 * that turns them there and back.
 */

import type { ModeTraits } from "../topology/mode-traits.ts";
import type {
  Director,
  Host,
  Interface,
  InterfaceAddress,
  RealServer,
  Segment,
  Service,
  Topology,
} from "../topology/topology.ts";
import type { SshDestination } from "../transport/ssh-config.ts";
import type { Client } from "./playbook.ts";

/** Field name → type, in the expression language's own words: `string`, `int`, `list<RealServer>`. */
type Fields<T> = Readonly<Record<keyof Required<T>, string>>;

const topology: Fields<Topology> = {
  name: "string",
  file: "string",
  persist: "bool",
  segments: "list<Segment>",
  hosts: "list<Host>",
  services: "list<Service>",
  verify: "Verification",
};

const verification: Fields<Topology["verify"]> = { requests: "int", timeoutSeconds: "int" };

const segment: Fields<Segment> = { name: "string", networks: "list<string>" };

const host: Fields<Host> = {
  name: "string",
  roles: "list<string>",
  ssh: "Ssh",
  interfaces: "list<Interface>",
  gateways: "list<Gateway>",
  routes: "list<Route>",
  sysctls: "list<Sysctl>",
};

const ssh: Fields<SshDestination> = {
  destination: "string",
  port: "int",
  user: "string",
  identityFile: "string",
  jump: "string",
  become: "string",
};

const networkInterface: Fields<Interface> = {
  name: "string",
  addresses: "list<InterfaceAddress>",
  segment: "string",
};

const interfaceAddress: Fields<InterfaceAddress> = { address: "string", prefix: "int", family: "int" };
const gateway: Fields<Host["gateways"][number]> = { family: "int", via: "string" };
const route: Fields<Host["routes"][number]> = { to: "string", via: "string", family: "int" };
const sysctl: Fields<Host["sysctls"][number]> = { key: "string", value: "string" };

const service: Fields<Service> = {
  name: "string",
  mode: "string",
  vip: "Vip",
  port: "int",
  protocol: "string",
  family: "int",
  fwmark: "int",
  match: "list<Match>",
  scheduler: "string",
  schedulerFlags: "list<string>",
  persistence: "Persistence",
  onePacket: "bool",
  arp: "string",
  publish: "Publish",
  synproxy: "Synproxy",
  tunnel: "Tunnel",
  mssClamp: "int",
  masquerade: "bool",
  log: "string",
  localAddresses: "list<string>",
  testPage: "bool",
  directors: "list<Director>",
  realServers: "list<RealServer>",
};

const vip: Fields<NonNullable<Service["vip"]>> = { address: "string", family: "int", prefix: "int" };
const match: Fields<Service["match"][number]> = { address: "string", protocol: "string", ports: "list<string>" };
const persistence: Fields<NonNullable<Service["persistence"]>> = { timeout: "int", netmask: "string" };
const publish: Fields<NonNullable<Service["publish"]>> = {
  on: "string",
  address: "string",
  port: "int",
  hairpin: "bool",
};
const synproxy: Fields<NonNullable<Service["synproxy"]>> = { on: "string", mss: "int", windowScale: "int" };
const tunnel: Fields<Service["tunnel"]> = { type: "string", port: "int", checksum: "bool" };
const director: Fields<Director> = { host: "string", address: "string", device: "string" };

const traits: Fields<ModeTraits> = {
  answeredBy: "string",
  rewrites: "Rewrites",
  mapsPorts: "bool",
  reach: "string",
  localNode: "bool",
  settings: "ModeSettings",
};
const rewrites: Fields<NonNullable<ModeTraits["rewrites"]>> = {
  source: "string",
  destination: "string",
  outer: "string",
};
const modeSettings: Fields<NonNullable<ModeTraits["settings"]>> = {
  tunnel: "string",
  mssClamp: "string",
  masquerade: "string",
  localAddresses: "string",
  arp: "string",
};

const client: Fields<Client> = { host: "string", address: "string" };

const realServer: Fields<RealServer> = {
  host: "string",
  address: "string",
  device: "string",
  port: "int",
  weight: "int",
  upperThreshold: "int",
  lowerThreshold: "int",
};

/** Every type of the topology by name, with its fields. */
export const modelTypes: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map<
  string,
  Readonly<Record<string, string>>
>([
  ["Topology", topology],
  ["Verification", verification],
  ["Segment", segment],
  ["Host", host],
  ["Ssh", ssh],
  ["Interface", networkInterface],
  ["InterfaceAddress", interfaceAddress],
  ["Gateway", gateway],
  ["Route", route],
  ["Sysctl", sysctl],
  ["Service", service],
  ["Vip", vip],
  ["Match", match],
  ["Persistence", persistence],
  ["Publish", publish],
  ["Synproxy", synproxy],
  ["Tunnel", tunnel],
  ["Director", director],
  ["RealServer", realServer],
  ["Client", client],
  ["Traits", traits],
  ["Rewrites", rewrites],
  ["ModeSettings", modeSettings],
]);

/** The type of a list's elements, `list<RealServer>` → `RealServer`; undefined where the type is no list. */
export function elementType(type: string): string | undefined {
  if (type === "list") return "dyn";
  return /^list<(.+)>$/.exec(type)?.[1];
}

/** The class of each type: the expression language knows a value's type by its constructor. */
export const modelClasses: ReadonlyMap<string, new () => object> = new Map(
  [...modelTypes.keys()].map((name) => [name, class {}]),
);

const converted = new WeakMap<object, object>();

/** A piece of the topology as a value of the given type. Each object is turned once, however often it is used. */
export function toModel(value: unknown, type: string): unknown {
  if (type === "int") return BigInt(value as number);
  const element = elementType(type);
  const fields = modelTypes.get(type);
  if (typeof value !== "object" || value === null || (element === undefined && fields === undefined)) return value;
  const known = converted.get(value);
  if (known !== undefined) return known;
  const made = fields === undefined ? toList(value, element ?? "dyn") : toInstance(value, type, fields);
  converted.set(value, made);
  return made;
}

/**
 * A result of an expression as plain JSON. Throws a RangeError on what JSON cannot hold: bytes, unsigned integers,
 * types, and whole numbers beyond 2^53.
 */
export function fromModel(value: unknown): unknown {
  if (typeof value === "bigint") return safeNumber(value);
  if (Array.isArray(value)) return value.map(fromModel);
  if (value === null || typeof value !== "object") return value;
  if (!isPlain(value)) throw new RangeError("the result is neither text, a number, true or false, a list nor a map");
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(entries.map(([name, member]) => [String(name), fromModel(member)]));
}

const instanceClasses: ReadonlySet<unknown> = new Set([...modelClasses.values(), Object, Map]);

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || instanceClasses.has((prototype as object).constructor);
}

function safeNumber(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`the number ${value} is too large`);
  return number;
}

function toList(value: object, element: string): readonly unknown[] {
  return (value as readonly unknown[]).map((member) => toModel(member, element));
}

function toInstance(value: object, type: string, fields: Readonly<Record<string, string>>): object {
  const instance = new (modelClasses.get(type) ?? Object)() as Record<string, unknown>;
  for (const [name, fieldType] of Object.entries(fields)) {
    const member = (value as Readonly<Record<string, unknown>>)[name];
    if (member !== undefined) instance[name] = toModel(member, fieldType);
  }
  return instance;
}
