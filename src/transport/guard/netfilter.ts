/** Programs that list netfilter and ARP rules, and the IPVS table. */
import { grammar, type Rule } from "./grammar.ts";

/** iptables-save(8). Its options are not needed: -M names a program to run, and -f a file to write. */
const save = grammar({});

/** arptables(8) with -L. Not -Z, which can be combined with it. */
const listArp = grammar({ flags: "Ln", needs: ["L"] });

/** ipvsadm(8) with -L or -S. Not -Z and the like, which can be combined with them. */
const ipvsadm = grammar({
  flags: "LSn",
  long: ["stats", "thresholds", "timeout", "exact"],
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
