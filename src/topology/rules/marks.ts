/** What firewall marks match: valid ports, one family per service, and one mark per packet. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { formatCidr, networkOf, parseCidr } from "../../net/address.ts";
import type { Draft } from "../draft.ts";

interface Range {
  readonly service: string;
  readonly path: readonly (string | number)[];
  readonly first: number;
  readonly last: number;
}

/** LVS-CONFIG-052 for impossible ranges and mixed families, LVS-CONFIG-055 for packets that two services claim. */
export function* marks(draft: Draft): Iterable<LvsctlError> {
  const claims = new Map<string, Range[]>();
  for (const [service, { match = [] }] of draft.serviceFiles) {
    const families = match.map(({ address }) => parseCidr(address)?.family);
    for (const [index, { address, protocol = "tcp", ports = ["1-65535"] }] of match.entries()) {
      const path = ["services", service, "match", index];
      if (families[index] !== families[0]) yield mixedFamilies(draft, path);
      const cidr = parseCidr(address);
      const key = cidr === undefined ? address : `${protocol} to ${formatCidr(networkOf(cidr))}`;
      for (const [portIndex, text] of ports.entries()) {
        const range = parseRange(String(text), service, [...path, "ports", portIndex]);
        if (range === undefined) {
          yield impossibleRange(draft, [...path, "ports", portIndex], String(text));
          continue;
        }
        const others = claims.get(key);
        if (others === undefined) claims.set(key, [range]);
        else others.push(range);
      }
    }
  }
  for (const [key, ranges] of claims) yield* overlaps(draft, key, ranges);
}

function* overlaps(draft: Draft, key: string, ranges: readonly Range[]): Iterable<LvsctlError> {
  let widest: Range | undefined;
  for (const range of ranges.toSorted((one, other) => one.first - other.first)) {
    if (widest !== undefined && range.first <= widest.last && range.service !== widest.service) {
      const message = `Packets by ${key} port ${range.first} match "${widest.service}" and "${range.service}", and a packet carries only one mark.`;
      const hint = "Divide the ports or addresses between the two services.";
      yield draft.problem("LVS-CONFIG-055", range.path, { message, hint });
    }
    if (widest === undefined || range.last > widest.last) widest = range;
  }
}

function parseRange(text: string, service: string, path: Range["path"]): Range | undefined {
  const [first = Number.NaN, last = first] = text.split("-").map(Number);
  return first >= 1 && first <= last && last <= 65535 ? { service, path, first, last } : undefined;
}

function impossibleRange(draft: Draft, path: Range["path"], text: string): LvsctlError {
  const message = `"${text}" is no range of ports: they go from 1 to 65535, the smaller one first.`;
  return draft.problem("LVS-CONFIG-052", path, { message, hint: "Write it as 8000-8099." });
}

function mixedFamilies(draft: Draft, path: Range["path"]): LvsctlError {
  const message = "One firewall-mark service is for IPv4 or for IPv6, and its matches are of both families.";
  return draft.problem("LVS-CONFIG-052", [...path, "address"], {
    message,
    hint: "Make a second service for the other family.",
  });
}
