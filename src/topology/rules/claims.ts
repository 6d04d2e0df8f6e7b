/** Packets that two services claim: by two marks, or by the mark of one and the address and port of the other. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { type PortRange, portRange, portsMeet } from "../../lvs/port-range.ts";
import { entryOf } from "../../lvs/service-name.ts";
import { addressLength, type Cidr, formatCidr, networkOf, parseCidr, wholeAddress } from "../../net/address.ts";
import { NetworkTable } from "../../net/network-table.ts";
import { whyChosen } from "../chosen-mark.ts";
import type { Draft } from "../draft.ts";
import { addressOf } from "../services.ts";
import type { Protocol } from "../topology.ts";

/** One range of ports on one network that a mark matches. */
interface Claim extends PortRange {
  readonly service: string;
  readonly network: Cidr;
  readonly path: readonly (string | number)[];
  /** Its place among all claims of the file. */
  readonly order: number;
}

/** LVS-CONFIG-055. */
export function* claims(draft: Draft): Iterable<LvsctlError> {
  const marked = new Map<Protocol, Claim[]>();
  let order = 0;
  for (const [service, { match = [] }] of draft.serviceFiles) {
    for (const [index, { address, protocol = "tcp", ports = ["1-65535"] }] of match.entries()) {
      const written = parseCidr(address);
      if (written === undefined) continue;
      const known = marked.get(protocol) ?? [];
      marked.set(protocol, known);
      for (const [at, text] of ports.entries()) {
        const range = portRange(text);
        if (!(range.first <= range.last)) continue; // LVS-CONFIG-052.
        const path = ["services", service, "match", index, "ports", at];
        known.push({ service, network: networkOf(written), path, order: order++, ...range });
      }
    }
  }
  if (order === 0) return;
  const tables = new Map([...marked].map(([protocol, all]) => [protocol, tableOf(all)]));
  for (const [protocol, all] of marked) yield* betweenMarks(draft, protocol, all, tables.get(protocol));
  yield* overtaken(draft, tables);
}

type ClaimTable = NetworkTable<Ranges>;

function tableOf(all: readonly Claim[]): ClaimTable {
  const byNetwork = new Map<string, Claim[]>();
  for (const claim of all) {
    const key = formatCidr(claim.network);
    const others = byNetwork.get(key) ?? [];
    byNetwork.set(key, others);
    others.push(claim);
  }
  return new NetworkTable(
    [...byNetwork.values()].flatMap((same) => (same[0] === undefined ? [] : [[same[0].network, new Ranges(same)]])),
  );
}

/** The claims on one network, so that those which meet a range are found without looking at all of them. */
class Ranges {
  readonly #sorted: readonly Claim[];
  /** For each claim, of those up to it, the one that reaches furthest, and the furthest one of any other service. */
  readonly #furthest: readonly (readonly [Claim, Claim | undefined])[];

  constructor(all: readonly Claim[]) {
    this.#sorted = all.toSorted((one, other) => one.first - other.first || one.order - other.order);
    let top: readonly [Claim, Claim | undefined] | undefined;
    this.#furthest = this.#sorted.map((claim) => {
      top = top === undefined ? [claim, undefined] : withClaim(top, claim);
      return top;
    });
  }

  /** A claim that meets a range and is not the service's own; undefined if there is none. */
  meeting(range: PortRange, service: string): Claim | undefined {
    const [first, second] = this.#furthest[this.#countUpTo(range.last) - 1] ?? [];
    const other = first?.service === service ? second : first;
    return other !== undefined && portsMeet(other, range) ? other : undefined;
  }

  /** How many claims begin at a port or before it. */
  #countUpTo(port: number): number {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle]?.first ?? 0) <= port) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function withClaim([first, second]: readonly [Claim, Claim | undefined], claim: Claim) {
  if (claim.last > first.last) return [claim, claim.service === first.service ? second : first] as const;
  const isSecond = claim.service !== first.service && (second === undefined || claim.last > second.last);
  return [first, isSecond ? claim : second] as const;
}

/** Of two networks that overlap, one holds the other; so each claim is compared with those on networks that hold its own. */
function* betweenMarks(
  draft: Draft,
  protocol: Protocol,
  all: readonly Claim[],
  table: ClaimTable | undefined,
): Iterable<LvsctlError> {
  for (const claim of all) {
    const other = firstOf(table?.holding(claim.network) ?? [], (ranges) => ranges.meeting(claim, claim.service));
    if (other === undefined) continue;
    const [earlier, later] = claim.order < other.order ? [claim, other] : [other, claim];
    const port = Math.max(claim.first, other.first);
    const { network } = claim;
    const where = network.prefix === addressLength(network.family) ? network.address : formatCidr(network);
    const isWritten = [earlier, later].every(({ service }) => whyChosen(draft, service) === undefined);
    const why = isWritten ? "and a packet carries only one mark" : "and only one of the two can have them";
    const message = `Packets by ${protocol} to ${where} port ${port} match "${entryOf(earlier.service)}" and "${entryOf(later.service)}", ${why}.`;
    const hint = "Divide the ports or addresses between the two services.";
    yield draft.problem("LVS-CONFIG-055", later.path, { message, hint });
  }
}

/**
 * Ordinary services whose packets a mark takes first. One for every port keeps those that no mark is on. Source:
 * ip_vs_service_find in the kernel's ip_vs_ctl.c.
 */
function* overtaken(draft: Draft, tables: ReadonlyMap<Protocol, ClaimTable>): Iterable<LvsctlError> {
  for (const [name, { vip, port, protocol = "tcp", fwmark }] of draft.serviceFiles) {
    const address = parseCidr(addressOf(vip) ?? "");
    const table = tables.get(protocol);
    if (fwmark !== undefined || address === undefined || port === undefined || table === undefined) continue;
    const range = port === 0 ? { first: 1, last: 65535 } : { first: port, last: port };
    const claim = firstOf(table.holding(wholeAddress(address)), (ranges) => {
      const other = ranges.meeting(range, name);
      return other !== undefined && other.first <= range.first && other.last >= range.last ? other : undefined;
    });
    if (claim === undefined) continue;
    const which = port === 0 ? "" : ` port ${port}`;
    const chosen = whyChosen(draft, claim.service);
    const why = chosen === undefined ? "it has a firewall mark" : `its ${chosen} works by a firewall mark`;
    const message = `Packets by ${protocol} to ${address.address}${which} are "${entryOf(claim.service)}"'s: ${why}, which IPVS looks at before addresses and ports, so "${entryOf(name)}" would never get one.`;
    const hint =
      port === 0
        ? `Leave the address out of one of the two, or some ports out of "${entryOf(claim.service)}".`
        : "Leave the port out of one of the two, or make one service of them.";
    yield draft.problem("LVS-CONFIG-055", ["services", name, "port"], { message, hint });
  }
}

function firstOf<T, R>(all: Iterable<T>, find: (one: T) => R | undefined): R | undefined {
  for (const one of all) {
    const found = find(one);
    if (found !== undefined) return found;
  }
  return undefined;
}
