/** Services of a host that may delete rules of ours while it runs, and what a plan says if nothing brings those back. */

import type { ReadCommand, ReadOutputs } from "../../shell/read-script.ts";
import { outputOf } from "../outputs.ts";
import type { Problem } from "../resource.ts";

/** They load saved rules, or delete all, with many of their actions. ufw deletes those of others only where `isUfwAlone`. */
const NAMES = ["nftables", "iptables", "ip6tables", "netfilter-persistent", "firewalld"] as const;

/** What is enabled to start early or late has a link in one of these, with systemd and with OpenRC. */
const FOLDERS = [
  ...["sysinit", "basic", "multi-user"].map((target) => `/etc/systemd/system/${target}.target.wants`),
  ...["boot", "default"].map((level) => `/etc/runlevels/${level}`),
];

/** Lists those links. */
export const ruleServices: ReadCommand = { name: "rule-services", argv: ["ls", "-1", ...FOLDERS] };

/** The services that are enabled. */
export function enabledRuleServices(outputs: ReadOutputs): readonly string[] {
  const links = outputOf(outputs, ruleServices.name).stdout.split("\n");
  return NAMES.filter((name) => links.includes(name) || links.includes(`${name}.service`));
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
