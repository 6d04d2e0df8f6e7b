/** Services of a host that may delete rules of ours while it runs, and what a plan says if nothing brings those back. */

import type { ReadCommand, ReadOutputs } from "../../shell/read-script.ts";
import { outputOf } from "../outputs.ts";
import type { Problem } from "../resource.ts";

/** They load saved rules, or delete all, with many of their actions. ufw deletes those of others only where `isUfwAlone`. */
const NAMES = ["nftables", "iptables", "ip6tables", "netfilter-persistent", "firewalld"] as const;

/** Where a service is enabled that starts early or late, with systemd and with OpenRC. */
const LINKS = NAMES.flatMap((name) => [
  ...["sysinit", "basic", "multi-user"].map((target) => `/etc/systemd/system/${target}.target.wants/${name}.service`),
  ...["boot", "default"].map((level) => `/etc/runlevels/${level}/${name}`),
]);

/** Lists those links that are there. */
export const ruleServices: ReadCommand = { name: "rule-services", argv: ["stat", "-c", "%n", ...LINKS] };

/** The services that are enabled. */
export function enabledRuleServices(outputs: ReadOutputs): readonly string[] {
  const found = new Set(outputOf(outputs, ruleServices.name).stdout.split("\n"));
  return NAMES.filter((name) => LINKS.some((link) => found.has(link) && linkName(link) === name));
}

function linkName(link: string): string {
  return link.slice(link.lastIndexOf("/") + 1).replace(/\.service$/, "");
}

/** What a plan says of rules that nothing brings back. `services`: at least one. */
export function unguardedCaveat(services: readonly string[]): Problem {
  const [verb, whose] =
    services.length > 1 ? ["are", "they start, stop or reload"] : ["is", "it starts, stops or reloads"];
  return {
    message: `${services.join(" and ")} ${verb} enabled here and may delete lvsctl's rules when ${whose}. Nothing brings them back by itself.`,
    hint: "Run lvsctl apply after that; lvsctl drift shows what is missing. With systemd, persist: true brings them back.",
  };
}
