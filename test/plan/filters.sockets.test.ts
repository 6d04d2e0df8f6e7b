/** What a plan says of the filters of a real host, for packets that it sends and forwards: read as a run reads it. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FilteredPacket } from "../../src/lvs/filtered-packet.ts";
import { judgedPlan } from "../../src/plan/judged-plan.ts";
import { kinds } from "../../src/resources/kinds.ts";
import { parseSurroundings, surroundingsReads } from "../../src/resources/surroundings.ts";
import { formatReadScript, parseReadOutput } from "../../src/shell/read-script.ts";
import { type ThrowAwayHost, throwAwayHost } from "../resources/throw-away-host.ts";

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

/** The host's filters of which a plan warns, after this script. */
async function warned(script: string, shell = ""): Promise<readonly string[]> {
  expect(await host.run(script)).toMatchObject({ status: 0 });
  const reads = formatReadScript(surroundingsReads([], kinds, PASSING), NONCE);
  const { stdout, stderr } = await host.run(`${shell} sh -s <<'END'\n${reads}END`);
  const outputs = parseReadOutput(stdout, stderr, NONCE) ?? new Map();
  const state = { host: "r", observed: new Map(), ledger: undefined };
  const surroundings = parseSurroundings(outputs, [], kinds, PASSING);
  const passing = new Map([["r", PASSING.map((packet) => ({ packet, service: "web" }))]]);
  const desired = { topology: "t", hosts: new Map([["r", []]]), passing };
  const plan = judgedPlan(desired, new Map([["r", { ...state, surroundings }]]), kinds, {});
  return (plan.warnings ?? []).map(({ description }) => description.replace(/^packet filter /, ""));
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
