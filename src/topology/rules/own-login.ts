/** No service may take the packets of lvsctl's own login to a host. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { hasPort, portRange } from "../../lvs/port-range.ts";
import { canonicalAddress, contains, parseCidr } from "../../net/address.ts";
import type { Draft } from "../draft.ts";
import type { Service } from "../generated/topology-file.ts";
import { listOf } from "../hosts.ts";
import { addressOf } from "../services.ts";
import type { Host } from "../topology.ts";

/** ssh's own default, which ssh_config can change: a plan sees the real port, and refuses what would take it. */
const SSH_PORT = 22;

/** LVS-CONFIG-064 for a service on the login's address and port, by address, by mark or by publication. */
export function* ownLogin(draft: Draft): Iterable<LvsctlError> {
  for (const [name, file] of draft.serviceFiles) {
    yield* byAddress(draft, name, file);
    yield* byMark(draft, name, file);
    yield* byPublication(draft, name, file);
  }
}

function* byAddress(draft: Draft, name: string, { vip, port, protocol = "tcp" }: Service): Iterable<LvsctlError> {
  const text = addressOf(vip);
  if (text === undefined) return;
  const address = canonicalAddress(text);
  const host = directorWith(draft, (own) => own === address);
  if (host === undefined || protocol !== "tcp" || !mayLogInAt(host, address)) return;
  if (port !== 0 && port !== portOf(host)) return;
  const hint =
    port === 0
      ? "Name the port, or several under `ports`, without that one."
      : "Choose another port, let sshd listen on another one (`ssh: { port: … }`), or choose a free address.";
  yield taken(draft, ["services", name, "port"], host, address, hint);
}

function* byMark(draft: Draft, name: string, { match = [] }: Service): Iterable<LvsctlError> {
  for (const [index, { address, protocol = "tcp", ports = ["1-65535"] }] of match.entries()) {
    const network = parseCidr(address);
    if (network === undefined || protocol !== "tcp") continue;
    const isMatched = (own: string) => {
      const cidr = parseCidr(own);
      return cidr !== undefined && cidr.family === network.family && contains(network, cidr);
    };
    const host = directorWith(draft, isMatched);
    const own = host && addressesOf(host).find((one) => isMatched(one) && mayLogInAt(host, one));
    if (host === undefined || own === undefined) continue;
    const login = portOf(host);
    if (!ports.some((range) => hasPort(range, login))) continue;
    const others = ports.map(String).flatMap((range) => without(login, range));
    const isAll = ports.some((range) => String(range) === "1-65535");
    const hint =
      isAll || others.length === 0
        ? "Name the service's own ports, without that one."
        : `Leave that port out: \`ports: [${others.map((range) => (range.includes("-") ? `"${range}"` : range)).join(", ")}]\`.`;
    yield taken(draft, ["services", name, "match", index], host, own, hint);
  }
}

/** A firewall is often logged in to by another address, so only one that is written down counts. */
function* byPublication(draft: Draft, name: string, file: Service): Iterable<LvsctlError> {
  const { publish, port, match = [] } = file;
  const protocol = match[0]?.protocol ?? file.protocol ?? "tcp";
  const host = publish === undefined ? undefined : draft.hosts.get(publish.on);
  if (publish === undefined || host?.managed !== true || protocol !== "tcp") return;
  const address = listOf(publish.address)
    .map(canonicalAddress)
    .find((one) => mayLogInAt(host, one));
  if (parseCidr(host.ssh.destination) === undefined || address === undefined) return;
  const asked = publish.port ?? port;
  const ports = asked === undefined ? (match[0]?.ports ?? []) : [asked];
  if (!ports.some((range) => hasPort(range, portOf(host)))) return;
  const path = ["services", name, "publish", ...(publish.port === undefined ? [] : ["port"])];
  const hint =
    asked === undefined
      ? "Leave that port out of `ports`, or publish it on another address."
      : "Publish it on another port or address.";
  yield taken(draft, path, host, address, hint);
}

function taken(
  draft: Draft,
  path: readonly (string | number)[],
  host: Host,
  address: string,
  hint: string,
): LvsctlError {
  const message = `lvsctl logs in to "${host.name}" on port ${portOf(host)}, and ${address} is an address of that host: every new login would go to a real server.`;
  return draft.problem("LVS-CONFIG-064", path, { message, hint });
}

function directorWith(draft: Draft, has: (address: string) => boolean): Host | undefined {
  return draft.withRole("director").find((host) => host.managed && addressesOf(host).some(has));
}

function addressesOf({ interfaces }: Host): readonly string[] {
  return interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address));
}

function portOf({ ssh }: Host): number {
  return ssh.port ?? SSH_PORT;
}

/** Whether the login may use this address: it does not if the file names another one. A name can stand for any. */
function mayLogInAt({ ssh }: Host, address: string): boolean {
  const written = parseCidr(ssh.destination);
  return written === undefined || written.address === address;
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
