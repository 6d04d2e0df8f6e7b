/** The packets that our rules let in or through. */
import type { FilteredPacket } from "../../lvs/filtered-packet.ts";
import { type IptablesRuleState, isAccepting } from "./rule-state.ts";

const HOOKS: readonly (readonly [ending: string, hook: FilteredPacket["hook"]])[] = [
  ["-INPUT", "input"],
  ["-FORWARD", "forward"],
  ["-PREROUTING", "prerouting"],
];

/** Whether it lets packets through, or gives them a destination where they are let through. */
function isForPackets(state: IptablesRuleState): boolean {
  return isAccepting(state) || (state.table === "nat" && state.rule.includes("DNAT"));
}

/**
 * A packet of a service for which this rule has been made: the first of a connection, or a reply if the rule excepts first
 * ones. Of a range of ports or of addresses it is the first. Undefined for all other rules, such as those for ICMP.
 */
export function letsIn(state: IptablesRuleState): FilteredPacket | undefined {
  const { rule, chain, family } = state;
  const hook = HOOKS.find(([ending]) => chain.endsWith(ending))?.[1];
  const after = (option: string) => rule[rule.indexOf(option) + 1 || rule.length];
  const protocol = after("-p");
  if (hook === undefined || protocol === undefined || /icmp/.test(protocol) || !isForPackets(state)) return undefined;
  if (rule.includes("conntrack")) return undefined;
  const address = (option: string) => after(option)?.split("/")[0];
  const port = (option: string) => Number(after(option)?.split(":")[0]);
  const [source, destination] = [address("-s"), address("-d")];
  const [sourcePort, destinationPort] = [port("--sport"), port("--dport")];
  return {
    ...{ hook, family, protocol, isFirst: !rule.includes("!") && source === undefined },
    ...(source === undefined ? {} : { source }),
    ...(destination === undefined ? {} : { destination }),
    ...(Number.isNaN(sourcePort) ? {} : { sourcePort }),
    ...(Number.isNaN(destinationPort) ? {} : { destinationPort }),
  };
}
