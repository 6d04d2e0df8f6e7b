/** Programs that list netfilter rules, IPVS services and tracked connections. */
import { type Check, grammar, number, plain, type Rule } from "./grammar.ts";

const table: Check = (word) => /^[a-z]{1,16}$/.test(word);
const chain: Check = (word) => /^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,63}$/.test(word);
const service: Check = (word) => /^[0-9A-Fa-f.:[\]]{1,64}$/.test(word);

/** iptables-save(8). Not -M, which names a program to run, and not -f, which names a file to write. */
const save = grammar({ flags: "c46", values: { t: table }, long: ["counters"], longValues: { table } });

/** iptables(8) with -S or -L, its chain and rule number. Not -Z, which also works together with -L. */
const list = grammar({
  flags: "SLnvxw46",
  values: { t: table, W: number },
  long: ["list", "list-rules", "numeric", "verbose", "exact", "line-numbers", "wait", "ipv4", "ipv6"],
  longValues: { table },
  operand: chain,
  maxOperands: 2,
  needs: ["S", "L", "list", "list-rules"],
});

/** arptables(8): the same in small. */
const listArp = grammar({ flags: "SLnv", values: { t: table }, operand: chain, maxOperands: 2, needs: ["S", "L"] });

/** ipvsadm(8) with -L or -S. */
const ipvsadm = grammar({
  flags: "LlSnc",
  values: { t: service, u: service, f: service },
  long: [
    "list",
    "save",
    "numeric",
    "connection",
    "stats",
    "rate",
    "thresholds",
    "timeout",
    "daemon",
    "persistent-conn",
    "exact",
    "sort",
    "nosort",
  ],
  longValues: { "tcp-service": service, "udp-service": service, "sctp-service": service, "fwmark-service": service },
  needs: ["L", "l", "S", "list", "save"],
});

const conntrack = grammar({
  flags: "LSC",
  values: { p: plain, s: plain, d: plain, f: plain, o: plain, r: plain, q: plain },
  long: ["dump", "stats", "count"],
  longValues: Object.fromEntries(
    [
      "proto",
      "src",
      "dst",
      "family",
      "output",
      "dport",
      "sport",
      "orig-port-dst",
      "orig-port-src",
      "reply-port-src",
      "reply-port-dst",
      "state",
    ].map((name) => [name, plain]),
  ),
  operand: plain,
  maxOperands: 1,
  needs: ["L", "S", "C", "dump", "stats", "count"],
});

export const netfilterRules: Readonly<Record<string, Rule>> = {
  ...forEach(["iptables", "ip6tables"], ["-save", "-legacy-save", "-nft-save"], save),
  ...forEach(["iptables", "ip6tables"], ["", "-legacy", "-nft"], list),
  ...forEach(["arptables"], ["-save", "-legacy-save", "-nft-save"], save),
  ...forEach(["arptables"], ["", "-legacy", "-nft"], listArp),
  ipvsadm,
  "ipvsadm-save": grammar({ flags: "n" }),
  nft,
  conntrack,
};

function forEach(programs: readonly string[], endings: readonly string[], rule: Rule): Readonly<Record<string, Rule>> {
  return Object.fromEntries(programs.flatMap((program) => endings.map((ending) => [program + ending, rule])));
}

/** nft(8) joins its words into a program: a word that could hold a semicolon or an option is refused. */
function nft(args: readonly string[]): boolean {
  const start = args.findIndex((word) => !["-a", "-n", "-nn", "-j", "-s", "-t", "-y"].includes(word));
  if (start < 0) return false;
  const [verb, ...rest] = args.slice(start);
  return verb === "list" && rest.every((word) => /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(word));
}
