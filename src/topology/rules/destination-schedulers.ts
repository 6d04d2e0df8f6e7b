/** Schedulers that choose by the destination address, for caches in front of many of them, at services that have one. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { addressLength, parseCidr } from "../../net/address.ts";
import type { Draft } from "../draft.ts";
import type { Service } from "../generated/topology-file.ts";
import { realServersOf } from "../services.ts";

/**
 * What each of them does for one address. Source: ip_vs_dh_schedule, ip_vs_lblc_schedule and ip_vs_lblcr_schedule with the
 * is_overloaded of each, in the kernel's net/netfilter/ipvs.
 */
const CONSEQUENCES: Readonly<Partial<Record<NonNullable<Service["scheduler"]>, string>>> = {
  dh: "every connection goes to the same one of its real servers, and none is made while that one is drained or full",
  lblc: "all connections go to the same one of its real servers, until that has more active ones than its weight, and another fewer than half of its own",
  lblcr:
    "all connections go to the same one of its real servers, and a further one joins it only when those in use have more active ones than their weights, and another fewer than half of its own",
};

/**
 * LVS-CONFIG-108, a warning. A mark for a network or for several addresses is what they are made for; each of several `vips`
 * is a destination of its own, so that one real server gets all that it gets.
 */
export function* destinationSchedulers(draft: Draft): Iterable<LvsctlError> {
  const all = draft.withRole("real-server").map(({ name }) => name);
  for (const [entry, file] of draft.entries) {
    const { scheduler = "wlc" } = file;
    const consequence = CONSEQUENCES[scheduler];
    if (consequence === undefined || isForMany(file)) continue;
    const servers = realServersOf(file, all).map(({ host, settings: { address, port } }) =>
      [host, address, port].join(),
    );
    if (new Set(servers).size < 2) continue;
    const those = (file.vips?.length ?? 1) > 1 ? "each address" : "the one address";
    const message = `The scheduler ${scheduler} chooses by the destination address alone. For ${those} of this service, ${consequence}.`;
    const hint =
      "Use `sh` or `mh`, which choose by the client's address, or `wlc` or `rr`, which spread connections over all real servers.";
    yield draft.problem("LVS-CONFIG-108", ["services", entry, "scheduler"], { message, hint });
  }
}

/** Whether the service's mark is for several destinations. */
function isForMany({ match = [] }: Service): boolean {
  const matched = match.flatMap(({ address }) => parseCidr(address) ?? []);
  const addresses = new Set(matched.map(({ address }) => address));
  return addresses.size > 1 || matched.some(({ prefix, family }) => prefix < addressLength(family));
}
