/** What we say of rules for packets that a host sends, and what a kernel does with them: nft and both back ends of iptables. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { FilteredPacket } from "../../src/lvs/filtered-packet.ts";
import { asNft } from "../../src/lvs/iptables-as-nft.ts";
import { parseIptablesSave } from "../../src/lvs/iptables-words.ts";
import { type NftRuleset, parseNftRuleset } from "../../src/lvs/nft-ruleset.ts";
import { whatDrops } from "../../src/lvs/nft-verdict.ts";
import { shareOf } from "../helpers/long-run.ts";
import { inHost, isDropped, isKeptIn, makeNamespaces, removeNamespaces } from "./two-namespaces.ts";

beforeAll(makeNamespaces);
afterAll(removeNamespaces);
afterEach(() => {
  inHost("nft", "flush ruleset");
  for (const table of ["raw", "mangle", "filter", "security"])
    inHost("sh", "-ec", `iptables-legacy -t ${table} -F; iptables-legacy -t ${table} -P OUTPUT ACCEPT`);
});

const [HOST, PEER] = ["10.0.0.1", "10.0.0.9"];
const request = (port: number): FilteredPacket => ({
  ...{ hook: "output", family: 4, protocol: "tcp", destination: PEER, destinationPort: port, isFirst: true },
  clientEnd: "source",
});
const reply = (port: number): FilteredPacket => ({
  ...{ hook: "output", family: 4, protocol: "tcp", source: HOST, sourcePort: port, destination: PEER, isFirst: false },
  clientEnd: "destination",
});

/** A request of the host to a port of its peer, or its reply from one of its own ports, and what we say of it. */
type Said = readonly ["request to" | "reply from", port: number, "drops" | "passes or unknown"];

function agrees(ruleset: NftRuleset, [what, port, said]: Said): void {
  const isSent = what === "request to";
  const isSaid = said === "drops";
  expect(whatDrops(ruleset, isSent ? request(port) : reply(port)) !== undefined).toBe(isSaid);
  expect(isSent ? isKeptIn(PEER, port, isSaid) : isDropped(HOST, port, isSaid)).toBe(isSaid);
}

/** What follows the policy; of iptables and of nft. */
const RULES: Readonly<Record<string, readonly [iptables: string, nft: string, ...said: readonly Said[]]>> = {
  "a policy that drops, with the rules that hosts often have": [
    `*filter\n:OUTPUT DROP\n-A OUTPUT -o lo -j ACCEPT\n-A OUTPUT -p tcp -m tcp --dport 443 -j ACCEPT
-A OUTPUT -p tcp --sport 22 -j ACCEPT\nCOMMIT`,
    "policy drop; oif lo accept; tcp dport 443 accept; tcp sport 22 accept;",
    ["request to", 80, "drops"],
    ["request to", 443, "passes or unknown"],
    ["reply from", 80, "drops"],
    ["reply from", 22, "passes or unknown"],
  ],
  "ports of clients": [
    `*filter\n:OUTPUT DROP\n-A OUTPUT -p tcp --sport 1024:65535 --dport 80 -j ACCEPT\n-A OUTPUT -p tcp --dport 1:1023 -j ACCEPT
-A OUTPUT -p tcp --sport 81 --dport 2000:65535 -j ACCEPT\nCOMMIT`,
    `policy drop; tcp sport 1024-65535 tcp dport 80 accept; tcp dport 1-1023 accept; tcp sport 81 tcp dport 2000-65535 accept;`,
    ["request to", 80, "passes or unknown"],
    ["request to", 8080, "drops"],
    ["reply from", 80, "drops"],
    ["reply from", 81, "passes or unknown"],
  ],
  "a policy that drops, and what belongs to known connections accepted": [
    "*filter\n:OUTPUT DROP\n-A OUTPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\nCOMMIT",
    "policy drop; ct state established,related accept;",
    ["request to", 80, "drops"],
    ["reply from", 80, "passes or unknown"],
  ],
  "rules that drop some": [
    `*mangle\n-A OUTPUT -p tcp --sport 81 -j DROP\nCOMMIT\n*raw\n-A OUTPUT -d ${PEER} -p tcp --dport 82 -j DROP\nCOMMIT
*filter\n-A OUTPUT -o v0 -p tcp --dport 83 -j ACCEPT\n-A OUTPUT ! -o lo -p tcp --dport 84 -j DROP\nCOMMIT`,
    `policy accept; tcp sport 81 drop; ip daddr ${PEER} tcp dport 82 drop; oifname "v0" tcp dport 83 accept; oifname != "lo" tcp dport 84 drop;`,
    ["request to", 80, "passes or unknown"],
    ["reply from", 80, "passes or unknown"],
    ["reply from", 81, "drops"],
    ["request to", 82, "drops"],
    ["request to", 83, "passes or unknown"],
    ["request to", 84, "drops"],
  ],
};

const PROGRAMS = ["iptables-legacy", "iptables-nft", "nft"] as const;

describe.each(Object.entries(RULES))("%s", (_name, [iptables, nft, ...all]) => {
  it.each(PROGRAMS.slice(0, 2))("%s", (program) => {
    inHost("sh", "-ec", `printf '%s\\n' "$1" | ${program}-restore`, "sh", iptables);
    const isNft = program === "iptables-nft";
    const { tables } = parseIptablesSave(inHost(`${program}-save`));
    for (const said of shareOf(all, program, PROGRAMS)) agrees(asNft({ program, isNft, family: 4, tables }), said);
  });

  it("nft", () => {
    inHost("nft", `table inet t { chain o { type filter hook output priority 0; ${nft}\n}\n}`);
    const ruleset = parseNftRuleset(inHost("nft", "-j", "-t", "list", "ruleset")) ?? new Map();
    for (const said of shareOf(all, "nft", PROGRAMS)) agrees(ruleset, said);
  });
});

it("chains of nft's type route drop too, and the mangle table of iptables-nft is one", () => {
  inHost("iptables-nft", "-t", "mangle", "-A", "OUTPUT", "-p", "tcp", "--dport", "80", "-j", "DROP");
  const ruleset = parseNftRuleset(inHost("nft", "-j", "-t", "list", "ruleset")) ?? new Map();
  agrees(ruleset, ["request to", 80, "drops"]);
  agrees(ruleset, ["request to", 81, "passes or unknown"]);
});

it("of what IPVS sends nobody knows whether it is tracked", () => {
  const sent = { ...request(80), mayBeUntracked: true } as const;
  const judged = (rules: string) => {
    inHost("nft", `flush ruleset; table inet t { chain o { type filter hook output priority 0; ${rules}\n}\n}`);
    const ruleset = parseNftRuleset(inHost("nft", "-j", "-t", "list", "ruleset")) ?? new Map();
    return [sent, request(80)].map((packet) => whatDrops(ruleset, packet) !== undefined);
  };
  expect(judged("policy accept; ct state new drop;")).toEqual([false, true]);
  expect(judged("policy drop; ct state new,untracked accept;")).toEqual([false, false]);
  expect(judged("policy drop; ct state established accept;")).toEqual([true, true]);
});
