/** What firewall marks match: valid ports, one family per service, and no other hosts. */
import type { Path } from "../../document/parse-document.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { isPossible, portRange } from "../../lvs/port-range.ts";
import { type Cidr, formatCidr, networkOf, parseCidr } from "../../net/address.ts";
import { whyChosen } from "../chosen-mark.ts";
import { coveredHost } from "../covered-host.ts";
import type { Draft } from "../draft.ts";

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
    }
  }
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
