/** What nf_tables does with a packet: which chain is sure to drop it. Pure. */
import { type FilteredPacket, seenAt } from "./filtered-packet.ts";
import { and, matches, matchesKey, type Truth } from "./nft-match.ts";
import { chainName, fieldOf, listOf, type NftChain, type NftRule, type NftRuleset } from "./nft-ruleset.ts";

/** What drops a packet. */
export interface Culprit {
  readonly chain: Pick<NftChain, "family" | "table" | "name" | "program">;
  /** The rule that drops it; undefined if it is the chain's policy. */
  readonly rule?: Pick<NftRule, "handle" | "words">;
}

/** What may become of a packet in a chain. */
interface Outcome {
  mayPass: boolean;
  /** It may come to the end of the chain without a verdict. */
  mayFall: boolean;
  drops?: Culprit;
}

type Json = unknown;

/** Targets of iptables after which a packet goes on to the next rule. */
const GOES_ON = new Set([
  ...[
    "AUDIT",
    "CHECKSUM",
    "CLASSIFY",
    "CONNMARK",
    "CONNSECMARK",
    "CT",
    "DSCP",
    "ECN",
    "HL",
    "HMARK",
    "IDLETIMER",
    "LED",
  ],
  ...["LOG", "MARK", "NFLOG", "NOTRACK", "RATEEST", "SECMARK", "SET", "TCPMSS", "TCPOPTSTRIP", "TEE", "TOS", "TRACE"],
  ...["TTL", "ULOG"],
]);

/** No ruleset that the kernel accepts jumps deeper. */
const DEEPEST = 16;

/** What is sure to drop the packet; undefined if nothing is, as far as can be told. */
export function whatDrops(ruleset: NftRuleset, packet: FilteredPacket): Culprit | undefined {
  const families = ["inet", packet.family === 6 ? "ip6" : "ip"];
  for (const chain of ruleset.values()) {
    const seen =
      chain.type === "filter" || chain.type === "route" ? seenAt(chain.hook ?? "", chain.prio, packet) : undefined;
    if (seen === undefined || !families.includes(chain.family)) continue;
    const { mayPass, mayFall, drops } = walk(chain, ruleset, seen, 0);
    if (mayPass || (mayFall && chain.policy !== "drop")) continue;
    return mayFall ? { chain } : drops;
  }
  return undefined;
}

function walk(chain: NftChain, ruleset: NftRuleset, packet: FilteredPacket, depth: number): Outcome {
  const outcome: Outcome = { mayPass: false, mayFall: false };
  if (depth > DEEPEST) return { mayPass: true, mayFall: true };
  for (const rule of chain.rules) {
    for (const { verdict, truth } of verdictsOf(rule, packet)) {
      if (truth === "no") continue;
      const goesOn = apply(verdict, { outcome, chain, rule, ruleset, packet, depth });
      if (!goesOn && truth === "yes") return outcome;
    }
  }
  outcome.mayFall = true;
  return outcome;
}

/** Adds what a verdict can lead to. Returns whether the packet may still go on to the next rule. */
function apply(
  verdict: Json,
  at: {
    readonly outcome: Outcome;
    readonly chain: NftChain;
    readonly rule: NftRule;
    readonly ruleset: NftRuleset;
    readonly packet: FilteredPacket;
    readonly depth: number;
  },
): boolean {
  const { outcome, chain, rule, ruleset, packet, depth } = at;
  const has = (name: string) => fieldOf(verdict, name) !== undefined;
  if (has("drop") || has("reject") || targetOf(verdict) === "REJECT") {
    outcome.drops ??= { chain, rule };
    return false;
  }
  if (has("return")) {
    outcome.mayFall = true;
    return false;
  }
  const target = fieldOf(fieldOf(verdict, "jump"), "target") ?? fieldOf(fieldOf(verdict, "goto"), "target");
  const next = ruleset.get(chainName({ ...chain, name: String(target) }));
  if (target === undefined || next === undefined) {
    if (has("continue")) return true;
    outcome.mayPass = true; // Accepted, or handed to something that we do not know.
    return false;
  }
  const inner = walk(next, ruleset, packet, depth + 1);
  outcome.mayPass ||= inner.mayPass;
  if (inner.drops !== undefined) outcome.drops ??= inner.drops;
  if (has("jump")) return inner.mayFall;
  outcome.mayFall ||= inner.mayFall;
  return false;
}

/** The verdicts that a rule may give, in order, and whether the packet gets that far; none if it gives none. */
function verdictsOf(
  { expressions }: NftRule,
  packet: FilteredPacket,
): readonly { readonly verdict: Json; readonly truth: Truth }[] {
  let truth: Truth = "yes";
  for (const expression of expressions) {
    const map = fieldOf(expression, "vmap");
    if (map !== undefined) return fromMap(map, packet, truth);
    if (isVerdict(expression)) return [{ verdict: expression, truth }];
    truth = and(truth, matches(expression, packet));
  }
  return [];
}

function fromMap(map: Json, packet: FilteredPacket, truth: Truth): ReturnType<typeof verdictsOf> {
  const elements = listOf(fieldOf(fieldOf(map, "data"), "set"));
  if (elements === undefined)
    return ["accept", "drop"].map((name) => ({ verdict: { [name]: null }, truth: and(truth, "maybe") }));
  return elements.flatMap((element) => {
    const [key, verdict] = listOf(element) ?? [];
    return [{ verdict, truth: and(truth, matchesKey(fieldOf(map, "key"), key, packet)) }];
  });
}

function isVerdict(expression: Json): boolean {
  const target = targetOf(expression);
  if (target !== undefined) return !GOES_ON.has(target);
  return ["accept", "drop", "reject", "return", "jump", "goto", "continue", "queue", "synproxy"].some(
    (name) => fieldOf(expression, name) !== undefined,
  );
}

/** The target of iptables that nf_tables calls; an expression of nft itself has none. */
function targetOf(expression: Json): string | undefined {
  const xt = fieldOf(expression, "xt");
  return xt === undefined || fieldOf(xt, "type") === "match" ? undefined : String(fieldOf(xt, "name"));
}
