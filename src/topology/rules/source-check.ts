/** Hosts that drop a service's packets because they would answer them by another interface, or not at all. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import { type Leg, legsOf } from "../../network/legs.ts";
import type { Origin } from "../../network/origin.ts";
import { type SourceCheck, sourceChecks, sourceName, whyFiltered } from "../../network/source-check.ts";
import { answersAny, clientsOf, isAnswered, NOT_TESTED } from "../answered.ts";
import type { Draft } from "../draft.ts";
import { routerBeside } from "../router-beside.ts";
import type { Service } from "../topology.ts";

/**
 * LVS-CONFIG-060 if the file turns on the filter that drops the packets; LVS-CONFIG-088, a warning, if the client is there for
 * another service and this one answers others; LVS-CONFIG-078, a warning, if the file leaves it open: Red Hat's family checks strictly, Debian's
 * loosely or not at all. Once for each interface of a host.
 */
export function* sourceCheck(draft: Draft): Iterable<LvsctlError> {
  const seen = new Set<string>();
  for (const service of draft.services) {
    const isSpare = (client: Origin) => isAnswered(draft, client.host) && answersAny(draft, service);
    const clients = clientsOf(draft, service);
    for (const client of clients.length > 0 ? clients : [undefined]) {
      for (const [leg, check] of checksOf(draft, service, client)) {
        const isOpen = check.value === undefined;
        const key = [check.host.name, check.device, ...(isOpen ? [] : ["", check.back])].join(" ");
        const spare = client !== undefined && isSpare(client) ? client.host : undefined;
        const told = isOpen || spare === undefined ? key : `${key} for ${spare}`;
        if (seen.has(key) || seen.has(told) || (isOpen && !check.host.managed)) continue;
        seen.add(told);
        yield problemOf(draft, service, leg, check, isOpen ? undefined : spare);
      }
    }
  }
}

/**
 * Where requests lack a route back and replies would need it, LVS-CONFIG-056 says so. Where the file says nothing about the
 * filter, packets of a client that reaches the service are told, and replies without a route back only of hosts that requests
 * do not pass, and where all packets have a way: of the others another rule tells.
 */
function* checksOf(draft: Draft, service: Service, client: Origin | undefined): Iterable<readonly [Leg, SourceCheck]> {
  const { network, hosts } = draft;
  const legs = [...legsOf({ network, hosts, service, mode: draft.modeOf(service), ...(client ? { client } : {}) })];
  const hostsOf = (direction: Leg["direction"]) =>
    new Set(legs.filter((leg) => leg.direction === direction).flatMap(({ way }) => way.hosts));
  const answering = hostsOf("reply");
  const asking = hostsOf("request");
  const isReaching = ["arrived", "unknown"].includes(legs[0]?.way.end ?? "unknown");
  const isWhole = legs.every(({ way }) => way.end === "arrived");
  const isOnlyHere = ({ host }: SourceCheck) => isWhole && !asking.has(host.name);
  const directors = service.directors.map(({ host }) => host);
  for (const leg of legs) {
    if (isPastRouter(leg, directors) && draft.modeOf(service).traits.reach === "segment") continue;
    for (const check of sourceChecks(network, hosts, leg)) {
      const isRequest = leg.direction === "request";
      const isLost = isRequest && check.back === undefined && answering.has(check.host.name);
      const isInFile = check.host.interfaces.some(({ name }) => name === check.device);
      const isOpenTold = isInFile && isReaching && (isRequest || check.back !== undefined || isOnlyHere(check));
      const isTold = check.written.length > 0 || isOpenTold;
      if (isTold && !isLost) yield [leg, check];
    }
  }
}

/** Whether packets from a director pass a router, which in modes that share a segment is another mistake. */
function isPastRouter({ way: { hosts } }: Leg, directors: readonly string[]): boolean {
  return hosts.length > 2 && directors.includes(hosts[0] ?? "");
}

/** `spare`: the client that another service answers, while this one answers others. */
function problemOf(
  draft: Draft,
  service: Service,
  { direction }: Leg,
  check: SourceCheck,
  spare: string | undefined,
): LvsctlError {
  const { host, device, source, back, value, written } = check;
  const name = `"${entryOf(service.name)}"`;
  const [of, to] = spare === undefined ? ["", ""] : [` of "${spare}"`, ` to "${spare}"`];
  const packets = direction === "request" ? `Requests${of} to ${name}` : `Replies of ${name}${to}`;
  const verb = value === undefined ? "may be" : "are";
  const message = `${packets} ${verb} dropped: ${whyFiltered(check, "they")}.`;
  const keys = `net.ipv4.conf.all.rp_filter and net.ipv4.conf.${device.replaceAll(".", "/")}.rp_filter`;
  const from = sourceName(source);
  const beside = "everywhere" in source ? undefined : routerBeside(draft, host.name, source);
  const isByDevice =
    beside?.sender === host.name &&
    host.interfaces.some(({ name, segment }) => name === device && segment === beside.segment);
  const hint = isByDevice
    ? `${beside.advice}: "${beside.router}" ${beside.router === host.name ? "is on its network" : `leads to ${from}`}, and nothing in the file says that ${beside.outside} does.`
    : back === undefined
      ? `Give "${host.name}" a \`gateway\` or a route to ${from} by ${device}, or set ${keys} to 0 under its \`sysctls\`.`
      : `Set ${keys} to 2 (loose) under the \`sysctls\` of "${host.name}".`;
  const path = ["hosts", host.name, ...(written[0] === undefined ? [] : ["sysctls", written[0].key])];
  if (spare !== undefined) {
    return draft.problem("LVS-CONFIG-088", path, { message, hint: `${hint} ${NOT_TESTED}` }, "key");
  }
  const code = value === undefined ? "LVS-CONFIG-078" : "LVS-CONFIG-060";
  return draft.problem(code, path, { message, hint }, "key");
}
