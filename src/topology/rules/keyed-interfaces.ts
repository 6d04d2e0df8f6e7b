/** Interfaces of VPNs that choose the other end by a packet's destination, which modes that share a segment leave virtual. */
import { andList } from "../../errors/and-list.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import { parseCidr } from "../../net/address.ts";
import { leavingInterface } from "../../network/routing.ts";
import type { Draft } from "../draft.ts";
import type { ModeTraits } from "../mode-traits.ts";
import { orUse } from "../other-modes.ts";
import type { Director, Service } from "../topology.ts";

/** As their programs name them: WireGuard, Tailscale, and OpenVPN's `dev tun`; tunl0 is none of them. */
const KEYED = /^(wg|tailscale|tun)[0-9-]*$/;

/**
 * LVS-CONFIG-110, a warning, for a director that reaches real servers by such an interface in a mode that hands packets over
 * as they came. Once for each service and interface. Source: wg_xmit in the kernel's drivers/net/wireguard/device.c, which
 * asks wg_allowedips_lookup_dst, and process_ip_header in OpenVPN's multi.c. WireGuard was tried with Linux 6.1 and two real
 * servers by dr: with their own addresses as allowed-ips nobody answered, with the virtual address too the last peer that got it.
 * By tun both answered in turn.
 */
export function* keyedInterfaces(draft: Draft): Iterable<LvsctlError> {
  for (const service of draft.services) {
    const mode = draft.modeOf(service);
    const isUnchanged = mode.rewrites("destination") === false && mode.rewrites("outer") === false;
    if (mode.traits.reach !== "segment" || !isUnchanged) continue;
    for (const director of service.directors) yield* checkDirector(draft, service, director);
  }
}

function* checkDirector(draft: Draft, service: Service, director: Director): Iterable<LvsctlError> {
  const behind = new Map<string, string[]>();
  for (const { host, address } of service.realServers) {
    const to = parseCidr(address);
    const device = host === director.host || !to ? undefined : leavingInterface(draft.network, director.host, to);
    if (device !== undefined && KEYED.test(device)) behind.set(device, [...(behind.get(device) ?? []), `"${host}"`]);
  }
  const { traits, name } = draft.modeOf(service);
  const isRouted = ({ reach, answeredBy }: ModeTraits) => reach === "routed" && answeredBy === traits.answeredBy;
  for (const [device, hosts] of behind) {
    const message = `"${director.host}" reaches ${andList(hosts)} by ${device}, by its name the interface of a VPN that chooses the other end by a packet's destination. In mode ${name} that is the virtual address for all real servers of "${entryOf(service.name)}": at most one of them would get requests.`;
    const hint = `Let the director reach its real servers by Ethernet${orUse(draft, isRouted)}, whose packets have the real server's address outside. If ${device} carries Ethernet frames, this is no mistake.`;
    yield draft.problem("LVS-CONFIG-110", ["hosts", director.host], { message, hint }, "key");
  }
}
