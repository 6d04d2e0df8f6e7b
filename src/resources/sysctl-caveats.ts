/** What the kernel deletes when IPv6 or its forwarding is switched. */
import { andList } from "../errors/and-list.ts";
import type { AdvertisedRoute } from "../probes/advertised-routes.ts";
import type { PlannedBeside, Problem } from "./resource.ts";
import { acceptRaAt, forwardsIpv6At, lastValue, type SysctlState, swapSeparators } from "./sysctl-state.ts";

/**
 * A warning that names the addresses that undoing this deletes. Turning IPv6 off for all deletes the addresses of every interface, also of those where it is turned on again at once. Source:
 * the kernel's addrconf_disable_ipv6; seen on Linux 6.18.
 */
export function lostAddresses({ key, value }: SysctlState, found: SysctlState | undefined): readonly Problem[] {
  const on = (found?.interfaces ?? []).filter((one) => one.value === "0" && !/\.default\.[^.]+$/.test(one.key));
  if (key !== "net.ipv6.conf.all.disable_ipv6" || value !== "0" || on.length === 0) return [];
  const names = andList(on.map((one) => swapSeparators(one.key.split(".").slice(3, -1).join("."))));
  return [
    {
      message: `A rollback or destroy turns IPv6 off for all interfaces again. The kernel then deletes the IPv6 addresses and routes of ${names}, where it is on now, and nothing brings them back.`,
      hint: `Leave ${key} as it is, and set disable_ipv6 of single interfaces to 0.`,
    },
  ];
}

/** A warning for each default route by advertisements that the kernel deletes when this turns IPv6 forwarding on. */
export function lostRoutes(
  desired: SysctlState,
  routes: readonly AdvertisedRoute[],
  planned: PlannedBeside<SysctlState>,
): readonly Problem[] {
  const where = forwardsIpv6At(desired);
  return where === undefined ? [] : routes.flatMap((one) => lostRoute(one, where, desired, planned) ?? []);
}

/**
 * What becomes of a default route by advertisements when forwarding is turned on at `where`. Source: the kernel's
 * rt6_purge_dflt_routers and ipv6_accept_ra. Seen on Linux 6.18: docs/hosts.md.
 */
function lostRoute(
  { device, via, acceptRa: found }: AdvertisedRoute,
  where: string,
  { key }: SysctlState,
  { states, network }: PlannedBeside<SysctlState>,
): Problem | undefined {
  const isReplaced = network.routes.some(
    ({ to, table, family }) => to === "default" && table === "main" && family === 6,
  );
  const before = states.slice(
    0,
    states.findIndex((state) => state.key === key),
  );
  if (isReplaced || (acceptRaAt(device, before) ?? found) === "2") return undefined;
  const name = swapSeparators(device);
  const acceptRa = `net.ipv6.conf.${name}.accept_ra`;
  const isTooLate = lastValue(acceptRa, states) === "2";
  const goesOn = where === "all" ? lastValue(`net.ipv6.conf.${name}.forwarding`, states) === "0" : where !== name;
  const later = goesOn
    ? "It comes back with the router's next advertisement, which can take minutes: the host does not ask for one."
    : `From then on it ignores the advertisements on ${device}: routes and addresses that it has from them run out. When ` +
      "forwarding is off again, after a rollback or destroy, the default route comes back with the router's next " +
      "advertisement, which can take minutes: the host does not ask for one.";
  return {
    message: `The kernel deletes the default route via ${via} dev ${device}, which a router has advertised, as soon as this turns IPv6 forwarding on. ${later}`,
    hint: isTooLate
      ? `Move ${acceptRa} up, before ${key}: \`sysctls\` are set in their order.`
      : `Set ${acceptRa} to 2 under the host's \`sysctls\`, before what turns forwarding on, or give the host an IPv6 \`gateway\`.`,
  };
}
