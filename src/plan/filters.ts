/**
 * Packet filters that would drop what a plan lets in, or what hosts send and forward for its services: rules of nf_tables and
 * of iptables that others have made. Pure.
 */
import type { PassingPacket } from "../compile/desired-state.ts";
import { andList } from "../errors/and-list.ts";
import { acceptInIptables, acceptInNft, type FilteredPacket, packetWords } from "../lvs/filtered-packet.ts";
import { asNft, withOwnChains, withPlannedChains, withWords } from "../lvs/iptables-as-nft.ts";
import { chainName, type NftRuleset } from "../lvs/nft-ruleset.ts";
import { type Culprit, whatDrops } from "../lvs/nft-verdict.ts";
import { ipvsService } from "../resources/ipvs-service.ts";
import type { OtherFilters, OtherIptables, ResourceKind } from "../resources/resource.ts";
import { isOf } from "../resources/typed.ts";
import { command } from "../shell/quote.ts";
import { comesBackAfterFirewalld, passInFirewalld } from "./firewalld-words.ts";
import type { HostState } from "./host-state.ts";
import type { Plan, PlannedChange, PlanProblem } from "./plan.ts";

type Kinds = ReadonlyMap<string, ResourceKind>;

/** What is dropped, and by what. `comesBack`: a reload of firewalld does not cost the host our rules. */
interface Dropped {
  readonly culprit: Culprit;
  readonly comesBack: boolean;
  readonly packets: FilteredPacket[];
}

/** The packets that pass each host without a rule of the topology. */
export type Passing = ReadonlyMap<string, readonly PassingPacket[]>;

/** Adds a warning to the plan for each chain or rule that is sure to drop packets of the plan's services. */
export function withFilters(
  plan: Plan,
  states: ReadonlyMap<string, HostState>,
  kinds: Kinds,
  passing: Passing = new Map(),
): Plan {
  const found = [...states.values()].flatMap((state) => {
    const built = (plan.hosts.get(state.host) ?? []).filter(({ phase }) => phase === "build");
    const packets = packetsOf(built, kinds);
    const others = packets.length === 0 ? [] : otherFiltersOf(state, built, kinds);
    const rulesets = packets.length === 0 ? [] : rulesetsOf(state, others, withOwn);
    const comesBack = comesBackAfterFirewalld(state, built);
    return [
      ...droppedOf(packets, rulesets, comesBack).map((dropped) => problem(state.host, dropped)),
      ...notPassing(state, passing.get(state.host) ?? [], comesBack),
    ];
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
  const known: Pick<FilteredPacket, "mayBeTranslated" | "mayGoToIpvs"> = {
    ...(packets.some(({ hook }) => hook === "prerouting") ? { mayBeTranslated: true } : {}),
    ...(built.some((change) => isOf(ipvsService, change)) ? { mayGoToIpvs: true } : {}),
  };
  return packets.map((packet) => ({ ...packet, ...known }));
}

/** What hosts send and forward, no rule of the topology lets pass. */
function notPassing(state: HostState, passing: readonly PassingPacket[], comesBack: boolean): readonly PlanProblem[] {
  if (passing.length === 0) return [];
  const rulesets = rulesetsOf(state, state.surroundings?.filters ?? [], withPlanned);
  const services = new Map(passing.map(({ packet, service }) => [packet, service]));
  const packets = passing.map(({ packet }) => packet);
  return droppedOf(packets, rulesets, comesBack).map((dropped) => {
    const names = new Set(dropped.packets.flatMap((packet) => services.get(packet) ?? []));
    return passingProblem(state.host, dropped, [...names]);
  });
}

/** A ruleset with the chains of ours, as they are to be. */
type WithOurs = (ruleset: NftRuleset, one: OtherIptables) => NftRuleset;

const withOwn: WithOurs = (ruleset, { family, own }) => (own ? withOwnChains(ruleset, family, own) : ruleset);
const withPlanned: WithOurs = (ruleset, { planned, ...one }) =>
  planned ? withPlannedChains(ruleset, asNft({ ...one, tables: planned })) : ruleset;

/** nft lists what iptables-nft has made too, so the two are one. */
function rulesetsOf(state: HostState, filters: readonly OtherFilters[], withOurs: WithOurs): readonly NftRuleset[] {
  const all = filters.flatMap(({ iptables }) => iptables);
  const { nft } = state.surroundings ?? {};
  const isListed = ({ isNft }: { readonly isNft: boolean }) => nft !== undefined && isNft;
  const listed = all.filter(isListed);
  const named = listed.reduce((ruleset, one) => withWords(ruleset, asNft(one)), nft ?? new Map());
  const others = all.filter((one) => !isListed(one));
  return [
    ...(nft === undefined ? [] : [listed.reduce(withOurs, named)]),
    ...others.map((one) => withOurs(asNft(one), one)),
  ];
}

/** Each packet counts for the first thing that drops it. */
function droppedOf(
  packets: readonly FilteredPacket[],
  rulesets: readonly NftRuleset[],
  comesBack: boolean,
): readonly Dropped[] {
  const dropped = new Map<string, Dropped>();
  for (const packet of packets) {
    const culprit = rulesets.flatMap((ruleset) => whatDrops(ruleset, packet) ?? [])[0];
    if (culprit === undefined) continue;
    const { chain, rule } = culprit;
    const { hook, isData } = packet;
    const name = JSON.stringify([chain.program, chainName(chain), rule?.handle, rule?.words, hook, isData]);
    const group = dropped.get(name);
    if (group) group.packets.push(packet);
    else dropped.set(name, { culprit, comesBack, packets: [packet] });
  }
  return [...dropped.values()];
}

function passingProblem(host: string, dropped: Dropped, services: readonly string[]): PlanProblem {
  const { name, where, why, hint } = wordsOf(dropped);
  const { hook, isData } = dropped.packets[0] ?? {};
  const of = `${services.length === 1 ? "the service" : "the services"} ${andList(services)}`;
  const what = isData ? "data connections of FTP" : "packets";
  const [does, way] = {
    forward: ["forward", "through"],
    output: ["send", "out"],
    input: ["let in", "in"],
    prerouting: ["let in", "in"],
  }[hook ?? "input"];
  const fewer = isData
    ? " If the FTP servers offer fewer ports for passive transfers, let in those alone; as a service by firewall mark that names them, lvsctl does it."
    : "";
  return {
    host,
    description: `packet filter ${name}`,
    message: `A packet filter on ${host} drops ${what} of ${of} that ${host} has to ${does}: ${shownOf(dropped)}. It is ${where}, and ${why}. lvsctl adds no rules there that let them ${way}.`,
    hint: `${hint}${fewer}`,
  };
}

function shownOf({ packets }: Dropped): string {
  const what = packets.map(packetWords);
  const shown = what.length > 3 ? [...what.slice(0, 3), `${what.length - 3} more`] : what;
  return shown.join(", ");
}

function wordsOf({ culprit, comesBack, packets: [first] }: Dropped): Words {
  const packet = first && withoutClient(first);
  return culprit.chain.program === undefined ? inNft(culprit, packet, comesBack) : inIptables(culprit, packet);
}

/** What lets one client's packets pass had better let all pass. */
function withoutClient({ clientEnd, source, destination, ...packet }: FilteredPacket): FilteredPacket {
  return {
    ...packet,
    ...(source === undefined || clientEnd === "source" ? {} : { source }),
    ...(destination === undefined || clientEnd === "destination" ? {} : { destination }),
  };
}

function problem(host: string, dropped: Dropped): PlanProblem {
  const { name, where, why, hint } = wordsOf(dropped);
  return {
    host,
    description: `packet filter ${name}`,
    message: `A packet filter on ${host} drops what the plan lets in: ${shownOf(dropped)}. It is ${where}, and ${why}. lvsctl's own rules cannot help: it comes before them, or drops what they have accepted.`,
    hint,
  };
}

type Words = Readonly<Record<"name" | "where" | "why" | "hint", string>>;

function inNft({ chain, rule }: Culprit, packet: FilteredPacket | undefined, comesBack: boolean): Words {
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
        ? passInFirewalld(packet, comesBack)
        : `${lets(packet)}, for example: nft insert rule ${name} ${packet ? acceptInNft(packet) : ""}. Write it into the file from which these rules are loaded as well, such as /etc/nftables.conf.`,
  };
}

function inIptables({ chain, rule }: Culprit, packet: FilteredPacket | undefined): Words {
  const { program, table, name } = chain;
  return {
    name: `${program} -t ${table} ${name}`,
    where: `the chain ${name} in the table ${table} of ${program}`,
    why: rule?.words === undefined ? "its policy is DROP" : `its rule ${command(...rule.words)} drops or rejects them`,
    hint: `${lets(packet)}, for example: ${program} -t ${table} -I ${name} ${packet ? acceptInIptables(packet) : ""}. Write it into whatever loads these rules at boot as well; if nothing needs them any more, delete them.`,
  };
}

function isPassing(packet: FilteredPacket | undefined): boolean {
  return packet?.hook === "output" || packet?.hook === "forward";
}

function lets(packet: FilteredPacket | undefined): string {
  return isPassing(packet) ? "Let them pass there" : "Let them in there too";
}
