/** IPv6 that the file turns off on an interface where a service needs it. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import { defaultDisabledIpv6, disabledIpv6, hasSysctls } from "../../network/interface-sysctl.ts";
import { familyOf } from "../../network/legs.ts";
import { leavingInterface } from "../../network/routing.ts";
import { legsOfAll } from "../answered.ts";
import type { Draft } from "../draft.ts";
import type { RealServer, Service } from "../topology.ts";

/**
 * LVS-CONFIG-067, once for each setting. Tried with Linux 6.18: an interface with disable_ipv6 loses its IPv6 addresses and gets
 * none, lo as well; that of "all" does this to every interface, and one that is set to 0 afterwards can have some again. That of
 * "default" is for devices that are made later.
 */
export function* disabledIpv6Settings(draft: Draft): Iterable<LvsctlError> {
  if (!hasSysctls(draft.hosts.values())) return;
  const told = new Set<string>();
  for (const service of draft.services) {
    for (const { host: name, device, why, isOfModule } of needsOf(draft, service)) {
      const host = draft.hosts.get(name);
      const own = host && disabledIpv6(host, device);
      const setting = own ?? (host && isOfModule ? defaultDisabledIpv6(host, device) : undefined);
      if (setting === undefined || told.has(JSON.stringify([name, setting.key]))) continue;
      told.add(JSON.stringify([name, setting.key]));
      const turnsOff =
        own === undefined ? "with which new devices begin without IPv6. One is" : "which turns IPv6 off on";
      const message = `"${name}" is to have ${setting.key} = ${setting.value}, ${turnsOff} ${device}, ${why}.`;
      const hint = "Delete it, or write 0.";
      yield draft.problem("LVS-CONFIG-067", ["hosts", name, "sysctls", setting.key], { message, hint }, "key");
    }
  }
}

interface Need {
  readonly host: string;
  readonly device: string;
  /** The end of a sentence, a relative clause. */
  readonly why: string;
  /** Whether it comes with a kernel module, which may be loaded after the file's settings are made. */
  readonly isOfModule?: boolean;
}

function* needsOf(draft: Draft, service: Service): Iterable<Need> {
  yield* forItsAddress(draft, service);
  for (const leg of legsOfAll(draft, service)) {
    if (familyOf(leg) !== 6) continue;
    const { direction, to, way } = leg;
    const packets = `${direction === "request" ? "requests to" : "replies of"} "${entryOf(service.name)}"`;
    for (const [index, host] of way.hosts.entries()) {
      const entry = way.entries[index - 1];
      if (entry !== undefined) yield { host, device: entry, why: `at which ${packets} come in` };
      const exit = leavingInterface(draft.network, host, to);
      if (exit !== undefined) yield { host, device: exit, why: `by which ${packets} leave` };
    }
  }
}

/** Where hosts get the service's addresses: clients outside of the file ask for them too. */
function* forItsAddress(draft: Draft, service: Service): Iterable<Need> {
  const { name, family, vip, match, directors, realServers } = service;
  const address = vip?.address ?? match[0]?.address;
  if (family !== 6 || address === undefined) return;
  const whyOf = (own: string) => `which is to get ${own} for "${entryOf(name)}"`;
  const why = whyOf(address);
  for (const { host, device, places = [] } of directors) {
    yield { host, device, why };
    for (const place of places) yield { host, device: place.device, why: whyOf(place.address) };
  }
  const mode = draft.modeOf(service);
  const others = realServers.filter(({ host }) => !directors.some((director) => director.host === host));
  if (mode.rewrites("outer") === true && mode.answeredBy === "real-server") {
    const taken = `where requests to "${entryOf(name)}" come out of the tunnel`;
    for (const server of others)
      yield { host: server.host, device: tunnelDevice(service, server), why: taken, isOfModule: true };
  }
  if (mode.rewrites("destination") !== false || mode.rewrites("outer") !== false) return;
  for (const { host } of others) yield { host, device: "lo", why };
}

/** The module's own device, which takes packets out of tunnels that no other device is for. */
function tunnelDevice({ tunnel }: Service, { family }: RealServer): string {
  if (family === 6) return tunnel.type === "gre" ? "ip6gre0" : "ip6tnl0";
  return tunnel.type === "gre" ? "gre0" : "sit0";
}
