/**
 * Modules that the kernel unloads even if their devices are in use: unloading ipip removes all IP-in-IP tunnels of the
 * host, ours or not. Their use count does not show it.
 */
import { command, raw, type ShellCommand, sh } from "../shell/quote.ts";

/** The types of devices that each module creates, as in `ip link show type`. */
const DEVICE_TYPES: ReadonlyMap<string, readonly string[]> = new Map([
  ["ipip", ["ipip"]],
  ["ip_gre", ["gre", "gretap", "erspan"]],
  ["ip6_tunnel", ["ip6tnl"]],
  ["ip6_gre", ["ip6gre", "ip6gretap", "ip6erspan"]],
]);

/** A module's own devices in their initial state: down. */
const UNTOUCHED = "^[0-9]*: (tunl0|gre0|gretap0|erspan0|ip6tnl0|ip6gre0)@NONE: <(NOARP|BROADCAST,MULTICAST)>";

/** Shell text that prints something if a module is in use, or if we cannot find out; undefined if rmmod itself checks. */
export function moduleUse(name: string): ShellCommand | undefined {
  if (name === "fou" || name === "fou6") return sh`ip fou show 2>&1`;
  const types = DEVICE_TYPES.get(name);
  if (types === undefined) return undefined;
  return sh`for type in ${raw(command(...types))}; do ip -o link show type "$type" 2>&1; done | grep -vE ${UNTOUCHED}`;
}
