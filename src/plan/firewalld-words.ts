/** What lets packets pass firewalld, in words for people. Tried with firewalld 1.3. Pure. */
import { type FilteredPacket, portsTo } from "../lvs/filtered-packet.ts";
import { bootUnit } from "../resources/boot-unit.ts";
import { isOf, observedOf } from "../resources/typed.ts";
import type { HostState } from "./host-state.ts";
import type { PlannedChange } from "./plan.ts";

/**
 * The commands for these packets. Rules of a zone are for what comes to the host itself; what it forwards or sends, only a policy
 * lets pass. `comesBack`: a reload does not cost the host lvsctl's own rules.
 */
export function passInFirewalld(packet: FilteredPacket | undefined, comesBack: boolean): string {
  const rule = `--add-rich-rule='${richRule(packet)}'`;
  if (packet?.hook !== "forward" && packet?.hook !== "output") {
    const after = comesBack ? "" : " Do not reload firewalld after an apply: that removes lvsctl's rules.";
    return `Open them in firewalld: firewall-cmd --permanent ${rule}, and the same without --permanent; with --zone=NAME if they do not come in by the default zone (firewall-cmd --get-active-zones).${after}`;
  }
  const name = `lvsctl-${packet.hook}`;
  const set = `firewall-cmd --permanent --policy=${name}`;
  const commands = [
    `firewall-cmd --permanent --new-policy=${name}`,
    `${set} --add-ingress-zone=${packet.hook === "output" ? "HOST" : "ANY"}`,
    `${set} --add-egress-zone=ANY`,
    `${set} ${rule}`,
    "firewall-cmd --reload",
  ];
  const when = comesBack ? "" : " Reload it before an apply, not after one: that removes lvsctl's rules.";
  return `Have firewalld (0.9 or newer) let them pass by a policy of their own: ${commands.join(" && ")}.${when}`;
}

/** Whether lvsctl's own rules are there again once firewalld has deleted them. `built`: what the plan has on the host. */
export function comesBackAfterFirewalld({ observed }: HostState, built: readonly PlannedChange[]): boolean {
  const isStarted = built.some((change) => isOf(bootUnit, change) && change.after?.enabled === true);
  return isStarted && observedOf(bootUnit, observed)?.detail.hooked.includes("firewalld") === true;
}

/** One rule has one element besides the addresses. See firewalld.richlanguage(5). */
function richRule(packet: FilteredPacket | undefined): string {
  if (packet === undefined) return "";
  const { family, destination, source, protocol, sourcePort } = packet;
  const to = portsTo(packet, "-");
  const element =
    to !== undefined
      ? `port port="${to}" protocol="${protocol}"`
      : sourcePort !== undefined
        ? `source-port port="${sourcePort}" protocol="${protocol}"`
        : `protocol value="${protocol}"`;
  return [
    `rule family="ipv${family}"`,
    ...(source === undefined ? [] : [`source address="${source}"`]),
    ...(destination === undefined ? [] : [`destination address="${destination}"`]),
    element,
    "accept",
  ].join(" ");
}
