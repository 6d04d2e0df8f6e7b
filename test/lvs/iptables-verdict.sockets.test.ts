/** What we say of the rules of both back ends of iptables, and what a kernel does with them. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { FilteredPacket } from "../../src/lvs/filtered-packet.ts";
import { asNft, type IptablesRules, withOwnChains, withWords } from "../../src/lvs/iptables-as-nft.ts";
import { parseIptablesSave } from "../../src/lvs/iptables-words.ts";
import { parseNftRuleset } from "../../src/lvs/nft-ruleset.ts";
import { type Culprit, whatDrops } from "../../src/lvs/nft-verdict.ts";
import { shareOf } from "../helpers/long-run.ts";
import { inHost, isDropped, makeNamespaces, removeNamespaces } from "./two-namespaces.ts";

beforeAll(makeNamespaces);
afterAll(removeNamespaces);

const BARE = `*raw\nCOMMIT\n*mangle\nCOMMIT\n*filter\n:INPUT ACCEPT\n:FORWARD ACCEPT\nCOMMIT\n*security\nCOMMIT\n`;

afterEach(() => {
  inHost("nft", "flush ruleset");
  for (const program of ["iptables-legacy", "ip6tables-legacy"])
    inHost("sh", "-ec", `printf %s "$1" | ${program}-restore`, "sh", BARE);
});

type Variant = "legacy" | "nft";

function rulesOf(variant: Variant, family: 4 | 6): IptablesRules {
  const program = `${family === 6 ? "ip6tables" : "iptables"}-${variant}`;
  return { program, isNft: variant === "nft", family, tables: parseIptablesSave(inHost(`${program}-save`)).tables };
}

/** By what each back end says, and for nf_tables by what nft says as well. */
function culprits(address: string, port: number): readonly Culprit[] {
  const family = address.includes(":") ? 6 : 4;
  const packet: FilteredPacket = {
    ...{ hook: "input", family, protocol: "tcp", destination: address, destinationPort: port, isFirst: true },
  };
  const ofNft = asNft(rulesOf("nft", family));
  const listed = parseNftRuleset(inHost("nft", "-j", "-t", "list", "ruleset")) ?? new Map();
  const found = [asNft(rulesOf("legacy", family)), ofNft, withWords(listed, ofNft)].map((one) =>
    whatDrops(one, packet),
  );
  expect(found[2]?.rule?.words).toEqual(found[1]?.rule?.words);
  return found.flatMap((one) => one ?? []);
}

const says = (address: string, port: number) => (culprits(address, port).length > 0 ? "drops" : "passes or unknown");

/** Rules, and for some addresses and ports what we are to say. The kernel is asked whether that is true. */
const RULES: Readonly<
  Record<string, readonly [rules: string, ...says: readonly (readonly [string, number, string])[]]>
> = {
  "a policy of DROP": [
    `*filter\n:INPUT DROP\n-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A INPUT -i lo -j ACCEPT
-A INPUT -p tcp -m multiport --dports 22,443 -j ACCEPT\nCOMMIT`,
    ["10.0.0.1", 80, "drops"],
    ["10.0.0.1", 443, "passes or unknown"],
  ],
  "a REJECT at the end, as on RHEL": [
    `*filter\n-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT\n-A INPUT -p icmp -j ACCEPT
-A INPUT -m state --state NEW -m tcp -p tcp --dport 22 -j ACCEPT\n-A INPUT -j REJECT --reject-with icmp-host-prohibited\nCOMMIT`,
    ["10.0.0.1", 22, "passes or unknown"],
    ["10.0.0.1", 80, "drops"],
  ],
  "tables before and behind filter": [
    `*raw\n-A PREROUTING -d 10.0.0.0/24 -p tcp --dport 81 -j DROP\nCOMMIT
*mangle\n-A PREROUTING -p tcp --dport 82 -j DROP\n-A INPUT -p tcp --dport 83 -j DROP\nCOMMIT
*security\n-A INPUT -p tcp --dport 84 -j DROP\nCOMMIT`,
    ["10.0.0.1", 80, "passes or unknown"],
    ["10.0.0.1", 81, "drops"],
    ["10.0.0.1", 82, "drops"],
    ["10.0.0.1", 83, "drops"],
    ["10.0.0.1", 84, "drops"],
  ],
  "negations, ranges, flags and lasting matches": [
    `*filter\n-A INPUT ! -d 10.0.0.1 -j DROP\n-A INPUT -p tcp --dport 8000:8099 -m comment --comment "-j DROP \\"x\\"" -j ACCEPT
-A INPUT -p tcp --syn --dport 81 -j DROP\n-A INPUT -p tcp --tcp-flags SYN,FIN SYN,FIN -j DROP
-A INPUT -m iprange --dst-range 10.0.0.1-10.0.0.3 -p tcp ! --dport 80:90 -j DROP\nCOMMIT`,
    ["10.0.0.1", 80, "passes or unknown"],
    ["10.0.0.1", 81, "drops"],
    ["10.0.0.1", 8050, "passes or unknown"],
    ["10.0.0.1", 8100, "drops"],
  ],
  "chains that are jumped and gone to, and targets after which it goes on": [
    `*filter\n:LAST -\n:INNER -\n-A LAST -j DROP\n-A INNER -p tcp --dport 80 -j RETURN\n-A INNER -p tcp --dport 81 -j ACCEPT
-A INNER -g LAST\n-A INPUT -m limit --limit 3/min -j LOG\n-A INPUT -j MARK --set-mark 7\n-A INPUT -j INNER\nCOMMIT`,
    ["10.0.0.1", 80, "passes or unknown"],
    ["10.0.0.1", 81, "passes or unknown"],
    ["10.0.0.1", 82, "drops"],
  ],
  "a port range and a whole protocol": [
    `*raw\n-A PREROUTING -p udp -j DROP\n-A PREROUTING -p tcp --dport 100:200 -j DROP\nCOMMIT`,
    ["10.0.0.1", 99, "passes or unknown"],
    ["10.0.0.1", 200, "drops"],
  ],
};

/** Rules that may drop a packet or not, by what the tool does not know of it. */
const UNKNOWN = [
  ["a limit", ":INPUT DROP\n-A INPUT -p tcp -m limit --limit 1000/sec -j ACCEPT"],
  ["an interface", ":INPUT DROP\n-A INPUT -i v0 -j ACCEPT"],
  ["a mark", "-A INPUT -m mark --mark 7 -j DROP"],
  ["a source", "-A INPUT -s 192.0.2.1 -j DROP"],
  ["translated connections", "-A INPUT -m conntrack --ctstate INVALID,DNAT -j DROP"],
  ["the kind of an address", ":INPUT DROP\n-A INPUT -m addrtype --dst-type LOCAL -j ACCEPT"],
] as const;

const VARIANTS = ["legacy", "nft"] as const;

describe.each(VARIANTS)("iptables-%s", (variant) => {
  const load = (rules: string, program = "iptables") =>
    inHost("sh", "-ec", `printf '%s\\n' "$1" | ${program}-${variant}-restore`, "sh", rules);

  describe.each(Object.entries(RULES))("%s", (_name, [rules, ...all]) => {
    it.each(shareOf(all, variant, VARIANTS))("for %s port %i we say: it %s", (address, port, said) => {
      load(rules);
      expect(says(address, port)).toBe(said);
      expect(isDropped(address, port, said === "drops")).toBe(said === "drops");
    });
  });

  it.each([
    ["2001:db8::1", 80, "drops"],
    ["2001:db8::1", 443, "passes or unknown"],
  ] as const)("with ip6tables, for %s port %i we say: it %s", (address, port, said) => {
    load(
      "*filter\n:INPUT DROP\n-A INPUT -p ipv6-icmp -j ACCEPT\n-A INPUT -d 2001:db8::/64 -p tcp --dport 443 -j ACCEPT\nCOMMIT",
      "ip6tables",
    );
    expect(says(address, port)).toBe(said);
    expect(isDropped(address, port, said === "drops")).toBe(said === "drops");
  });

  it.each(shareOf(UNKNOWN, variant, VARIANTS))("of %s nothing is said, and the packet passes", (_name, rules) => {
    load(`*filter\n${rules}\nCOMMIT`);
    expect(says("10.0.0.1", 80)).toBe("passes or unknown");
    expect(isDropped("10.0.0.1", 80, false)).toBe(false);
  });

  it("what chains of ours accept passes, unless another table or a rule before the jump drops it", () => {
    const ours = ":LVSCTL-t-INPUT -\n-A LVSCTL-t-INPUT -d 10.0.0.1 -p tcp --dport 80:89 -j ACCEPT";
    load(
      `*filter\n:INPUT DROP\n${ours}\n-A INPUT -p tcp --dport 81 -j DROP\n-A INPUT -j LVSCTL-t-INPUT\nCOMMIT
*mangle\n-A INPUT -p tcp --dport 82 -j DROP\nCOMMIT`,
    );
    const ruleset = withOwnChains(asNft(rulesOf(variant, 4)), 4, new Set(["LVSCTL-t-INPUT"]));
    for (const [port, said] of [
      [80, undefined],
      [81, "filter"],
      [82, "mangle"],
    ] as const) {
      const packet = { destination: "10.0.0.1", destinationPort: port, protocol: "tcp", isFirst: true } as const;
      expect(whatDrops(ruleset, { hook: "input", family: 4, ...packet })?.chain.table).toBe(said);
      expect(isDropped("10.0.0.1", port, said !== undefined)).toBe(said !== undefined);
    }
  });
});

it("what nft has written into a table of iptables is taken as nft says it: iptables-nft shows less of it", () => {
  inHost("nft", "add table ip raw; add chain ip raw PREROUTING { type filter hook prerouting priority -300; }");
  inHost("nft", "add rule ip raw PREROUTING tcp dport { 81, 82 } counter drop");
  inHost("nft", "add rule ip raw PREROUTING tcp dport { 83, 84 } drop");
  const saved = asNft(rulesOf("nft", 4));
  const listed = parseNftRuleset(inHost("nft", "-j", "-t", "list", "ruleset")) ?? new Map();
  const dropped = (port: number) => {
    const packet = { destination: "10.0.0.1", destinationPort: port, protocol: "tcp", isFirst: true } as const;
    return whatDrops(withWords(listed, saved), { hook: "input", family: 4, ...packet }) !== undefined;
  };
  expect([80, 81, 84].map(dropped)).toEqual([false, true, true]);
  expect([80, 81, 84].map((port) => isDropped("10.0.0.1", port, port !== 80))).toEqual([false, true, true]);
});
