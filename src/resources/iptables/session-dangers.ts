/** Netfilter rules that would keep a session's packets from arriving. Pure. */
import type { Danger, Passage, PassedNetwork } from "../passage.ts";
import type { JudgedChange } from "../resource.ts";
import { matches, type Packet } from "./packet-match.ts";
import type { IptablesRuleState } from "./rule-state.ts";

type RuleChange = JudgedChange<IptablesRuleState>;

/** The built-in chains that packets to the session's host pass through, and those that its replies do. */
const HOOKS: Readonly<Record<Passage["role"], Readonly<Record<"request" | "reply", readonly string[]>>>> = {
  end: { request: ["PREROUTING", "INPUT"], reply: ["OUTPUT", "POSTROUTING"] },
  transit: {
    request: ["PREROUTING", "FORWARD", "POSTROUTING"],
    reply: ["PREROUTING", "FORWARD", "POSTROUTING"],
  },
  client: { request: ["OUTPUT", "POSTROUTING"], reply: ["PREROUTING", "INPUT"] },
};

/** What targets do to a session's packets; all other targets let them pass. */
const EFFECTS: Readonly<Record<string, string>> = {
  ...{ DROP: "drop its packets", REJECT: "refuse its packets", TARPIT: "hold its packets", STEAL: "drop its packets" },
  ...{ NFQUEUE: "hand its packets to a program", QUEUE: "hand its packets to a program" },
  ...{ DNAT: "send its packets to another host", REDIRECT: "send its packets to another port" },
  ...{ TPROXY: "send its packets to another program", SYNPROXY: "answer its packets in the place of sshd" },
  ...{ SNAT: "put another address into its packets", MASQUERADE: "put another address into its packets" },
  NETMAP: "put another address into its packets",
};

/** The rules of a plan that would stop a session's packets. Unchanged rules matter too: they complete the chain's order. */
export function sessionDangers(
  passage: Passage,
  changes: readonly RuleChange[],
  { planned }: PassedNetwork,
): readonly Danger[] {
  const marks = new Set(planned.marks);
  const packets = packetsOf(passage);
  const chains = groupByChain(changes, passage.session.family);
  return [...chains].flatMap(([hook, chain]) =>
    packets
      .filter(({ hooks }) => hooks.includes(hook))
      .flatMap(({ packet }) => [...chainDangers(chain, packet, marks), ...lostPermissions(chain, packet)]),
  );
}

/** The first rule that certainly accepts the packet shields it from the rules after it. */
function chainDangers(chain: readonly RuleChange[], packet: Packet, marks: ReadonlySet<number>): readonly Danger[] {
  const dangers: Danger[] = [];
  for (const change of chain) {
    const state = change.after;
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

/** Packets that one of our rules accepted may have no other way in. */
function lostPermissions(chain: readonly RuleChange[], packet: Packet): readonly Danger[] {
  return chain.flatMap((change) => {
    const state = change.before;
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

function targetOf({ rule }: IptablesRuleState): string {
  return rule[rule.findIndex((word) => word === "-j" || word === "-g") + 1] ?? "";
}

/** Groups the rules in our chains by table, each with the built-in chain that calls them. */
function groupByChain(
  changes: readonly RuleChange[],
  family: number,
): readonly (readonly [string, readonly RuleChange[]])[] {
  const groups = new Map<string, RuleChange[]>();
  for (const change of changes) {
    const state = change.after ?? change.before;
    if (!state || state.declares !== undefined || state.family !== family) continue;
    const name = `${state.table} ${state.chain}`;
    const group = groups.get(name);
    if (group) group.push(change);
    else groups.set(name, [change]);
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
