/**
 * ARP filter rules as arptables(8) prints and takes them: `-L -n` of arptables-legacy 0.0.4 and 0.0.5 and arptables-nft 1.8,
 * and `arptables-nft-save`.
 */

/** What a rule says after the chain, in the order in which arptables-nft-save prints it. */
export interface ArpRule {
  /** DROP, ACCEPT, mangle, or a chain. */
  readonly target: string;
  /** The sender's address, or a network. */
  readonly source?: string;
  /** The target address of the request or reply, or a network. */
  readonly destination?: string;
  /** What target `mangle` writes over the sender's address. */
  readonly mangleSource?: string;
}

/** A table's rules in order, by chain, empty chains included. A rule with words that we never use is `undefined`. */
export type ArpChains = ReadonlyMap<string, readonly (ArpRule | undefined)[]>;

/** Parses a listing or a saved table. Other lines, such as warnings, are skipped. */
export function parseArptables(text: string): ArpChains {
  const chains = new Map<string, (ArpRule | undefined)[]>();
  let current = "";
  for (const line of text.split("\n")) {
    const [, listed] = /^Chain (\S+) \(/.exec(line) ?? [];
    const [, declared] = /^:(\S+) /.exec(line) ?? [];
    const [, owner, saved] = /^-A (\S+) (.*)$/.exec(line) ?? [];
    const opened = listed ?? declared ?? owner;
    if (opened !== undefined) {
      current = opened;
      if (!chains.has(current)) chains.set(current, []);
    }
    const words = saved ?? (current !== "" && /^-(?!A )/.test(line) ? line : undefined);
    if (words !== undefined) chains.get(current)?.push(parseArpRule(words.trim().split(/\s+/)));
  }
  return chains;
}

/** What some versions print for every rule although it restricts nothing: the length of Ethernet addresses, any interface. */
const ANYTHING: ReadonlySet<string> = new Set(["--h-length 6", "--h-type 1", "--h-type Ethernet", "-i *", "-o *"]);

function parseArpRule(words: readonly string[]): ArpRule | undefined {
  const values = new Map<string, string>();
  for (let at = 0; at < words.length; at += 2) {
    const [name = "", value = ""] = words.slice(at, at + 2);
    if (!ANYTHING.has(`${name} ${value}`)) values.set(name, value);
  }
  const [target, source, destination, mangleSource] = ["-j", "-s", "-d", "--mangle-ip-s"].map((name) => {
    const value = values.get(name);
    values.delete(name);
    return value?.replace(/\/32$/, "");
  });
  if (target === undefined || values.size > 0) return undefined;
  return {
    target,
    ...(source === undefined ? {} : { source }),
    ...(destination === undefined ? {} : { destination }),
    ...(mangleSource === undefined ? {} : { mangleSource }),
  };
}

/** An extended regular expression for the listed rule that jumps to this chain, whatever the packet. */
export function arpJumpPattern(chain: string): string {
  const anything = [...ANYTHING].map((words) => words.replaceAll("*", "[*]")).join("|");
  return `^((${anything}) )*-j ${chain}( (${anything}))* *$`;
}

/** The words of a rule for `arptables -A CHAIN` and `-D CHAIN`. */
export function arpRuleArguments({ target, source, destination, mangleSource }: ArpRule): readonly string[] {
  return [
    ...(source === undefined ? [] : ["-s", source]),
    ...(destination === undefined ? [] : ["-d", destination]),
    ...["-j", target],
    ...(mangleSource === undefined ? [] : ["--mangle-ip-s", mangleSource]),
  ];
}
