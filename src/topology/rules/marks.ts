/** What firewall marks match: valid ports, one family per service, and one mark per packet. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { portRange } from "../../lvs/port-range.ts";
import { entryOf } from "../../lvs/service-name.ts";
import {
  addressLength,
  type Cidr,
  contains,
  formatCidr,
  networkOf,
  parseCidr,
  wholeAddress,
} from "../../net/address.ts";
import { whyChosen } from "../chosen-mark.ts";
import type { Draft } from "../draft.ts";
import { addressOf } from "../services.ts";

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
      if (cidr !== undefined) yield* coveredHosts(draft, [...path, "address"], cidr);
      const key = cidr === undefined ? address : `${protocol} to ${shown(cidr)}`;
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
  yield* overtaken(draft, claims);
}

/** A network that the directors take for their own, with other hosts in it: they could reach none of them any more. */
function* coveredHosts(draft: Draft, path: Range["path"], network: Cidr): Iterable<LvsctlError> {
  if (network.prefix === addressLength(network.family)) return;
  const directors = new Set(draft.withRole("director").map(({ name }) => name));
  for (const [host, addresses] of draft.addresses) {
    const inside = addresses.find((own) => own.family === network.family && contains(network, wholeAddress(own)));
    if (inside === undefined || directors.has(host)) continue;
    const message = `${formatCidr(networkOf(network))} contains ${inside.address}, an address of "${host}". Directors take the whole network for their own, so they could not reach that host any more.`;
    const hint = "Match single addresses, or a network in which there are no hosts.";
    yield draft.problem("LVS-CONFIG-052", path, { message, hint });
    return;
  }
}

/** Ordinary services whose packets a mark takes first. Source: ip_vs_service_find in the kernel's ip_vs_ctl.c. */
function* overtaken(draft: Draft, claims: ReadonlyMap<string, readonly Range[]>): Iterable<LvsctlError> {
  const all = [...claims].map(([key, ranges]) => ({ key, network: parseCidr(key.split(" ").at(-1) ?? ""), ranges }));
  if (all.length === 0) return;
  for (const [name, { vip, port = 0, protocol = "tcp", fwmark }] of draft.serviceFiles) {
    const address = parseCidr(addressOf(vip) ?? "");
    if (fwmark !== undefined || address === undefined || port === 0) continue;
    const claim = all.find(
      ({ key, network, ranges }) =>
        key.startsWith(`${protocol} `) &&
        network?.family === address.family &&
        contains(network, address) &&
        ranges.some(({ first, last }) => first <= port && port <= last),
    );
    if (claim === undefined) continue;
    const other = claim.ranges.find(({ first, last }) => first <= port && port <= last)?.service;
    if (other === undefined) continue;
    const chosen = whyChosen(draft, other);
    const why = chosen === undefined ? "it has a firewall mark" : `its ${chosen} works by a firewall mark`;
    const message = `Packets by ${protocol} to ${address.address} port ${port} are "${entryOf(other)}"'s: ${why}, which IPVS looks at before addresses and ports, so "${entryOf(name)}" would never get one.`;
    const hint = "Leave the port out of one of the two, or make one service of them.";
    yield draft.problem("LVS-CONFIG-055", ["services", name, "port"], { message, hint });
  }
}

function* overlaps(draft: Draft, key: string, ranges: readonly Range[]): Iterable<LvsctlError> {
  let widest: Range | undefined;
  for (const range of ranges.toSorted((one, other) => one.first - other.first)) {
    if (widest !== undefined && range.first <= widest.last && range.service !== widest.service) {
      const isWritten = [widest, range].every(({ service }) => whyChosen(draft, service) === undefined);
      const why = isWritten ? "and a packet carries only one mark" : "and only one of the two can have them";
      const message = `Packets by ${key} port ${range.first} match "${entryOf(widest.service)}" and "${entryOf(range.service)}", ${why}.`;
      const hint = "Divide the ports or addresses between the two services.";
      yield draft.problem("LVS-CONFIG-055", range.path, { message, hint });
    }
    if (widest === undefined || range.last > widest.last) widest = range;
  }
}

function shown(network: Cidr): string {
  return network.prefix === addressLength(network.family) ? network.address : formatCidr(networkOf(network));
}

function parseRange(text: string, service: string, path: Range["path"]): Range | undefined {
  const { first, last } = portRange(text);
  return first >= 1 && first <= last && last <= 65535 ? { service, path, first, last } : undefined;
}

function impossibleRange(draft: Draft, path: Range["path"], text: string): LvsctlError {
  const message = `"${text}" is no range of ports: they go from 1 to 65535, the smaller one first.`;
  const { first, last } = portRange(text);
  const isTurned = last >= 1 && last < first && first <= 65535;
  const hint = isTurned ? `Write "${last}-${first}".` : "Write it as 8000-8099.";
  return draft.problem("LVS-CONFIG-052", path, { message, hint });
}

function mixedFamilies(draft: Draft, path: Range["path"]): LvsctlError {
  const message = "One firewall-mark service is for IPv4 or for IPv6, and its matches are of both families.";
  return draft.problem("LVS-CONFIG-052", [...path, "address"], {
    message,
    hint: "Make a second service for the other family.",
  });
}
