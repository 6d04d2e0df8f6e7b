/** All hosts of a subnet agree on its prefix length. */
import { andList } from "../../errors/and-list.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { asking, contains, formatCidr, wholeAddress } from "../../net/address.ts";
import type { Draft } from "../draft.ts";
import { isInnerBridge } from "../inner-bridge.ts";
import { interfaceAddressPath } from "../interface-address-path.ts";
import type { OddPrefix, WrittenAddress } from "../odd-prefixes.ts";

/** The most hosts that one message names. */
const MANY = 12;

/** LVS-CONFIG-029, once for each pair with a bridge within a host, and for all others once where subnets lie inside one another, with all hosts that differ from the others. */
export function* prefixLengths(draft: Draft): Iterable<LvsctlError> {
  for (const [first, ...others] of grouped(draft.oddPrefixes, groupOf)) {
    const address = draft.addresses
      .get(first.odd.host)
      ?.find((one) => one.interface === first.odd.interface && one.address === first.odd.address);
    if (address === undefined) continue;
    if (bridgeOf(first) !== undefined) {
      yield draft.problem("LVS-CONFIG-029", interfaceAddressPath(draft, address), besideBridge(first));
      continue;
    }
    const disagreeing = grouped(
      [first, ...others],
      ({ odd, other }) => `${odd.prefix > other.prefix} ${other.network}`,
    );
    const message = `${disagreeing.map(sentenceOf).join(" ")} Where hosts disagree on the size of a subnet, some of them look for others ${asking(first.odd.address)} where a router would be needed.`;
    const names = [...new Set([first, ...others].flatMap(({ odd, other }) => [odd.network, other.network]))];
    const onPurpose = [first, ...others].every((pair) => canDiffer(draft, pair))
      ? ` Or, if they differ on purpose, list all of them under one name in \`networks\`: \`{ lan: [${names.join(", ")}] }\`.`
      : "";
    const hint = `Use one prefix length: ${adviceOf([first, ...others])}.${onPurpose}`;
    yield draft.problem("LVS-CONFIG-029", interfaceAddressPath(draft, address), { message, hint });
  }
}

/** Whether nobody in the wider network is outside of the narrower one, so that all find each other. */
function canDiffer({ addresses }: Draft, { odd, other }: OddPrefix): boolean {
  const [narrow, wide] = odd.prefix > other.prefix ? [odd, other] : [other, odd];
  const inside = [...addresses.values()].flat().filter((one) => contains(wide, wholeAddress(one)));
  return inside.every((one) => contains(narrow, wholeAddress(one)));
}

function groupOf(pair: OddPrefix): string {
  const bridge = bridgeOf(pair);
  return bridge === undefined
    ? pair.whole
    : `${pair.whole} ${bridge.interface} ${pair.other.network} ${pair.odd.network}`;
}

/** The one of the two that leads to nobody outside of its host. */
function bridgeOf({ odd, other }: OddPrefix): WrittenAddress | undefined {
  return [odd, other].find((one) => isInnerBridge(one.interface));
}

/** Two subnets that only look like one: the bridge's is not that of the other host. */
function besideBridge(pair: OddPrefix): { readonly message: string; readonly hint: string } {
  const bridge = bridgeOf(pair) ?? pair.odd;
  const far = bridge === pair.odd ? pair.other : pair.odd;
  const there = `"${bridge.host}" has ${bridge.network} on ${bridge.interface}, by its name a bridge within the host, and "${far.host}" has ${far.network} on ${far.interface}`;
  if (isInnerBridge(far.interface)) {
    return {
      message: `${there}, which is another bridge. lvsctl would take them for one subnet.`,
      hint: `Leave out ${andList([...new Set([bridge.interface, far.interface])])}: only interfaces that services use belong here.`,
    };
  }
  return {
    message: `${there}. Where both contain an address, "${bridge.host}" looks for it on ${bridge.interface}, and does not reach "${far.host}".`,
    hint: `Give ${bridge.interface} of "${bridge.host}" another network (Docker's: \`bip\` in /etc/docker/daemon.json), and leave it out here: only interfaces that services use belong here.`,
  };
}

/** Those that disagree with the same other subnet. */
function sentenceOf(all: readonly [OddPrefix, ...OddPrefix[]]): string {
  const [{ odd: first, other }] = all;
  const own = few(all.map(({ odd }) => `"${odd.host}" has ${odd.network} on ${odd.interface}`));
  const [holds, lies] = all.length > 1 ? ["holds them", "lies inside them"] : ["holds it", "lies inside it"];
  const how = first.prefix > other.prefix ? holds : lies;
  return `${andList(own)}, and "${other.host}" has ${other.network} on ${other.interface}, which ${how}.`;
}

function adviceOf([first, ...others]: readonly [OddPrefix, ...OddPrefix[]]): string {
  if (others.length === 0) return `${formatCidr(first.better)} here, if ${first.other.network} is right`;
  const each = few([first, ...others].map(({ odd, better }) => `${formatCidr(better)} on "${odd.host}"`));
  const right = [...new Set([first, ...others].map(({ other }) => other.network))];
  return `${andList(each)}, if ${andList(right)} ${right.length > 1 ? "are" : "is"} right`;
}

function few(texts: readonly string[]): readonly string[] {
  return texts.length > MANY ? [...texts.slice(0, MANY), `${texts.length - MANY} more`] : texts;
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): readonly (readonly [T, ...T[]])[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const one of all) {
    const others = groups.get(keyOf(one));
    if (others === undefined) groups.set(keyOf(one), [one]);
    else others.push(one);
  }
  return [...groups.values()];
}
