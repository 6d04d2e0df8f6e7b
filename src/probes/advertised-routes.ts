/** Reads the IPv6 default routes that the kernel itself has made of routers' advertisements. */
import { canonicalAddress } from "../net/address.ts";
import type { ReadCommand, ReadOutputs } from "../shell/read-script.ts";
import type { Probe } from "./probe.ts";

/** A default route that goes when the kernel no longer listens to advertisements. */
export interface AdvertisedRoute {
  readonly device: string;
  /** The router's address, canonical. */
  readonly via: string;
  /** `accept_ra` of the interface: with `2` the kernel listens even while it forwards. */
  readonly acceptRa: string;
}

/**
 * `lvsctl_advertised_routes` prints `route DEVICE ROUTER ACCEPT_RA` for each, the address in hexadecimal. It looks for the flag
 * RTF_ADDRCONF (0x00040000), by which the kernel knows its own: `ip` says `proto ra` of those of network managers, too. A
 * host can have hundreds of thousands of routes, and the shell reads none of the others.
 */
const SCRIPT = `lvsctl_advertised_routes() (
grep '^0\\{32\\} 00 0\\{32\\} 00 [0-9a-f]\\{32\\} [0-9a-f]\\{8\\} [0-9a-f]\\{8\\} [0-9a-f]\\{8\\} [0-9a-f]\\{3\\}[4-7c-f]' /proc/net/ipv6_route |
while read -r to length from size via metric refs use flags device; do
accept=; read -r accept <"/proc/sys/net/ipv6/conf/$device/accept_ra"
printf 'route %s %s %s\\n' "$device" "$via" "$accept"
done
) 2>/dev/null`;

/** The probe that reads them. It takes no arguments. */
export const advertisedRoutesProbe: Probe = {
  program: "lvsctl_advertised_routes",
  script: SCRIPT,
  allows: (args) => args.length === 0,
};

/** The read command. */
export function readAdvertisedRoutes(name: string): ReadCommand {
  return { name, argv: [advertisedRoutesProbe.program], script: SCRIPT };
}

/** Parses what it printed. What it has not understood is not there. */
export function parseAdvertisedRoutes(name: string, outputs: ReadOutputs): readonly AdvertisedRoute[] {
  const lines = (outputs.get(name)?.stdout ?? "").matchAll(/^route ([^\s/]{1,15}) ([0-9a-f]{32}) (\d+)$/gm);
  return [...lines].map(([, device = "", via = "", acceptRa = ""]) => {
    return { device, via: canonicalAddress(via.replace(/(.{4})(?!$)/g, "$1:")), acceptRa };
  });
}
