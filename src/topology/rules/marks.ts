/** What firewall marks match: valid ports, one family per service, and no other hosts. */
import type { Path } from "../../document/parse-document.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { isPossible, type PortRange, portRange, portsMeet, possibleRange } from "../../lvs/port-range.ts";
import { type Cidr, formatCidr, networkOf, parseCidr } from "../../net/address.ts";
import { whyChosen } from "../chosen-mark.ts";
import { coveredHost } from "../covered-host.ts";
import type { Draft } from "../draft.ts";
import type { Service } from "../generated/topology-file.ts";
import { repeated, showItem } from "../repeated.ts";

type Matches = NonNullable<Service["match"]>;

/** LVS-CONFIG-052; LVS-CONFIG-077 for impossible ranges where the file has no mark. */
export function* marks(draft: Draft): Iterable<LvsctlError> {
  for (const [service, { match = [] }] of draft.serviceFiles) {
    const families = match.map(({ address }) => parseCidr(address)?.family);
    for (const [index, { address, ports = [] }] of match.entries()) {
      const path = ["services", service, "match", index];
      if (families[index] !== families[0]) yield mixedFamilies(draft, path);
      const cidr = parseCidr(address);
      if (cidr !== undefined) yield* coveredHosts(draft, [...path, "address"], cidr);
      for (const [portIndex, text] of ports.map(String).entries()) {
        const code = whyChosen(draft, service) === undefined ? "LVS-CONFIG-052" : "LVS-CONFIG-077";
        if (!isPossible(portRange(text))) yield impossibleRange(draft, code, [...path, "ports", portIndex], text);
      }
      if (whyChosen(draft, service) === undefined) yield* matchedTwice(draft, path, match, index);
    }
  }
}

/** Ports that one entry names more than once, and those that an earlier entry for the same address has already. */
function* matchedTwice(draft: Draft, path: Path, match: Matches, index: number): Iterable<LvsctlError> {
  const [own, ...others] = match.slice(0, index + 1).toReversed();
  if (own === undefined) return;
  for (const { index: at, ...words } of repeated((own.ports ?? []).map(possibleRange))) {
    yield draft.problem("LVS-CONFIG-052", [...path, "ports", at], words);
  }
  for (const other of others.filter((one) => targetOf(one) === targetOf(own))) {
    const [item, earlier] = firstMeeting(rangesOf(own), rangesOf(other)) ?? [];
    if (item === undefined || earlier === undefined) continue;
    const words = isSameList(rangesOf(own), rangesOf(other))
      ? { message: `This entry for ${own.address} is there twice.`, hint: "Delete one of the two." }
      : {
          message: `${own.address} is matched on ${show(item)} here and on ${show(earlier)} before, and the two overlap.`,
          hint: "Name each port of an address once.",
        };
    yield draft.problem("LVS-CONFIG-052", [...path, "address"], words);
    return;
  }
}

function targetOf({ address, protocol = "tcp" }: Matches[number]): string {
  const cidr = parseCidr(address);
  return `${protocol} ${cidr === undefined ? address : formatCidr(networkOf(cidr))}`;
}

const EVERY_PORT: PortRange = { first: 1, last: 65535 };

function rangesOf({ ports }: Matches[number]): readonly PortRange[] {
  return ports === undefined ? [EVERY_PORT] : ports.flatMap((port) => possibleRange(port) ?? []);
}

function firstMeeting(own: readonly PortRange[], others: readonly PortRange[]) {
  return own
    .map((range) => [range, others.find((other) => portsMeet(range, other))] as const)
    .find(([, other]) => other !== undefined);
}

function isSameList(own: readonly PortRange[], others: readonly PortRange[]): boolean {
  const listed = (ranges: readonly PortRange[]) => ranges.map(showItem).toSorted().join();
  return listed(own) === listed(others);
}

function show(range: PortRange): string {
  return range === EVERY_PORT ? "every port" : showItem(range);
}

/**
 * A network that the directors get a local route for, with other hosts in it: they could reach none of them any more. A route
 * that the mark chooses would spare them; lvsctl makes none.
 */
function* coveredHosts(draft: Draft, path: Path, network: Cidr): Iterable<LvsctlError> {
  const covered = coveredHost(draft, network);
  if (covered === undefined) return;
  const message = `${formatCidr(networkOf(network))} contains ${covered.address}, an address of "${covered.host}". lvsctl has directors deliver a matched network to themselves by a local route, so they could not reach that host any more.`;
  const hint =
    "Match single addresses, or a network in which there are no hosts. The kernel can also choose a route by the mark, as a transparent proxy needs it (`ip rule add fwmark MARK lookup TABLE`, and in that table `local default dev lo`); lvsctl does not do that, so such a service has to be made by hand.";
  yield draft.problem("LVS-CONFIG-052", path, { message, hint });
}

function impossibleRange(
  draft: Draft,
  code: "LVS-CONFIG-052" | "LVS-CONFIG-077",
  path: Path,
  text: string,
): LvsctlError {
  const isRange = String(text).includes("-");
  const what = isRange
    ? "range of ports: they go from 1 to 65535, the smaller one first"
    : "port: they go from 1 to 65535";
  const message = `"${text}" is no ${what}.`;
  const { first, last } = portRange(text);
  const isTurned = last < first && first <= 65535;
  const isLong = first < 65535 && last > 65535;
  const possible = isTurned ? `"${last}-${first}"` : `"${first}-65535"`;
  const hint = isTurned || isLong ? `Write ${possible}.` : 'Write a port such as 80, or a range such as "8000-8099".';
  return draft.problem(code, path, { message, hint });
}

function mixedFamilies(draft: Draft, path: Path): LvsctlError {
  const message = "One firewall-mark service is for IPv4 or for IPv6, and its matches are of both families.";
  return draft.problem("LVS-CONFIG-052", [...path, "address"], {
    message,
    hint: "Make a second service for the other family.",
  });
}
