/** What a ledger says about the other hosts of its topology, so that one that leaves the file is not forgotten. Pure. */
import { type Fields, unknownField } from "../resources/known-fields.ts";
import type { SshDestination } from "../transport/ssh-config.ts";

/** Another host of the topology: who it was in the file, and how to reach it. It has no keys and no passwords. */
export interface KnownHost {
  readonly name: string;
  readonly roles: readonly string[];
  readonly ssh: Omit<SshDestination, "identityFile">;
}

/** The fields of another host in a ledger. */
export const KNOWN_HOST_FIELDS: Fields<KnownHost> = {
  ...{ name: true, roles: true },
  ssh: { destination: true, port: true, user: true, jump: true, become: true },
};

/** The run that wrote a ledger. */
export interface LedgerRun {
  readonly id: string;
  /**
   * ISO 8601, by the clock of the machine that ran lvsctl; but later than every run that its hosts knew, if that clock was
   * behind.
   */
  readonly since: string;
  /** Every host of that run. Ledgers of older versions name only those that have a ledger after it. */
  readonly hosts: readonly string[];
  /** The version of its lvsctl. Absent in ledgers of older versions. */
  readonly version?: string;
}

/** How many other hosts a ledger knows at most. */
const MAX_HOSTS = 256;

/** Those whose traffic nobody else can take are kept first. */
const RANK = ["director", "firewall", "real-server"];

/** The hosts that fit into a ledger; of more than 256, directors and firewalls come first. In the given order. */
export function bounded(hosts: readonly KnownHost[]): readonly KnownHost[] {
  if (hosts.length <= MAX_HOSTS) return hosts;
  const kept = new Set([...hosts].sort((one, other) => rankOf(one) - rankOf(other)).slice(0, MAX_HOSTS));
  return hosts.filter((host) => kept.has(host));
}

function rankOf({ roles }: KnownHost): number {
  const ranks = roles.map((role) => RANK.indexOf(role)).filter((rank) => rank >= 0);
  return Math.min(RANK.length, ...ranks);
}

/** The other hosts in a ledger's JSON, checked as if somebody else had written them; undefined if they are malformed. */
export function parseKnownHosts(value: unknown): readonly KnownHost[] | undefined {
  if (!Array.isArray(value) || value.length > MAX_HOSTS) return undefined;
  const hosts = value.map(knownHost);
  return hosts.every((host) => host !== undefined) ? hosts : undefined;
}

/** What can be read of a damaged list of hosts, `[{"name":…},…]`: each host that is whole, up to what a ledger may hold. */
export function readableHosts(text: string): readonly KnownHost[] {
  const whole = text.match(/\{"name":[^{}]*\{[^{}]*\}[^{}]*\}/g) ?? [];
  return whole.flatMap((host) => parseOne(host) ?? []).slice(0, MAX_HOSTS);
}

function parseOne(text: string): KnownHost | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return unknownField(value, KNOWN_HOST_FIELDS) === undefined ? knownHost(value) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value can be the name of a host. */
export function isHostName(value: unknown): value is string {
  return typeof value === "string" && NAME.test(value);
}

/** The run in a ledger's JSON; undefined if it is malformed. */
export function parseLedgerRun(value: unknown): LedgerRun | undefined {
  if (!isRecord(value)) return undefined;
  const { id, since, hosts, version } = value;
  const isSound = typeof id === "string" && isMoment(since) && Array.isArray(hosts) && hosts.every(isHostName);
  return isSound ? { id, since, hosts, ...(isVersion(version) ? { version } : {}) } : undefined;
}

/** As JavaScript writes it for the years up to 9999. Texts of other years are longer, and do not sort by time. */
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function isMoment(value: unknown): value is string {
  return typeof value === "string" && MOMENT.test(value) && !Number.isNaN(Date.parse(value));
}

/** Whether a value can be the version of an lvsctl. */
export function isVersion(value: unknown): value is string {
  return typeof value === "string" && /^\d[\w.+-]{0,63}$/.test(value);
}

// Source: schemas/topology.schema.json, definitions `name`, `sshDestination`, `ssh`. Names may have dots and capitals.
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,254}$/;
const DESTINATION = /^[A-Za-z0-9_:][A-Za-z0-9_.:-]{0,254}$/;
const USER = /^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}$/;
const HOP =
  /^([A-Za-z0-9_][A-Za-z0-9_.-]{0,63}@)?([A-Za-z0-9_][A-Za-z0-9_.-]{0,254}|\[[0-9A-Fa-f:.]{2,45}\])(:\d{1,5})?$/;

function knownHost(value: unknown): KnownHost | undefined {
  if (!isRecord(value) || !isRecord(value["ssh"])) return undefined;
  const { name, roles } = value;
  const { destination, port, user, jump, become } = value["ssh"];
  if (!isHostName(name)) return undefined;
  if (!Array.isArray(roles) || !roles.every((role) => typeof role === "string")) return undefined;
  if (typeof destination !== "string" || !DESTINATION.test(destination)) return undefined;
  const isPort = port === undefined || (Number.isInteger(port) && Number(port) > 0 && Number(port) < 65_536);
  const isUser = user === undefined || (typeof user === "string" && USER.test(user));
  const isJump = jump === undefined || (typeof jump === "string" && jump.split(",").every((hop) => HOP.test(hop)));
  if (!isPort || !isUser || !isJump || (become !== undefined && become !== "sudo")) return undefined;
  const ssh = {
    destination,
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(user === undefined ? {} : { user }),
    ...(jump === undefined ? {} : { jump }),
    ...(become === undefined ? {} : { become: "sudo" as const }),
  };
  return { name, roles, ssh };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a host was in the topology: `a director of shop`. */
export function whatItWas({ roles }: KnownHost, topology: string): string {
  const names = roles.filter((role) => role !== "client").map((role) => role.replace("-", " "));
  return `a ${names.join(" and ") || "host"} of ${topology}`;
}

/** How somebody types the host's address for `--host`: `ops@192.0.2.6`. */
export function destinationOf({ ssh: { destination, user } }: KnownHost): string {
  return user === undefined ? destination : `${user}@${destination}`;
}
