/** What `nft -j list ruleset` prints. Source: libnftables-json(5), and nft 1.0.6 itself. */

type Json = unknown;
type JsonObject = Readonly<Record<string, Json>>;

/** A chain of nf_tables with its rules. */
export interface NftChain {
  /** `inet`, `ip` or `ip6`; others see no IP packets. */
  readonly family: string;
  readonly table: string;
  readonly name: string;
  /** For a base chain: where packets enter it. */
  readonly hook?: string;
  readonly type?: string;
  /** Where it stands among the chains of its hook: the lowest comes first. */
  readonly prio?: number;
  readonly policy?: string;
  /** The iptables that has made it: `iptables-legacy`. */
  readonly program?: string;
  readonly rules: readonly NftRule[];
}

/** A rule: statements and matches, in order. */
export interface NftRule {
  readonly handle?: number | undefined;
  /** The same as iptables prints it, without `-A CHAIN`. */
  readonly words?: readonly string[];
  readonly expressions: readonly JsonObject[];
}

/** All chains of a host, by `chainName`. */
export type NftRuleset = ReadonlyMap<string, NftChain>;

/** `inet filter input`, as nft takes it. */
export function chainName({ family, table, name }: Pick<NftChain, "family" | "table" | "name">): string {
  return `${family} ${table} ${name}`;
}

/** Flags of tables with which their chains are called nevertheless. Source: nft(8). */
const ACTIVE_FLAGS = ["owner", "persist"];

/**
 * Parses the ruleset; undefined if it is none. Sets are left out: whoever asks for one gets no answer. So are tables that are or
 * may be switched off (`flags dormant`): nft 1.0.6 prints any flag as letters that mean nothing.
 */
export function parseNftRuleset(text: string): NftRuleset | undefined {
  const objects = listOf(fieldOf(parsed(text), "nftables"));
  if (objects === undefined) return undefined;
  const dormant = new Set(objects.flatMap((one) => objectsOf(fieldOf(one, "table"))).flatMap(nameIfDormant));
  const chains = new Map<string, NftChain & { readonly rules: NftRule[] }>();
  for (const chain of objects.flatMap((one) => objectsOf(fieldOf(one, "chain")))) {
    const { family, table, name, hook, type, prio, policy } = chain;
    if (dormant.has(`${family} ${table}`)) continue;
    const found = {
      ...{ family: String(family), table: String(table), name: String(name), rules: [] },
      ...(typeof hook === "string" ? { hook } : {}),
      ...(typeof type === "string" ? { type } : {}),
      ...(typeof prio === "number" ? { prio } : {}),
      ...(typeof policy === "string" ? { policy } : {}),
    };
    chains.set(chainName(found), found);
  }
  for (const rule of objects.flatMap((one) => objectsOf(fieldOf(one, "rule")))) {
    const name = `${rule["family"]} ${rule["table"]} ${rule["chain"]}`;
    const handle = typeof rule["handle"] === "number" ? rule["handle"] : undefined;
    chains.get(name)?.rules.push({ handle, expressions: (listOf(rule["expr"]) ?? []).flatMap(objectsOf) });
  }
  return chains;
}

/** One flag stands alone, several in a list. */
function nameIfDormant({ family, name, flags = [] }: JsonObject): readonly string[] {
  const all = listOf(flags) ?? [flags];
  return all.every((flag) => ACTIVE_FLAGS.includes(String(flag))) ? [] : [`${family} ${name}`];
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A field of an object; undefined if there is none, or no object. */
export function fieldOf(value: Json, name: string): Json {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The value if it is a list. */
export function listOf(value: Json): readonly Json[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

function objectsOf(value: Json): readonly JsonObject[] {
  return isObject(value) ? [value] : [];
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
