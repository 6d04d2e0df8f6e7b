/** Packet filters that would drop what a plan lets in: rules of nf_tables and of iptables that others have made. Pure. */
import { acceptInIptables, acceptInNft, type FilteredPacket, packetWords } from "../lvs/filtered-packet.ts";
import { asNft, withOwnChains, withWords } from "../lvs/iptables-as-nft.ts";
import { chainName, type NftRuleset } from "../lvs/nft-ruleset.ts";
import { type Culprit, whatDrops } from "../lvs/nft-verdict.ts";
import { ipvsService } from "../resources/ipvs-service.ts";
import type { OtherFilters, ResourceKind } from "../resources/resource.ts";
import { isOf } from "../resources/typed.ts";
import { command } from "../shell/quote.ts";
import type { HostState } from "./host-state.ts";
import type { Plan, PlannedChange, PlanProblem } from "./plan.ts";

type Kinds = ReadonlyMap<string, ResourceKind>;

/** What is dropped, and by what. */
interface Dropped {
  readonly culprit: Culprit;
  readonly packets: FilteredPacket[];
}

/** Adds a warning to the plan for each chain or rule that is sure to drop packets of the plan's services. */
export function withFilters(plan: Plan, states: ReadonlyMap<string, HostState>, kinds: Kinds): Plan {
  const found = [...states.values()].flatMap((state) => {
    const built = (plan.hosts.get(state.host) ?? []).filter(({ phase }) => phase === "build");
    const packets = packetsOf(built, kinds);
    const rulesets = packets.length === 0 ? [] : rulesetsOf(state, built, kinds);
    return droppedOf(packets, rulesets).map((dropped) => problem(state.host, dropped));
  });
  return found.length === 0 ? plan : { ...plan, warnings: [...(plan.warnings ?? []), ...found] };
}

/** The rules that others have made on a host, as the kinds know them. `built`: what the plan has there. */
export function otherFiltersOf(
  { observed }: HostState,
  built: readonly PlannedChange[],
  kinds: Kinds,
): readonly OtherFilters[] {
  return [...kinds.values()].flatMap(({ kind, otherFilters }) => {
    const found = observed.get(kind);
    const states = built.flatMap(({ kind: its, after }) => (its === kind && after !== undefined ? [after] : []));
    return otherFilters && found && states.length > 0 ? [otherFilters(states, found)] : [];
  });
}

function packetsOf(built: readonly PlannedChange[], kinds: Kinds): readonly FilteredPacket[] {
  const packets = built.flatMap(({ kind, after }) => (after && kinds.get(kind)?.letsIn?.(after)) ?? []);
  return packets.map((packet) => ({
    ...packet,
    ...(packets.some(({ hook }) => hook === "prerouting") ? { mayBeTranslated: true } : {}),
    ...(built.some((change) => isOf(ipvsService, change)) ? { mayGoToIpvs: true } : {}),
  }));
}

/** nft lists what iptables-nft has made too, so the two are one. */
function rulesetsOf(state: HostState, built: readonly PlannedChange[], kinds: Kinds): readonly NftRuleset[] {
  const all = otherFiltersOf(state, built, kinds).flatMap(({ iptables }) => iptables);
  const { nft } = state.surroundings ?? {};
  const isListed = ({ isNft }: { readonly isNft: boolean }) => nft !== undefined && isNft;
  const listed = all.filter(isListed);
  const named = listed.reduce((ruleset, one) => withWords(ruleset, asNft(one)), nft ?? new Map());
  const withOurs = listed.reduce((set, { family, own }) => (own ? withOwnChains(set, family, own) : set), named);
  const others = all.filter((one) => !isListed(one));
  return [
    ...(nft === undefined ? [] : [withOurs]),
    ...others.map((one) => (one.own ? withOwnChains(asNft(one), one.family, one.own) : asNft(one))),
  ];
}

/** Each packet counts for the first thing that drops it. */
function droppedOf(packets: readonly FilteredPacket[], rulesets: readonly NftRuleset[]): readonly Dropped[] {
  const dropped = new Map<string, Dropped>();
  for (const packet of packets) {
    const culprit = rulesets.flatMap((ruleset) => whatDrops(ruleset, packet) ?? [])[0];
    if (culprit === undefined) continue;
    const { chain, rule } = culprit;
    const name = JSON.stringify([chain.program, chainName(chain), rule?.handle, rule?.words, packet.hook]);
    const group = dropped.get(name);
    if (group) group.packets.push(packet);
    else dropped.set(name, { culprit, packets: [packet] });
  }
  return [...dropped.values()];
}

function problem(host: string, { culprit, packets }: Dropped): PlanProblem {
  const what = packets.map(packetWords);
  const shown = what.length > 3 ? [...what.slice(0, 3), `${what.length - 3} more`] : what;
  const { name, where, why, hint } = (culprit.chain.program === undefined ? inNft : inIptables)(culprit, packets[0]);
  return {
    host,
    description: `packet filter ${name}`,
    message: `A packet filter on ${host} drops what the plan lets in: ${shown.join(", ")}. It is ${where}, and ${why}. lvsctl's own rules cannot help: it comes before them, or drops what they have accepted.`,
    hint,
  };
}

type Words = Readonly<Record<"name" | "where" | "why" | "hint", string>>;

function inNft({ chain, rule }: Culprit, packet: FilteredPacket | undefined): Words {
  const name = chainName(chain);
  const handle = rule?.handle === undefined ? undefined : `its rule with the handle ${rule.handle}`;
  return {
    name,
    where: `the chain ${name} of nf_tables`,
    why:
      rule === undefined
        ? "its policy is drop"
        : handle === undefined
          ? "one of its rules drops or rejects them"
          : `${handle} drops or rejects them (nft -a list chain ${name} shows it)`,
    hint:
      chain.table === "firewalld"
        ? `Open them in firewalld: firewall-cmd --permanent --add-rich-rule='${richRule(packet)}', and the same without --permanent. Do not reload firewalld after an apply: that removes lvsctl's rules.`
        : `Let them in there too, for example: nft insert rule ${name} ${packet ? acceptInNft(packet) : ""}. Write it into the file from which these rules are loaded as well, such as /etc/nftables.conf.`,
  };
}

function inIptables({ chain, rule }: Culprit, packet: FilteredPacket | undefined): Words {
  const { program, table, name } = chain;
  return {
    name: `${program} -t ${table} ${name}`,
    where: `the chain ${name} in the table ${table} of ${program}`,
    why: rule?.words === undefined ? "its policy is DROP" : `its rule ${command(...rule.words)} drops or rejects them`,
    hint: `Let them in there too, for example: ${program} -t ${table} -I ${name} ${packet ? acceptInIptables(packet) : ""}. Write it into whatever loads these rules at boot as well; if nothing needs them any more, delete them.`,
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
