/** Programs that list netfilter and ARP rules, and the IPVS table. */
import { type Check, grammar, type Rule } from "./grammar.ts";

const table: Check = (word) => /^[a-z]{1,16}$/.test(word);
const chain: Check = (word) => /^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,63}$/.test(word);

/** iptables-save(8). Not -M, which names a program to run, and not -f, which names a file to write. */
const save = grammar({ flags: "c", values: { t: table } });

/** arptables(8) with -L. Not -Z, which can be combined with it. */
const listArp = grammar({ flags: "Lnv", operand: chain, maxOperands: 1, needs: ["L"] });

/** ipvsadm(8) with -L or -S. Not -Z and the like, which can be combined with them. */
const ipvsadm = grammar({
  flags: "LSnc",
  long: ["stats", "rate", "thresholds", "timeout", "exact"],
  needs: ["L", "S"],
});

/** By program. */
export const netfilterRules: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(
    ["iptables", "ip6tables"].flatMap((program) =>
      ["-save", "-legacy-save", "-nft-save"].map((variant) => [program + variant, save]),
    ),
  ),
  "arptables-nft-save": save,
  arptables: listArp,
  "arptables-legacy": listArp,
  ipvsadm,
};
