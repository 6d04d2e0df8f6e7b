/** What a plan says of the filters of a real host, for packets that it sends and forwards: read as a run reads it. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FilteredPacket } from "../../src/lvs/filtered-packet.ts";
import { judgedPlan } from "../../src/plan/judged-plan.ts";
import { iptablesRule } from "../../src/resources/iptables/iptables-rule.ts";
import { kinds } from "../../src/resources/kinds.ts";
import { formatReadScript, parseReadOutput, type ReadCommand } from "../../src/shell/read-script.ts";
import { readHostState } from "../../src/transaction/shell/observe.ts";
import { readOnly } from "../../src/transport/guard.ts";
import type { Transport } from "../../src/transport/transport.ts";
import { statesOf } from "../resources/there-and-back.ts";
import { context, type ThrowAwayHost, throwAwayHost } from "../resources/throw-away-host.ts";

const NONCE = "filters0nonce";
const BARRED = "setpriv --bounding-set -net_admin --inh-caps -net_admin";
const common = { protocol: "tcp", destinationPort: 80, isFirst: true, clientEnd: "source" } as const;
const PASSING: readonly FilteredPacket[] = [
  { hook: "forward", family: 4, destination: "172.16.10.10", ...common },
  { hook: "output", family: 4, destination: "172.16.10.20", ...common, mayBeUntracked: true },
  { hook: "output", family: 6, destination: "2001:db8::20", ...common },
];

let host: ThrowAwayHost;
beforeEach(async () => {
  host = await throwAwayHost();
});
afterEach(() => host.end());

/** A login to the host that may only read. */
function reading(shell: string): Transport {
  const read = async (commands: readonly ReadCommand[]) => {
    expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length);
    const { stdout, stderr } = await host.run(`${shell} sh -s <<'END'\n${formatReadScript(commands, NONCE)}END`);
    return parseReadOutput(stdout, stderr, NONCE) ?? new Map();
  };
  const run = () => Promise.reject(new Error("nothing is changed here"));
  return readOnly({ host: context.host, execs: 0, run, read, close: async () => {} });
}

/** The host's filters of which a plan warns, after this script. `rules`: what the plan has in our own chain of OUTPUT. */
async function warned(script: string, shell = "", rules: readonly string[] = []): Promise<readonly string[]> {
  expect(await host.run(script)).toMatchObject({ status: 0 });
  const written = rules.map((rule) => ({ table: "filter", chain: "OUTPUT", rule: rule.split(" ") }));
  const wanted = statesOf(iptablesRule, written).map((state) => ({
    ...{ kind: "iptables-rule", key: iptablesRule.key(state), state },
    ...({ stage: "publish", why: "", services: ["web"] } as const),
  }));
  const { topology, host: name } = context;
  const state = await readHostState(reading(shell), { wanted, topology, kinds, passing: PASSING });
  const passing = new Map([[name, PASSING.map((packet) => ({ packet, service: "web" }))]]);
  const plan = judgedPlan({ topology, hosts: new Map([[name, wanted]]), passing }, new Map([[name, state]]), kinds, {});
  const found = (plan.warnings ?? []).filter(({ description }) => description.startsWith("packet filter"));
  return found.map(({ description }) => description.replace(/^packet filter /, ""));
}

describe.each(["legacy", "nft"])("of iptables-%s", (variant) => {
  test.each([
    ["no rules at all", ":", []],
    ["a policy of FORWARD", "iptables-V -P FORWARD DROP", ["iptables-V -t filter FORWARD"]],
    [
      "a policy of OUTPUT",
      "iptables-V -P OUTPUT DROP; iptables-V -A OUTPUT -o lo -j ACCEPT",
      ["iptables-V -t filter OUTPUT"],
    ],
    ["IPv6 alone", "ip6tables-V -A OUTPUT -p tcp --dport 80 -j REJECT", ["ip6tables-V -t filter OUTPUT"]],
    ["another table", "iptables-V -t mangle -A OUTPUT -p tcp --dport 80 -j DROP", ["iptables-V -t mangle OUTPUT"]],
    ["a rule for others", "iptables-V -A FORWARD -d 172.16.10.11 -j DROP; iptables-V -P INPUT DROP", []],
    [
      "a policy that an exception goes round",
      "iptables-V -P FORWARD DROP; iptables-V -A FORWARD -d 172.16.10.0/24 -p tcp --dport 80 -j ACCEPT",
      [],
    ],
  ])("%s", async (_name, script, expected) => {
    const own = (text: string) => text.replaceAll("-V", `-${variant}`);
    expect(await warned(own(script))).toEqual(expected.map(own));
  });
});

test.each(["legacy", "nft"])("of iptables-%s beside rules of the topology, which come first", async (variant) => {
  const drop = `iptables-${variant} -P OUTPUT DROP`;
  expect(await warned(drop, "", ["-d 172.16.10.21 -j ACCEPT"])).toEqual([`iptables-${variant} -t filter OUTPUT`]);
  expect(await warned(drop, "", ["-d 172.16.10.20 -j ACCEPT"])).toEqual([]);
});

test("of nft", async () => {
  const chain = (hook: string, rules: string) => `nft -f - <<'END'\ntable inet t { chain ${hook} {
type filter hook ${hook} priority 0; ${rules}\n}\n}\nEND`;
  expect(await warned(chain("output", "policy drop; ip daddr 172.16.10.0/24 accept"))).toEqual(["inet t output"]);
  expect(await warned(chain("forward", "policy accept; ct state established accept; tcp dport 81 drop"))).toEqual([
    "inet t output",
  ]);
});

test("of what nobody may read, nothing is said where nothing changes", async () => {
  expect(await warned("iptables-nft -P OUTPUT DROP", BARRED)).toEqual([]);
});
