/**
 * Modules that the kernel lets go although somebody uses what they made: with ipip go all IP-in-IP tunnels of the host,
 * whoever set them up. Their use count says nothing of it.
 */
import { command, raw, type ShellCommand, sh } from "../shell/quote.ts";

/** The kinds of devices that each module makes, as `ip link show type` knows them. */
const DEVICE_TYPES: ReadonlyMap<string, readonly string[]> = new Map([
  ["ipip", ["ipip"]],
  ["ip_gre", ["gre", "gretap", "erspan"]],
  ["ip6_tunnel", ["ip6tnl"]],
  ["ip6_gre", ["ip6gre", "ip6gretap", "ip6erspan"]],
]);

/** A module's own devices as they are at first: down. */
const UNTOUCHED = "^[0-9]*: (tunl0|gre0|gretap0|erspan0|ip6tnl0|ip6gre0)@NONE: <(NOARP|BROADCAST,MULTICAST)>";

/** Shell text that prints something while a module is in use, or while that cannot be found out; undefined where rmmod knows. */
export function moduleUse(name: string): ShellCommand | undefined {
  if (name === "fou" || name === "fou6") return sh`ip fou show 2>&1`;
  const types = DEVICE_TYPES.get(name);
  if (types === undefined) return undefined;
  return sh`for type in ${raw(command(...types))}; do ip -o link show type "$type" 2>&1; done | grep -vE ${UNTOUCHED}`;
}
