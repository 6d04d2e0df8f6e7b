/** No service may take the packets of lvsctl's own login to a host. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { hasPort, portRange } from "../../lvs/port-range.ts";
import { canonicalAddress, contains, parseCidr } from "../../net/address.ts";
import type { Draft } from "../draft.ts";
import type { Service } from "../generated/topology-file.ts";
import { listOf } from "../hosts.ts";
import { loginPort } from "../login-port.ts";
import { addressOf } from "../services.ts";
import type { Host } from "../topology.ts";

/** A place where lvsctl logs in: a host of the file, or a jump host on the way to some. */
interface Login {
  /** An address, or a name. */
  readonly destination: string;
  readonly port: number;
  /** The host of the file that it is; for a jump host, if its name is that of one. */
  readonly host?: Host;
  /** For a jump host: the hosts behind it. */
  readonly before?: readonly string[];
}

/** A login that a service takes, and the address at which it does. */
interface TakenLogin extends Login {
  readonly address: string;
}

/** LVS-CONFIG-064 for a service on the login's address and port, by address, by mark or by publication. */
export function* ownLogin(draft: Draft): Iterable<LvsctlError> {
  const logins = loginsOf(draft);
  for (const [name, file] of draft.serviceFiles) {
    yield* byAddress(draft, logins, name, file);
    yield* byMark(draft, logins, name, file);
    yield* byPublication(draft, logins, name, file);
  }
}

function* byAddress(
  draft: Draft,
  logins: readonly Login[],
  name: string,
  { vip, port, protocol = "tcp" }: Service,
): Iterable<LvsctlError> {
  const text = addressOf(vip);
  if (text === undefined || protocol !== "tcp") return;
  const address = canonicalAddress(text);
  const login = takenOf(
    logins,
    isDirector,
    (one) => one === address,
    (own) => port === 0 || port === own,
  );
  if (login === undefined) return;
  const sshd = isOwn(login) ? ["let sshd listen on another one (`ssh: { port: … }`)", "choose a free address"] : [];
  const ways = ["Choose another port", ...sshd, ...elsewhere(login)];
  const hint =
    port === 0
      ? "Name the port, or several under `ports`, without that one."
      : `${ways.slice(0, -1).join(", ")}, or ${ways.at(-1)}.`;
  yield taken(draft, ["services", name, "port"], login, hint);
}

function* byMark(draft: Draft, logins: readonly Login[], name: string, { match = [] }: Service): Iterable<LvsctlError> {
  for (const [index, { address, protocol = "tcp", ports = ["1-65535"] }] of match.entries()) {
    const network = parseCidr(address);
    if (network === undefined || protocol !== "tcp") continue;
    const isMatched = (own: string) => {
      const cidr = parseCidr(own);
      return cidr !== undefined && cidr.family === network.family && contains(network, cidr);
    };
    const login = takenOf(logins, isDirector, isMatched, (port) => ports.some((range) => hasPort(range, port)));
    if (login === undefined) continue;
    const others = ports.map(String).flatMap((range) => without(login.port, range));
    const isAll = ports.some((range) => String(range) === "1-65535");
    const hint =
      isAll || others.length === 0
        ? "Name the service's own ports, without that one."
        : `Leave that port out: \`ports: [${others.map((range) => (range.includes("-") ? `"${range}"` : range)).join(", ")}]\`.`;
    yield taken(draft, ["services", name, "match", index], login, hint);
  }
}

function* byPublication(draft: Draft, logins: readonly Login[], name: string, file: Service): Iterable<LvsctlError> {
  const { publish, port, match = [] } = file;
  const protocol = match[0]?.protocol ?? file.protocol ?? "tcp";
  if (publish === undefined || draft.hosts.get(publish.on) === undefined || protocol !== "tcp") return;
  const asked = publish.port ?? port;
  const ports = asked === undefined ? (match[0]?.ports ?? []) : [asked];
  const addresses = listOf(publish.address).map(canonicalAddress);
  const login = takenOf(
    logins,
    (host) => host.name === publish.on,
    (address) => addresses.includes(address),
    (own) => ports.some((range) => hasPort(range, own)),
  );
  if (login === undefined) return;
  const path = ["services", name, "publish", ...(publish.port === undefined ? [] : ["port"])];
  const way =
    asked === undefined
      ? "Leave that port out of `ports`, or publish it on another address"
      : "Publish it on another port or address";
  yield taken(draft, path, login, `${[way, ...elsewhere(login)].join(", or ")}.`);
}

/** Where lvsctl logs in, as the file says: hosts first. ssh_config can say otherwise. */
function loginsOf({ hosts }: Draft): readonly Login[] {
  const managed = [...hosts.values()].filter((host) => host.managed);
  const own = managed.map((host): Login => ({ destination: host.ssh.destination, port: loginPort(host), host }));
  const chains = new Map(managed.map(({ ssh }) => [ssh.jump, managed.filter((host) => host.ssh.jump === ssh.jump)]));
  const jumps = [...chains].flatMap(([chain = "", behind]) =>
    [...chain.matchAll(JUMP)].map(([, inBrackets, plain, port]): Login => {
      const name = inBrackets ?? plain ?? "";
      const host = hosts.get(name);
      const before = behind.map((one) => one.name);
      const known = host === undefined ? { destination: name } : { destination: host.ssh.destination, host };
      return { ...known, port: port === undefined ? loginPort(host ?? { ssh: known }) : Number(port), before };
    }),
  );
  return [...own, ...jumps];
}

/** One hop of a chain: `[user@]host[:port]`, an IPv6 address in brackets. */
const JUMP = /(?:[^@,]*@)?(?:\[([^\]]*)\]|([^:,]+))(?::(\d+))?(?:,|$)/g;

/** The first login on such an address and port. A name can stand for any address of its host; only an owner's counts. */
function takenOf(
  logins: readonly Login[],
  isOwner: (host: Host) => boolean,
  isAddress: (address: string) => boolean,
  isPort: (port: number) => boolean,
): TakenLogin | undefined {
  for (const login of logins) {
    if (!isPort(login.port)) continue;
    const written = parseCidr(login.destination)?.address;
    const named = login.host !== undefined && isOwner(login.host) ? addressesOf(login.host) : [];
    const address = (written === undefined ? named : [written]).find(isAddress);
    if (address !== undefined) return { ...login, address };
  }
  return undefined;
}

function isDirector({ roles }: Host): boolean {
  return roles.includes("director");
}

/** How lvsctl could log in to the same host by another address, as the end of a sentence. */
function elsewhere({ destination, address, host, before }: TakenLogin): readonly string[] {
  const others = host === undefined ? [] : addressesOf(host).filter((one) => one !== address);
  if (before !== undefined) return ["name the jump host by another address under `jump`"];
  if (host === undefined || !addressesOf(host).includes(address))
    return ["log in to the host at an address of its own"];
  const isNamed = parseCidr(destination) === undefined;
  return isNamed && others.length > 0
    ? [`write another address of "${host.name}" under its \`ssh\`, if lvsctl logs in there`]
    : [];
}

/** Whether it is a host's own address at which lvsctl logs in to that host. */
function isOwn({ host, address, before }: TakenLogin): boolean {
  return before === undefined && host !== undefined && addressesOf(host).includes(address);
}

function taken(draft: Draft, path: readonly (string | number)[], login: TakenLogin, hint: string): LvsctlError {
  const { host, address, port, before } = login;
  const message =
    before !== undefined
      ? `lvsctl logs in to ${someOf(before)} through the jump host at ${address}, port ${port}: every new login would go to a real server.`
      : isOwn(login)
        ? `lvsctl logs in to "${host?.name}" on port ${port}, and ${address} is an address of that host: every new login there would go to a real server.`
        : `lvsctl logs in to "${host?.name}" at ${address} on port ${port}: every new login would go to a real server.`;
  return draft.problem("LVS-CONFIG-064", path, { message, hint });
}

function someOf([first, ...others]: readonly string[]): string {
  return `"${first}"${others.length === 0 ? "" : ` and ${others.length} more`}`;
}

function addressesOf({ interfaces }: Host): readonly string[] {
  return interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address));
}

/** A range of ports without one of them. */
function without(port: number, range: string): readonly string[] {
  const { first, last } = portRange(range);
  if (!hasPort(range, port)) return [range];
  return [
    [first, port - 1],
    [port + 1, last],
  ].flatMap(([from = 0, to = 0]) => (from > to ? [] : [from === to ? String(from) : `${from}-${to}`]));
}
