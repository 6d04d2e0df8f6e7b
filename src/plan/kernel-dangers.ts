/** Kernel parameters, IPVS services and tunnel devices whose change would cut a session off. Pure. */
import { serviceKey } from "../lvs/ipvsadm.ts";
import type { IpvsServiceState } from "../resources/ipvs-service.ts";
import type { SysctlState } from "../resources/sysctl.ts";
import type { Danger } from "./danger.ts";
import type { HostState } from "./host-state.ts";
import type { PlannedChange } from "./plan.ts";
import { observedAddresses, type Passage } from "./session-passages.ts";

export function kernelDangers(
  passage: Passage,
  changes: readonly PlannedChange[],
  state: HostState,
): readonly Danger[] {
  return changes.flatMap((change) => {
    const would = effectOf(passage, change, state);
    return would === undefined ? [] : [{ change, would }];
  });
}

function effectOf(passage: Passage, { kind, before, after, key }: PlannedChange, state: HostState): string | undefined {
  if (kind === "sysctl" && after !== undefined) return parameterEffect(passage, after as SysctlState, state);
  if (kind === "ipvs-service" && after !== undefined && before === undefined) {
    return serviceEffect(passage, after as IpvsServiceState);
  }
  const isDown = kind === "tunnel" && before?.["isUp"] === true && after?.["isUp"] !== true;
  const { role, session } = passage;
  return isDown && role === "end" && session.reply?.device === key ? `take ${key} down, over which it runs` : undefined;
}

/** Connections that are there already stay; a new login would be given to a real server. */
function serviceEffect({ role, session, own }: Passage, { service }: IpvsServiceState): string | undefined {
  if (role !== "end" || "fwmark" in service || service.protocol !== "tcp" || service.address !== own) return undefined;
  const isTaken = service.port === 0 || service.port === session.port;
  return isTaken ? `give every new login to the real servers of ${serviceKey(service)}` : undefined;
}

/** Source: the kernel's ip-sysctl.rst; arp_announce, send_redirects and their like touch no session. */
function parameterEffect(passage: Passage, { key, value }: SysctlState, state: HostState): string | undefined {
  const [, version, device = "", name] = /^net\.ipv([46])\.conf\.(.+)\.([a-z_0-9]+)$/.exec(key) ?? [];
  const { role, session } = passage;
  const isForwarding = key === "net.ipv4.ip_forward" || name === "forwarding";
  if (isForwarding && value === "0" && role === "transit" && versionOf(key) === session.family) {
    return "end the forwarding by which it passes";
  }
  if (role !== "end" || Number(version) !== session.family) return undefined;
  const isAdvertised = session.reply?.options?.join(" ").includes("proto ra") ?? false;
  if (name === "forwarding" && value !== "0" && isAdvertised) {
    return "make the kernel forget the routes that routers advertise, by which its replies go";
  }
  const { arrival, departure } = devicesOf(passage, state);
  if (device !== "all" && device !== arrival && device !== departure) return undefined;
  const isCrossed = arrival !== undefined && departure !== undefined && arrival !== departure;
  if (name === "accept_ra" && value === "0" && isAdvertised) return "let the route that its replies take run out";
  if (name === "disable_ipv6" && value === "1") return "take the IPv6 addresses away, one of which it uses";
  if (name === "rp_filter" && value === "1" && isCrossed) {
    return `drop its packets: they are for an address of ${arrival}, and replies leave by ${departure}`;
  }
  const isBeside = session.reply !== undefined && session.reply.via === undefined;
  const isSilent = value === "8" || (value !== "0" && isCrossed && isBeside);
  return name === "arp_ignore" && isSilent ? `leave ARP requests for ${session.address} without an answer` : undefined;
}

/** The interface that has the session's address, where its packets come in as a rule, and that of the replies. */
function devicesOf({ session, own }: Passage, state: HostState) {
  const departure = session.reply?.device;
  const arrival = observedAddresses(state).find(({ address }) => address === own)?.device;
  return { arrival: arrival ?? departure, departure };
}

function versionOf(key: string): number {
  return key.startsWith("net.ipv6.") ? 6 : 4;
}
