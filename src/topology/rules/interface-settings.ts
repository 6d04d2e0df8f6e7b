/** Kernel parameters of single interfaces in the file that keep a service's packets from arriving. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import { contains, parseCidr } from "../../net/address.ts";
import { shutAt } from "../../network/forwarding.ts";
import { hasSysctls, writtenSysctls } from "../../network/interface-sysctl.ts";
import { familyOf, forwardersOn, type Leg } from "../../network/legs.ts";
import { answersForAll, arpIgnore } from "../../network/neighbours.ts";
import { sourceTowards } from "../../network/origin.ts";
import { legsOfAll } from "../answered.ts";
import type { Draft } from "../draft.ts";
import type { Host, Service } from "../topology.ts";

/**
 * LVS-CONFIG-067, once for each setting, for an arp_ignore with which a real server answers for the virtual address, or a
 * host does not answer for what it is asked for, and for forwarding turned off where packets come in that have to go on.
 * Tried with Linux 6.18 in network namespaces: with arp_ignore 3, 4, 5 and 7 a host answers for an address of lo, with 2 only
 * to who asks from a subnet of the interface, with 8 never.
 */
export function* interfaceSettings(draft: Draft): Iterable<LvsctlError> {
  if (!hasSysctls(draft.hosts.values())) return;
  const seen = new Set<string>();
  for (const service of draft.services) {
    for (const { host, setting, why, hint } of faultsOf(draft, service)) {
      const key = JSON.stringify([host.name, setting.key]);
      if (seen.has(key)) continue;
      seen.add(key);
      const message = `"${host.name}" is to have ${setting.key} = ${setting.value}, ${why}.`;
      yield draft.problem("LVS-CONFIG-067", ["hosts", host.name, "sysctls", setting.key], { message, hint }, "key");
    }
  }
}

interface Fault {
  readonly host: Host;
  readonly setting: Host["sysctls"][number];
  /** The end of a sentence. */
  readonly why: string;
  readonly hint: string;
}

function* faultsOf(draft: Draft, service: Service): Iterable<Fault> {
  yield* answeringForVip(draft, service);
  for (const leg of legsOfAll(draft, service)) {
    if (familyOf(leg) !== 4) continue;
    for (const [index, device] of leg.way.entries.entries()) {
      const host = draft.hosts.get(leg.way.hosts[index + 1] ?? "");
      if (host === undefined) continue;
      yield* notAnswering(draft, service, leg, index, { host, device });
      yield* notForwarding(draft, service, leg, { host, device });
    }
  }
  yield* silentDirectors(draft, service);
}

/** The playbook's 1 is for "all"; what an interface has beyond that counts. */
function* answeringForVip(draft: Draft, service: Service): Iterable<Fault> {
  const { vip, directors, realServers, name } = service;
  const asked = new Set(
    directors.map(({ host, device }) => draft.hosts.get(host)?.interfaces.find((nic) => nic.name === device)?.segment),
  );
  for (const host of realServers.flatMap((server) => draft.hosts.get(server.host) ?? [])) {
    if (vip === undefined || !setsArpIgnore(draft, service, host.name)) continue;
    for (const { name: device } of host.interfaces.filter(({ segment }) => asked.has(segment))) {
      const [setting] = writtenSysctls(host, device, "arp_ignore");
      if (setting === undefined || isOfAll(setting.key) || !answersForAll(arpIgnore(host, device, 1))) continue;
      const why = `which counts at ${device} because the larger of that and of "all" does. With it "${host.name}" answers ARP there for ${vip.address}, the virtual address of "${entryOf(name)}", and takes requests past the director`;
      yield { host, setting, why, hint: "Delete it: lvsctl sets what is needed." };
    }
  }
}

/** Whether the service's mode sets that for all interfaces of a real server. */
function setsArpIgnore(draft: Draft, service: Service, host: string): boolean {
  const { family, arp, directors, realServers } = service;
  const has = (all: readonly { readonly host: string }[]) => all.some((one) => one.host === host);
  const isSet = family === 4 && arp === "sysctl" && draft.modeOf(service).rewrites("destination") === false;
  return isSet && has(realServers) && !has(directors);
}

/** That for all interfaces is for the comparison with what the playbook sets. */
function isOfAll(key: string): boolean {
  return key.replaceAll("/", ".").includes(".conf.all.");
}

interface Entry {
  readonly host: Host;
  readonly device: string;
}

/** `index`: of the step on the way that ends at this interface. */
function* notAnswering(
  draft: Draft,
  service: Service,
  leg: Leg,
  index: number,
  { host, device }: Entry,
): Iterable<Fault> {
  const [setting] = writtenSysctls(host, device, "arp_ignore");
  if (setting?.value !== "8" && setting?.value !== "2") return;
  if (isOfAll(setting.key) && draft.services.some((one) => setsArpIgnore(draft, one, host.name))) return;
  const { network } = draft;
  const asker = leg.way.hosts[index] ?? "";
  const next = network.nextHop(asker, leg.to);
  const text = next?.kind === "via" ? next.address : "everywhere" in leg.to ? undefined : leg.to.address;
  const asked = text === undefined ? undefined : parseCidr(text);
  if (asked === undefined) return;
  const packets = `${leg.direction === "request" ? "requests to" : "replies of"} "${entryOf(service.name)}" do not get there`;
  const hint = 'Delete it, or write 0: the larger of an interface\'s value and of that of "all" counts.';
  if (setting.value === "8") {
    const why = `with which it answers no ARP at ${device}: "${asker}" looks there for ${asked.address}, and ${packets}`;
    yield { host, setting, why, hint };
    return;
  }
  const own = leg.source && index === 0 && network.takes(asker, leg.source.address) ? leg.source : undefined;
  const source = own ?? sourceTowards(network, asker, 4, asked);
  const nets = network.addressesOf(host.name).filter((one) => one.interface === device && one.family === 4);
  const isAnswered = nets.some((one) => contains(one, asked) && source && contains(one, source));
  if (source === undefined || isAnswered) return;
  const why = `with which it answers ARP at ${device} only to who asks from its own subnet there: "${asker}" looks for ${asked.address} from ${source.address}, and ${packets}`;
  yield { host, setting, why, hint };
}

/** Clients outside of the file look for the virtual address too. */
function* silentDirectors(draft: Draft, { name, vip, directors }: Service): Iterable<Fault> {
  if (vip?.family !== 4) return;
  for (const { host: director, device } of directors) {
    const host = draft.hosts.get(director);
    const [setting] = host === undefined ? [] : writtenSysctls(host, device, "arp_ignore");
    if (host === undefined || setting?.value !== "8") continue;
    const why = `with which it answers no ARP at ${device}, so no host there finds ${vip.address}, the virtual address of "${entryOf(name)}"`;
    yield { host, setting, why, hint: "Delete it, or write 0." };
  }
}

function* notForwarding(draft: Draft, service: Service, leg: Leg, { host, device }: Entry): Iterable<Fault> {
  const setting = shutAt(host, device);
  if (setting === undefined || !passesOn(draft, service, leg, host.name)) return;
  const packets = `${leg.direction === "request" ? "requests to" : "replies of"} "${entryOf(service.name)}"`;
  const why = `and ${packets} come in at ${device} and have to go on: the kernel drops what is for others where the interface at which it comes in does not forward`;
  yield { host, setting, why, hint: "Delete it." };
}

/** A host on the way, the firewall that translates, and a director that gives replies for the client their source. */
function passesOn(draft: Draft, service: Service, leg: Leg, host: string): boolean {
  if (forwardersOn(leg).includes(host) || (service.publish?.on === host && leg.direction === "request")) return true;
  const mode = draft.modeOf(service);
  const isReply = leg.direction === "reply" && mode.answeredBy === "director" && mode.rewrites("source") === false;
  return isReply && leg.way.hosts.at(-1) === host && service.directors.some((director) => director.host === host);
}
