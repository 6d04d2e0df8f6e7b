/** What we say of a ruleset, and what a kernel does with it: real rulesets, real packets, in two network namespaces. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FilteredPacket } from "../../src/lvs/filtered-packet.ts";
import { parseNftRuleset } from "../../src/lvs/nft-ruleset.ts";
import { whatDrops } from "../../src/lvs/nft-verdict.ts";
import { inHost, isDropped, makeNamespaces, removeNamespaces } from "./two-namespaces.ts";

beforeAll(makeNamespaces);
afterAll(removeNamespaces);

function verdict(address: string, port: number): "drops" | "passes or unknown" {
  const family = address.includes(":") ? 6 : 4;
  const packet: FilteredPacket = {
    ...{ hook: "input", family, protocol: "tcp", destination: address, destinationPort: port, isFirst: true },
  };
  const ruleset = parseNftRuleset(inHost("nft", "-j", "-t", "list", "ruleset"));
  expect(ruleset).toBeDefined();
  return ruleset !== undefined && whatDrops(ruleset, packet) !== undefined ? "drops" : "passes or unknown";
}

const base = "type filter hook input priority 0;";
const ndp = "meta l4proto ipv6-icmp accept";

/** A ruleset, and for some addresses and ports what we are to say. The kernel is asked whether that is true. */
const RULESETS: Readonly<
  Record<string, readonly [rules: string, ...says: readonly (readonly [string, number, string])[]]>
> = {
  "a policy of drop": [
    `chain input { ${base} policy drop; ct state established,related accept; tcp dport { 22, 443 } accept; ${ndp}; }`,
    ["10.0.0.1", 80, "drops"],
    ["10.0.0.1", 22, "passes or unknown"],
    ["2001:db8::1", 80, "drops"],
    ["2001:db8::1", 443, "passes or unknown"],
  ],
  "a reject at the end of a chain that is jumped to": [
    `chain zone { ip daddr 10.0.0.0/24 tcp dport 8000-8099 accept; reject with icmpx type admin-prohibited; }
     chain input { ${base} policy accept; ${ndp}; iif lo accept; jump zone; }`,
    ["10.0.0.1", 8050, "passes or unknown"],
    ["10.0.0.1", 8100, "drops"],
    ["2001:db8::1", 8050, "drops"],
  ],
  "verdict maps, as in the manual": [
    `chain input { ${base} policy drop; ct state vmap { established : accept, related : accept, invalid : drop };
     tcp dport vmap { 22 : accept, 23 : drop, 100-200 : accept }; ${ndp}; }`,
    ["10.0.0.1", 22, "passes or unknown"],
    ["10.0.0.1", 23, "drops"],
    ["10.0.0.1", 150, "passes or unknown"],
    ["10.0.0.1", 201, "drops"],
  ],
  "negations and masks": [
    `chain input { ${base} policy accept; ip daddr != 10.0.0.1 accept; tcp flags & (fin|syn|rst|ack) == syn tcp dport 81 drop;
     tcp flags & (fin|syn) == (fin|syn) drop;
     meta nfproto ipv4 tcp dport != { 80, 82 } drop; }`,
    ["10.0.0.1", 80, "passes or unknown"],
    ["10.0.0.1", 81, "drops"],
    ["10.0.0.1", 83, "drops"],
    ["2001:db8::1", 83, "passes or unknown"],
  ],
  "return and goto": [
    `chain last { drop; }
     chain inner { tcp dport 80 return; tcp dport 81 accept; goto last; }
     chain input { ${base} policy accept; ${ndp}; jump inner; }`,
    ["10.0.0.1", 80, "passes or unknown"],
    ["10.0.0.1", 81, "passes or unknown"],
    ["10.0.0.1", 82, "drops"],
  ],
  "a drop before routing": [
    `chain early { type filter hook prerouting priority raw; tcp dport 80 drop; }`,
    ["10.0.0.1", 80, "drops"],
    ["10.0.0.1", 81, "passes or unknown"],
  ],
  "a table that is switched off": [
    `flags dormant; chain input { ${base} policy drop; tcp dport 80 drop; }`,
    ["10.0.0.1", 80, "passes or unknown"],
    ["10.0.0.1", 81, "passes or unknown"],
  ],
};

describe.each(Object.entries(RULESETS))("%s", (_name, [rules, ...says]) => {
  it.each(says)("for %s port %i we say: it %s", (address, port, said) => {
    inHost("nft", `flush ruleset; table inet t {\n${rules}\n}`);
    expect(verdict(address, port)).toBe(said);
    expect(isDropped(address, port, said === "drops")).toBe(said === "drops");
  });
});

describe("what cannot be told", () => {
  it.each([
    [
      "a named set",
      `set open { type inet_service; elements = { 80 }; }\nchain input { ${base} policy drop; tcp dport @open accept; }`,
    ],
    ["an interface", `chain input { ${base} policy drop; iifname "v0" accept; }`],
    ["a limit", `chain input { ${base} policy drop; tcp dport 80 limit rate 1000/second accept; }`],
    ["a mark", `chain input { ${base} policy accept; meta mark 7 drop; }`],
    [
      "connections that are not tracked",
      `chain early { type filter hook prerouting priority raw; notrack; }
       chain input { ${base} policy drop; ct state untracked accept; }`,
    ],
  ])("%s: nothing is said, and the packet passes", (_name, rules) => {
    inHost("nft", `flush ruleset; table inet t {\n${rules}\n}`);
    expect(verdict("10.0.0.1", 80)).toBe("passes or unknown");
    expect(isDropped("10.0.0.1", 80, false)).toBe(false);
  });
});
