/** IPv6 that the file turns off on an interface where a service needs it. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import { disabledIpv6, hasSysctls } from "../../network/interface-sysctl.ts";
import { familyOf } from "../../network/legs.ts";
import { leavingInterface } from "../../network/routing.ts";
import { legsOfAll } from "../answered.ts";
import type { Draft } from "../draft.ts";
import type { Service } from "../topology.ts";

/**
 * LVS-CONFIG-067, once for each setting. Tried with Linux 6.18: an interface with disable_ipv6 loses its IPv6 addresses and gets
 * none, lo as well; that of "all" does this to every interface, and one that is set to 0 afterwards can have some again.
 */
export function* disabledIpv6Settings(draft: Draft): Iterable<LvsctlError> {
  if (!hasSysctls(draft.hosts.values())) return;
  const told = new Set<string>();
  for (const service of draft.services) {
    for (const { host: name, device, why } of needsOf(draft, service)) {
      const host = draft.hosts.get(name);
      const setting = host && disabledIpv6(host, device);
      if (setting === undefined || told.has(JSON.stringify([name, setting.key]))) continue;
      told.add(JSON.stringify([name, setting.key]));
      const message = `"${name}" is to have ${setting.key} = ${setting.value}, which turns IPv6 off on ${device}, ${why}.`;
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

/** Where hosts get the virtual address: clients outside of the file ask for it too. */
function* forItsAddress(draft: Draft, service: Service): Iterable<Need> {
  const { name, family, vip, match, directors, realServers } = service;
  const address = vip?.address ?? match[0]?.address;
  if (family !== 6 || address === undefined) return;
  const why = `which is to get ${address} for "${entryOf(name)}"`;
  for (const { host, device } of directors) yield { host, device, why };
  const mode = draft.modeOf(service);
  if (mode.rewrites("destination") !== false || mode.rewrites("outer") !== false) return;
  const others = realServers.filter(({ host }) => !directors.some((director) => director.host === host));
  for (const { host } of others) yield { host, device: "lo", why };
}
