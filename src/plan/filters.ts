/** Packet filters that would drop what a plan lets in: rules of nf_tables that others have made. Pure. */
import { acceptInNft, type FilteredPacket, packetWords } from "../lvs/filtered-packet.ts";
import { chainName } from "../lvs/nft-ruleset.ts";
import { type Culprit, whatDrops } from "../lvs/nft-verdict.ts";
import type { ResourceKind } from "../resources/resource.ts";
import type { HostState } from "./host-state.ts";
import type { Plan, PlanProblem } from "./plan.ts";

/** Adds a warning to the plan for each chain or rule that is sure to drop packets of the plan's services. */
export function withFilters(
  plan: Plan,
  states: ReadonlyMap<string, HostState>,
  kinds: ReadonlyMap<string, ResourceKind>,
): Plan {
  const found = [...states.values()].flatMap(({ host, surroundings }) => {
    const { nft } = surroundings ?? {};
    if (nft === undefined) return [];
    const dropped = new Map<string, { readonly culprit: Culprit; readonly packets: FilteredPacket[] }>();
    for (const { kind, phase, after } of plan.hosts.get(host) ?? []) {
      const packet = phase === "build" && after !== undefined ? kinds.get(kind)?.letsIn?.(after) : undefined;
      const culprit = packet && whatDrops(nft, packet);
      if (packet === undefined || culprit === undefined) continue;
      const name = JSON.stringify([chainName(culprit.chain), culprit.rule?.handle, packet.hook]);
      const group = dropped.get(name);
      if (group) group.packets.push(packet);
      else dropped.set(name, { culprit, packets: [packet] });
    }
    return [...dropped.values()].map(({ culprit, packets }) => problem(host, culprit, packets));
  });
  return found.length === 0 ? plan : { ...plan, warnings: [...(plan.warnings ?? []), ...found] };
}

function problem(host: string, { chain, rule }: Culprit, packets: readonly FilteredPacket[]): PlanProblem {
  const [first] = packets;
  const what = packets.map(packetWords);
  const shown = what.length > 3 ? [...what.slice(0, 3), `${what.length - 3} more`] : what;
  const how =
    rule === undefined
      ? "its policy is drop"
      : rule.handle === undefined
        ? "one of its rules drops or rejects them"
        : `its rule with the handle ${rule.handle} drops or rejects them (nft -a list chain ${chainName(chain)} shows it)`;
  const hint =
    chain.table === "firewalld"
      ? `Open them in firewalld: firewall-cmd --permanent --add-rich-rule='${richRule(first)}', and the same without --permanent. Do not reload firewalld after an apply: that removes lvsctl's rules.`
      : `Let them in there too, for example: nft insert rule ${chainName(chain)} ${first ? acceptInNft(first) : ""}. Write it into the file from which these rules are loaded as well, such as /etc/nftables.conf.`;
  return {
    host,
    description: `packet filter ${chainName(chain)}`,
    message: `A packet filter on ${host} drops what the plan lets in: ${shown.join(", ")}. It is the chain ${chainName(chain)} of nf_tables, and ${how}. lvsctl's own rules cannot help: what one chain accepts, another can still drop.`,
    hint,
  };
}

/** See firewalld.richlanguage(5). */
function richRule(packet: FilteredPacket | undefined): string {
  if (packet === undefined) return "";
  const { family, destination, source, protocol, destinationPort } = packet;
  return [
    `rule family="ipv${family}"`,
    ...(source === undefined ? [] : [`source address="${source}"`]),
    ...(destination === undefined ? [] : [`destination address="${destination}"`]),
    destinationPort === undefined
      ? `protocol value="${protocol}"`
      : `port port="${destinationPort}" protocol="${protocol}"`,
    "accept",
  ].join(" ");
}
