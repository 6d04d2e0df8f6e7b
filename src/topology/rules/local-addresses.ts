/** Local addresses: not too many, of the right family, and not in use elsewhere. */
import type { Path } from "../../document/parse-document.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import { canonicalAddress, parseCidr } from "../../net/address.ts";
import type { Draft } from "../draft.ts";
import { usesSetting } from "../mode-traits.ts";
import { orUse } from "../other-modes.ts";
import { routedBy } from "../router-named.ts";
import { addressOf, familyOf } from "../services.ts";

/** XT_CLUSTER_NODES_MAX in the kernel's include/uapi/linux/netfilter/xt_cluster.h. */
const MAX_LOCAL_ADDRESSES = 32;

const TWICE = {
  why: "is in this list already",
  so: "Clients are shared out by place in the list, and two places would share its ports",
};

/** LVS-CONFIG-039 for too many or for the wrong family, LVS-CONFIG-040 for one that is taken. */
export function* localAddresses(draft: Draft): Iterable<LvsctlError> {
  const vips = new Map(
    [...draft.addressed].flatMap(([name, { vip }]) => {
      const address = addressOf(vip);
      return address === undefined ? [] : [[canonicalAddress(address), entryOf(name)] as const];
    }),
  );
  for (const [service, file] of draft.serviceFiles) {
    // In modes that do not use them LVS-CONFIG-049 says so.
    if (!draft.modesOf(service).some(({ traits }) => usesSetting(traits, "localAddresses"))) continue;
    const path = ["services", service, "localAddresses"];
    if ((file.localAddresses?.length ?? 0) > MAX_LOCAL_ADDRESSES) {
      const message = `There are more than ${MAX_LOCAL_ADDRESSES} local addresses. Netfilter's cluster match, which shares clients out among them, knows no more parts.`;
      const hint = `Name up to ${MAX_LOCAL_ADDRESSES}: each has ports for about 64 000 connections to one real server.`;
      yield draft.problem("LVS-CONFIG-039", [...path, MAX_LOCAL_ADDRESSES], { message, hint });
    }
    const seen = new Set<string>();
    for (const [index, text] of (file.localAddresses ?? []).entries()) {
      const address = canonicalAddress(text);
      if (parseCidr(address)?.family !== familyOf(file)) {
        const message = `${address} is not IPv${familyOf(file)} as the virtual address is.`;
        const hint = `Name IPv${familyOf(file)} addresses.`;
        yield draft.problem("LVS-CONFIG-039", [...path, index], { message, hint });
      }
      const taken = seen.has(address) ? TWICE : takenBy(draft, vips, address);
      if (taken !== undefined) yield isTaken(draft, [...path, index], address, taken);
      seen.add(address);
    }
  }
}

/** Why an address is not free, as the end of a sentence that begins with it, and what that would lead to. */
interface Taken {
  readonly why: string;
  readonly so: string;
}

function takenBy(draft: Draft, vips: ReadonlyMap<string, string>, address: string): Taken | undefined {
  const owner = draft.ownerOf(address);
  const service = vips.get(address);
  if (owner !== undefined) {
    const isDirectors = draft.hosts.get(owner.host)?.roles.includes("director");
    return {
      why: `is the address of "${owner.host}" on ${owner.interface}`,
      so: isDirectors
        ? "lvsctl adds local addresses and removes them with their service, and the host's own would be in its hands"
        : `Two hosts would have it, and replies to it would reach "${owner.host}" too`,
    };
  }
  if (service === undefined) return takenByRouter(draft, address);
  return {
    why: `is the virtual address of "${service}"`,
    so: "A reply to it, at a port that the service has, would be taken for a request",
  };
}

/** A real server whose replies have to go through the director may have any address of it as its gateway. */
function takenByRouter(draft: Draft, address: string): Taken | undefined {
  const returning = new Set(
    draft.services
      .filter((service) => draft.modeOf(service).answeredBy === "director")
      .filter((service) => draft.modeOf(service).rewrites("source") === false)
      .flatMap(({ realServers }) => realServers.map(({ host }) => host)),
  );
  const routed = routedBy(draft, address).find(
    ({ host }) => !returning.has(host.name) && !draft.network.takes(host.name, address),
  );
  return routed && { why: routed.why, so: "Two hosts would have it, and replies to it would reach that router too" };
}

function isTaken(draft: Draft, path: Path, address: string, { why, so }: Taken): LvsctlError {
  const message = `The local address ${address} ${why}. ${so}.`;
  const owner = draft.ownerOf(address);
  const isDirectors = draft.withRole("director").some(({ name }) => name === owner?.host);
  const way = isDirectors ? orUse(draft, ({ settings }) => settings?.masquerade !== undefined) : "";
  const where = isDirectors ? owner?.network : "the director's subnet";
  const hint = `Choose a free address of ${where}${way === "" ? "" : `${way}, which takes the director's own`}.`;
  return draft.problem("LVS-CONFIG-040", path, { message, hint });
}
