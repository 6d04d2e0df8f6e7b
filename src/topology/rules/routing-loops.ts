/** Routes that send a service's packets round in circles. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import type { Leg } from "../../network/legs.ts";
import { describeLoop } from "../../network/reach.ts";
import { legsOfAll } from "../answered.ts";
import type { Draft } from "../draft.ts";
import { hopPath } from "../hop-path.ts";
import type { Service } from "../topology.ts";

/**
 * LVS-CONFIG-085, once for each circle. Without a client in the file those outside of it count. A host that is its own next hop
 * is for LVS-CONFIG-027 and LVS-CONFIG-028.
 */
export function* routingLoops(draft: Draft): Iterable<LvsctlError> {
  const seen = new Set<string>();
  for (const service of draft.services) {
    for (const leg of legsOfAll(draft, service)) {
      const { loop } = leg.way;
      const circle = loop?.toSorted().join(" ");
      if (loop === undefined || loop.length < 2 || circle === undefined || seen.has(circle)) continue;
      seen.add(circle);
      yield* problemOf(draft, service, leg, loop);
    }
  }
}

function* problemOf(
  draft: Draft,
  service: Service,
  { direction, to }: Leg,
  loop: readonly string[],
): Iterable<LvsctlError> {
  const host = draft.hosts.get(loop.at(-1) ?? "");
  if (host === undefined) return;
  const packets = `${direction === "request" ? "Requests to" : "Replies of"} "${entryOf(service.name)}"`;
  const where = "everywhere" in to ? "clients outside of the file" : named(draft, to.address);
  const message = `${packets} never reach ${where}: ${describeLoop(loop)}.`;
  const hint = `Name a router that is nearer to ${where} here, or give another one of these hosts a route that leads out of the loop.`;
  yield draft.problem("LVS-CONFIG-085", hopPath(host, to), { message, hint });
}

function named(draft: Draft, address: string): string {
  const owner = draft.network.ownerOf(address)?.host;
  return owner === undefined ? address : `${address} ("${owner}")`;
}
