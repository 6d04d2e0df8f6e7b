/** Netfilter and ARP filter rules that would keep a session's packets from arriving. Pure. */
import { addressFamily, contains, parseCidr, wholeAddress } from "../net/address.ts";
import type { ArptablesRuleState } from "../resources/arptables-rule.ts";
import type { IptablesRuleState } from "../resources/iptables-state.ts";
import type { Danger } from "./danger.ts";
import { matches, type Packet } from "./packet-match.ts";
import type { PlannedChange } from "./plan.ts";
import type { Passage } from "./session-passages.ts";

/** The built-in chains that packets to the session's host pass, and those of its replies. */
const HOOKS: Readonly<Record<Passage["role"], Readonly<Record<"request" | "reply", readonly string[]>>>> = {
  end: { request: ["PREROUTING", "INPUT"], reply: ["OUTPUT", "POSTROUTING"] },
  transit: {
    request: ["PREROUTING", "FORWARD", "POSTROUTING"],
    reply: ["PREROUTING", "FORWARD", "POSTROUTING"],
  },
  client: { request: ["OUTPUT", "POSTROUTING"], reply: ["PREROUTING", "INPUT"] },
};

/** What targets do to the packets of a session; others let them pass. */
const EFFECTS: Readonly<Record<string, string>> = {
  ...{ DROP: "drop its packets", REJECT: "refuse its packets", TARPIT: "hold its packets", STEAL: "drop its packets" },
  ...{ NFQUEUE: "hand its packets to a program", QUEUE: "hand its packets to a program" },
  ...{ DNAT: "send its packets to another host", REDIRECT: "send its packets to another port" },
  ...{ TPROXY: "send its packets to another program", SYNPROXY: "answer its packets in the place of sshd" },
  ...{ SNAT: "put another address into its packets", MASQUERADE: "put another address into its packets" },
  NETMAP: "put another address into its packets",
};

/** `changes`: all of the host's, also those that change nothing: they tell the order of a chain. */
export function filterDangers(passage: Passage, changes: readonly PlannedChange[]): readonly Danger[] {
  const marks = new Set(changes.filter(({ after }) => after).flatMap(({ kind, after }) => serviceMark(kind, after)));
  const packets = packetsOf(passage);
  const chains = groupByChain(changes, passage.session.family);
  return [...chains].flatMap(([hook, chain]) =>
    packets
      .filter(({ hooks }) => hooks.includes(hook))
      .flatMap(({ packet }) => [...chainDangers(chain, packet, marks), ...lostPermissions(chain, packet)]),
  );
}

/** The first rule that surely lets the packet pass shields it from those after it. */
function chainDangers(chain: readonly PlannedChange[], packet: Packet, marks: ReadonlySet<number>): readonly Danger[] {
  const dangers: Danger[] = [];
  for (const change of chain) {
    const state = change.after as IptablesRuleState | undefined;
    if (state === undefined) continue;
    const verdict = matches(state.rule, packet);
    if (verdict === "no") continue;
    const target = targetOf(state);
    const would = effectOf(state, target, marks);
    if (would !== undefined && change.action !== "none") dangers.push({ change, would });
    if (verdict === "yes" && (target === "ACCEPT" || target === "RETURN")) break;
  }
  return dangers;
}

/** What a rule of ours has let in may have no other way in. */
function lostPermissions(chain: readonly PlannedChange[], packet: Packet): readonly Danger[] {
  return chain.flatMap((change) => {
    const state = change.before as IptablesRuleState | undefined;
    if (change.after !== undefined || state?.table !== "filter" || targetOf(state) !== "ACCEPT") return [];
    return matches(state.rule, packet) === "yes" ? [{ change, would: "remove a rule that lets its packets pass" }] : [];
  });
}

function effectOf(state: IptablesRuleState, target: string, marks: ReadonlySet<number>): string | undefined {
  const { rule } = state;
  if (target === "CT" && rule.includes("--notrack")) return "keep connection tracking from knowing it";
  if (target !== "MARK") return EFFECTS[target];
  const [value = ""] = (rule[rule.indexOf("--set-xmark") + 1] ?? "").split("/");
  return marks.has(Number(value)) ? "mark its packets for a service of IPVS" : undefined;
}

function serviceMark(kind: string, state: PlannedChange["after"]): readonly number[] {
  const service = kind === "ipvs-service" ? (state?.["service"] as { fwmark?: number } | undefined) : undefined;
  return service?.fwmark === undefined ? [] : [service.fwmark];
}

function targetOf({ rule }: IptablesRuleState): string {
  return rule[rule.findIndex((word) => word === "-j" || word === "-g") + 1] ?? "";
}

/** The rules in our chains, by the built-in chain that calls them; a chain of each table is a group of its own. */
function groupByChain(
  changes: readonly PlannedChange[],
  family: number,
): readonly (readonly [string, readonly PlannedChange[]])[] {
  const groups = new Map<string, PlannedChange[]>();
  for (const change of changes) {
    const state = (change.after ?? change.before) as IptablesRuleState | undefined;
    if (change.kind !== "iptables-rule" || !state || state.declares !== undefined || state.family !== family) continue;
    const name = `${state.table} ${state.chain}`;
    groups.set(name, [...(groups.get(name) ?? []), change]);
  }
  return [...groups].map(([name, group]) => [name.slice(name.lastIndexOf("-") + 1), group]);
}

function packetsOf({ role, session }: Passage) {
  const { client, clientPort, address, port, reply } = session;
  const device = role === "end" ? reply?.device : undefined;
  const request = { source: client, sourcePort: clientPort, destination: address, destinationPort: port };
  const answer = { source: address, sourcePort: port, destination: client, destinationPort: clientPort };
  return [
    { hooks: HOOKS[role].request, packet: { ...request, in: device } },
    { hooks: HOOKS[role].reply, packet: { ...answer, out: device } },
  ];
}

/** Rules that keep a neighbour from finding the session's address, or the host from finding the neighbour. */
export function arpDangers({ role, session, own }: Passage, changes: readonly PlannedChange[]): readonly Danger[] {
  const next = role === "end" ? (session.reply?.via ?? session.client) : undefined;
  return changes.flatMap((change) => {
    const state = change.after as ArptablesRuleState | undefined;
    if (change.kind !== "arptables-rule" || change.action === "none" || !state || state.declares !== undefined)
      return [];
    const isIn = state.chain.endsWith("-INPUT");
    const [mine, theirs] = isIn ? [state.destination, state.source] : [state.source, state.destination];
    const isHarmless = state.target === "ACCEPT" || (state.target === "mangle" && state.mangleSource === own);
    if (isHarmless || !covers(mine, own) || (next !== undefined && !covers(theirs, next))) return [];
    return [{ change, would: `keep the neighbours from finding ${own} by ARP` }];
  });
}

function covers(network: string | undefined, address: string): boolean {
  const family = addressFamily(address);
  const cidr = network === undefined ? undefined : parseCidr(network);
  return (
    network === undefined ||
    (family !== undefined && cidr !== undefined && contains(cidr, wholeAddress({ address, family })))
  );
}
