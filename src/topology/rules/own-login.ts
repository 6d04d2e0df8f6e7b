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
  if (text === undefined || protocol !== "tcp") return;
  const address = canonicalAddress(text);
  const isTaken = (host: Host) => port === 0 || port === loginPort(host);
  const own = directorWith(draft, (one) => one === address);
  const host = own !== undefined && mayLogInAt(own, address) ? own : hostAt(draft, (one) => one === address, isTaken);
  if (host === undefined || !isTaken(host)) return;
  const otherwise =
    host === own
      ? "let sshd listen on another one (`ssh: { port: … }`), or choose a free address"
      : "or log in to the host at an address of its own";
  const hint =
    port === 0 ? "Name the port, or several under `ports`, without that one." : `Choose another port, ${otherwise}.`;
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
    const isTaken = (host: Host) => ports.some((range) => hasPort(range, loginPort(host)));
    const director = directorWith(draft, isMatched);
    const ofIts = director && addressesOf(director).find((one) => isMatched(one) && mayLogInAt(director, one));
    const host = ofIts === undefined ? hostAt(draft, isMatched, isTaken) : director;
    const own = ofIts ?? host?.ssh.destination;
    if (host === undefined || own === undefined || !isTaken(host)) continue;
    const login = loginPort(host);
    const others = ports.map(String).flatMap((range) => without(login, range));
    const isAll = ports.some((range) => String(range) === "1-65535");
    const hint =
      isAll || others.length === 0
        ? "Name the service's own ports, without that one."
        : `Leave that port out: \`ports: [${others.map((range) => (range.includes("-") ? `"${range}"` : range)).join(", ")}]\`.`;
    yield taken(draft, ["services", name, "match", index], host, own, hint);
  }
}

/** A firewall is often logged in to by another address, so only one that is written down counts; also as another host's. */
function* byPublication(draft: Draft, name: string, file: Service): Iterable<LvsctlError> {
  const { publish, port, match = [] } = file;
  const protocol = match[0]?.protocol ?? file.protocol ?? "tcp";
  if (publish === undefined || draft.hosts.get(publish.on) === undefined || protocol !== "tcp") return;
  const asked = publish.port ?? port;
  const ports = asked === undefined ? (match[0]?.ports ?? []) : [asked];
  const addresses = listOf(publish.address).map(canonicalAddress);
  const isTaken = (host: Host) => ports.some((range) => hasPort(range, loginPort(host)));
  const host = hostAt(draft, (address) => addresses.includes(address), isTaken);
  if (host === undefined) return;
  const path = ["services", name, "publish", ...(publish.port === undefined ? [] : ["port"])];
  const hint =
    asked === undefined
      ? "Leave that port out of `ports`, or publish it on another address."
      : "Publish it on another port or address.";
  yield taken(draft, path, host, canonicalAddress(host.ssh.destination), hint);
}

/** A host that lvsctl logs in to at such an address, as the file says; on a port that counts. */
function hostAt(draft: Draft, is: (address: string) => boolean, isTaken: (host: Host) => boolean): Host | undefined {
  return [...draft.hosts.values()].find((host) => {
    const written = parseCidr(host.ssh.destination);
    return host.managed && written !== undefined && is(written.address) && isTaken(host);
  });
}

function taken(
  draft: Draft,
  path: readonly (string | number)[],
  host: Host,
  address: string,
  hint: string,
): LvsctlError {
  const message = addressesOf(host).includes(address)
    ? `lvsctl logs in to "${host.name}" on port ${loginPort(host)}, and ${address} is an address of that host: every new login would go to a real server.`
    : `lvsctl logs in to "${host.name}" at ${address} on port ${loginPort(host)}: every new login would go to a real server.`;
  return draft.problem("LVS-CONFIG-064", path, { message, hint });
}

function directorWith(draft: Draft, has: (address: string) => boolean): Host | undefined {
  return draft.withRole("director").find((host) => host.managed && addressesOf(host).some(has));
}

function addressesOf({ interfaces }: Host): readonly string[] {
  return interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address));
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
