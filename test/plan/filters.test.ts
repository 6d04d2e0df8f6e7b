/** A plan names the filter that would drop what it lets in, before traffic depends on it. */
import { describe, expect, it } from "vitest";
import type { HostState } from "../../src/plan/host-state.ts";
import { judgedPlan } from "../../src/plan/judged-plan.ts";
import { iptablesRule } from "../../src/resources/iptables/iptables-rule.ts";
import { kinds } from "../../src/resources/kinds.ts";
import { parseSurroundings, surroundingsReads } from "../../src/resources/surroundings.ts";

const context = { topology: "t", host: "lb1" };

const INPUT = [
  ["-d", "172.16.10.10", "-p", "tcp", "--dport", "80", "-j", "ACCEPT"],
  ["-d", "172.16.10.10", "-p", "udp", "--dport", "53", "-j", "ACCEPT"],
  ["-d", "172.16.20.20", "-p", "4", "-j", "ACCEPT"],
  ["-d", "172.16.10.10", "-p", "icmp", "--icmp-type", "3", "-j", "ACCEPT"],
];

function resources(rules: readonly (readonly string[])[], chain = "INPUT") {
  return rules
    .flatMap((rule) => iptablesRule.resolve({ table: "filter", chain, rule }, context))
    .map((state) => ({
      ...{ kind: "iptables-rule", key: iptablesRule.key(state), state, stage: "publish", why: "" },
      services: ["web"],
    })) as never[];
}

/** What a plan that lets these in warns of on a host whose nft printed this. */
function warnings(nft: { readonly stdout: string; readonly status: number }, wanted = resources(INPUT)) {
  const outputs = new Map([
    ["login", { stdout: "login 192.0.2.1 50022 10.0.0.2 22\nlooked\n", stderr: "", status: 0 }],
    ["nft-ruleset", { ...nft, stderr: "" }],
  ]);
  const surroundings = parseSurroundings(outputs, wanted, kinds);
  const observed = new Map([...kinds].map(([name, kind]) => [name, kind.bare()]));
  const state: HostState = { host: "lb1", observed, ledger: undefined, surroundings };
  const plan = judgedPlan({ topology: "t", hosts: new Map([["lb1", wanted]]) }, new Map([["lb1", state]]), kinds, {});
  return plan.warnings ?? [];
}

function ruleset(table: string, policy: string, ...expressions: readonly object[][]) {
  const chain = { family: "inet", table, name: "input", type: "filter", hook: "input", prio: 0, policy };
  const rules = expressions.map((expr, at) => ({
    rule: { family: "inet", table, chain: "input", handle: 7 + at, expr },
  }));
  return { status: 0, stdout: JSON.stringify({ nftables: [{ metainfo: {} }, { chain }, ...rules] }) };
}

const dport = (port: number) => ({
  match: { op: "==", left: { payload: { protocol: "tcp", field: "dport" } }, right: port },
});

describe("a plan", () => {
  it("names the chain whose policy drops what it lets in, and says how to let it in there", () => {
    expect(warnings(ruleset("filter", "drop", [dport(22), { accept: null }]))).toEqual([
      {
        host: "lb1",
        description: "packet filter inet filter input",
        message: expect.stringMatching(
          /^A packet filter on lb1 drops what the plan lets in: tcp to 172\.16\.10\.10:80, udp to 172\.16\.10\.10:53, ipencap to 172\.16\.20\.20\. It is the chain inet filter input of nf_tables, and its policy is drop\./,
        ),
        hint: expect.stringContaining(
          "nft insert rule inet filter input ip daddr 172.16.10.10 tcp dport 80 accept. Write it into the file",
        ),
      },
    ]);
  });

  it("names the rule that drops something", () => {
    const [found, ...more] = warnings(ruleset("filter", "accept", [dport(80), { drop: null }]));
    expect(more).toEqual([]);
    expect(found?.message).toContain(
      "its rule with the handle 7 drops or rejects them (nft -a list chain inet filter input shows it)",
    );
    expect(found?.message).not.toContain("udp");
  });

  it("tells firewalld's own way", () => {
    const [found] = warnings(ruleset("firewalld", "accept", [{ reject: { type: "icmpx", expr: "admin-prohibited" } }]));
    expect(found?.hint).toContain(
      `firewall-cmd --permanent --add-rich-rule='rule family="ipv4" destination address="172.16.10.10" port port="80" protocol="tcp" accept'`,
    );
  });

  it("says nothing of filters that let it in, or may do so", () => {
    expect(warnings(ruleset("filter", "accept"))).toEqual([]);
    expect(warnings(ruleset("filter", "drop", [{ limit: { rate: 5 } }, { accept: null }]))).toEqual([]);
    expect(warnings(ruleset("filter", "drop"), resources([["-s", "10.0.0.1", "-j", "DROP"]]))).toEqual([]);
  });

  it("says where the filters could not be read, and nothing on a host without nft", () => {
    expect(warnings({ stdout: "", status: 127 })).toEqual([]);
    expect(warnings({ stdout: "not JSON", status: 0 }).map(({ message }) => message)).toEqual([
      "It could not be checked on lb1 whether rules of nf_tables would drop the services' packets, because nft -j -t list ruleset failed there.",
    ]);
  });
});

it("nft is only asked on hosts where something is to be let in", () => {
  const names = (wanted: never[]) => surroundingsReads(wanted, kinds).map(({ name }) => name);
  expect(names(resources(INPUT))).toContain("nft-ruleset");
  expect(names(resources([["-s", "10.0.0.1", "-j", "DROP"]]))).not.toContain("nft-ruleset");
});
