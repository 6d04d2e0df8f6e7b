/** Whether replies can leave for clients that the file does not name. */
import { andList } from "../../errors/and-list.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import type { Family } from "../../net/address.ts";
import { isAsked } from "../answered.ts";
import type { Draft } from "../draft.ts";
import { publishedAddress } from "../published-address.ts";
import { isShutIn } from "../shut-in.ts";
import type { Service } from "../topology.ts";

/** Hosts without a way out for the replies of services of one family. */
interface ShutIn {
  readonly family: Family;
  readonly services: Set<Service>;
  readonly hosts: Set<string>;
}

/**
 * LVS-CONFIG-084, a warning, for services without any client in the file, whose replies have no way out of the networks of
 * those who send them: a publishing firewall, to which LVS-CONFIG-048 leads all others. With a client LVS-CONFIG-056 and
 * LVS-CONFIG-037 judge its own return path. Once for each family, and apart for hosts without an address of it.
 */
export function* repliesBeyond(draft: Draft): Iterable<LvsctlError> {
  const found = new Map<string, ShutIn>();
  for (const service of draft.services) {
    const { family } = service;
    for (const host of repliers(draft, service).filter((one) => isShutIn(draft, one, family))) {
      const key = `${family} ${networksOf(draft, host, family).length > 0}`;
      const same = found.get(key) ?? { family, services: new Set(), hosts: new Set() };
      found.set(key, same);
      same.services.add(service);
      same.hosts.add(host);
    }
  }
  for (const shut of found.values()) yield problemOf(draft, shut);
}

/** Who sends a service's replies to clients that are not in the file. */
function repliers(draft: Draft, service: Service): readonly string[] {
  const { answeredBy } = draft.modeOf(service);
  if (answeredBy === undefined || isAsked(draft, service)) return [];
  const firewall = publishedAddress(draft, service)?.host;
  if (service.publish !== undefined) return firewall === undefined ? [] : [firewall];
  return (answeredBy === "director" ? service.directors : service.realServers).map(({ host }) => host);
}

function problemOf(draft: Draft, { family, services, hosts }: ShutIn): LvsctlError {
  const shut = [...draft.hosts.keys()].filter((host) => hosts.has(host));
  const networks = [...new Set(shut.flatMap((host) => networksOf(draft, host, family)))];
  const what = andList(few([...new Set([...services].map(({ name }) => `"${entryOf(name)}"`))]));
  const who = andList(shut.map((host) => `"${host}"`));
  const [has, they, them] = shut.length > 1 ? ["have", "they have", "them"] : ["has", "it has", "it"];
  const message =
    networks.length === 0
      ? `The replies of ${what} are IPv${family}, and ${who} ${has} neither an IPv${family} address nor a route: unless ${they} one from elsewhere, no client gets a reply.`
      : `The file has no IPv${family} client for ${what}, and for ${who} neither a gateway nor a route: unless ${they} one from elsewhere, clients outside of ${andList(networks)} get no reply.`;
  const hint =
    networks.length === 0
      ? `Give ${shut.length > 1 ? "each of them" : who} an IPv${family} address, and a \`gateway\` of that family.${stillReached(services, hosts)}`
      : `Give ${them} a \`gateway\`, or \`routes\` to the clients. If all of them are in there, add one with \`role: client\`, from which \`lvsctl verify\` then tests.`;
  return draft.problem("LVS-CONFIG-084", ["hosts", shut[0] ?? ""], { message, hint }, "key");
}

/** The end of a hint for real servers that get an address of a second family: the first would no longer be the one for requests. */
function stillReached(services: ReadonlySet<Service>, hosts: ReadonlySet<string>): string {
  return [...services]
    .map(({ name, realServers }) => {
      const own = realServers.filter(({ host }) => hosts.has(host));
      const [first] = own;
      if (first === undefined) return "";
      const written = own.map(({ host, address }) => `\`${host}: { address: ${address} }\``);
      return ` Requests still come over IPv${first.family} if the \`realServers\` of "${entryOf(name)}" say ${andList(written)}.`;
    })
    .join("");
}

/** The first of many services, and how many there are besides. */
function few(services: readonly string[]): readonly string[] {
  return services.length < 5 ? services : [...services.slice(0, 3), `${services.length - 3} other services`];
}

function networksOf(draft: Draft, host: string, family: Family): readonly string[] {
  return (draft.addresses.get(host) ?? []).filter((own) => own.family === family).map(({ network }) => network);
}
