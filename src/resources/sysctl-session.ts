/** How a kernel parameter would break a session of lvsctl's own. */
import type { AdvertisedRoute } from "../probes/advertised-routes.ts";
import type { NetworkPart } from "./network.ts";
import type { Danger, Passage } from "./passage.ts";
import type { JudgedChange } from "./resource.ts";
import { acceptRaAt, forwardsIpv6At, lastValue, type SysctlState, swapSeparators } from "./sysctl-state.ts";

/** Whether this decides what becomes of routes that routers advertise: they are to be read. */
export function dependsOnAdvertisements(state: SysctlState): boolean {
  return forwardsIpv6At(state) !== undefined || /^net\.ipv6\.conf\..+\.accept_ra$/.test(state.key);
}

/** The changes that would cut the session off. `routes`: the default routes by advertisements, as they were found. */
export function sessionDangers(
  passage: Passage,
  changes: readonly JudgedChange<SysctlState>[],
  found: NetworkPart,
  routes: readonly AdvertisedRoute[],
): readonly Danger[] {
  const planned = changes.flatMap(({ after }) => after ?? []);
  return changes.flatMap((change, index) => {
    if (change.action === "none" || change.after === undefined) return [];
    const before = changes.slice(0, index).flatMap(({ after }) => after ?? []);
    const would =
      effectOnSession(passage, change.after, found) ?? effectOnRoute(passage, change.after, routes, before, planned);
    return would === undefined ? [] : [{ change, would }];
  });
}

/** How a parameter would cut the session off; arp_announce, send_redirects etc. never do. Source: the kernel's ip-sysctl.rst. */
function effectOnSession(passage: Passage, { key, value }: SysctlState, found: NetworkPart): string | undefined {
  const [, version, device = "", name] = /^net\.ipv([46])\.conf\.(.+)\.([a-z_0-9]+)$/.exec(key) ?? [];
  const { role, session } = passage;
  const isForwarding = key === "net.ipv4.ip_forward" || name === "forwarding";
  if (isForwarding && value === "0" && role === "transit" && versionOf(key) === session.family) {
    return "end the forwarding by which it passes";
  }
  if (role !== "end" || Number(version) !== session.family) return undefined;
  const { arrival, departure } = devicesOf(passage, found);
  if (device !== "all" && device !== arrival && device !== departure) return undefined;
  const isCrossed = arrival !== undefined && departure !== undefined && arrival !== departure;
  if (name === "disable_ipv6" && value === "1") return "take the IPv6 addresses away, one of which it uses";
  if (name === "rp_filter" && value === "1" && isCrossed) {
    return `drop its packets: they are for an address of ${arrival}, and replies leave by ${departure}`;
  }
  const isBeside = session.reply !== undefined && session.reply.via === undefined;
  const isSilent = value === "8" || (value !== "0" && isCrossed && isBeside);
  return name === "arp_ignore" && isSilent ? `leave ARP requests for ${session.address} without an answer` : undefined;
}

/**
 * How a parameter would end the route of the session's replies, where the kernel has it from a router's advertisement. Those that
 * a network manager makes of advertisements stay. Source: the kernel's ip-sysctl.rst, accept_ra.
 */
function effectOnRoute(
  { role, session }: Passage,
  state: SysctlState,
  routes: readonly AdvertisedRoute[],
  before: readonly SysctlState[],
  planned: readonly SysctlState[],
): string | undefined {
  const { device, options = [] } = session.reply ?? {};
  const route = options.join(" ").includes("proto ra") ? routes.find((one) => one.device === device) : undefined;
  if (role !== "end" || session.family !== 6 || route === undefined) return undefined;
  if (forwardsIpv6At(state) !== undefined) {
    return (acceptRaAt(device, before) ?? route.acceptRa) === "2"
      ? undefined
      : "make the kernel forget the routes that routers advertise, by which its replies go";
  }
  if (acceptRaAt(device, [state]) === undefined) return undefined;
  const forwards = ["all", swapSeparators(route.device)].some((where) =>
    isOn(lastValue(`net.ipv6.conf.${where}.forwarding`, planned)),
  );
  return state.value === "0" || (forwards && state.value !== "2")
    ? "let the route that its replies take run out"
    : undefined;
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== "0";
}

/** The interface with the session's address, where its packets normally arrive, and the one that its replies leave by. */
function devicesOf({ session, own }: Passage, { addresses = [] }: NetworkPart) {
  const departure = session.reply?.device;
  const arrival = addresses.find(({ address }) => address === own)?.device;
  return { arrival: arrival ?? departure, departure };
}

function versionOf(key: string): number {
  return key.startsWith("net.ipv6.") ? 6 : 4;
}
