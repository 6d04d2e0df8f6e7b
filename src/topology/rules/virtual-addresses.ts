/** A virtual address must not belong to any host. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { canonicalAddress } from "../../net/address.ts";
import type { Draft } from "../draft.ts";
import { addressOf } from "../services.ts";

/** LVS-CONFIG-027. */
export function* virtualAddresses(draft: Draft): Iterable<LvsctlError> {
  const directors = new Set(draft.withRole("director").map(({ name }) => name));
  for (const [service, { vip }] of draft.serviceFiles) {
    const text = addressOf(vip);
    if (text === undefined) continue;
    const address = canonicalAddress(text);
    const owner = draft.ownerOf(address);
    const routed = routedBy(draft, service, address, directors);
    if (owner === undefined && routed === undefined) continue;
    const role = owner === undefined ? undefined : draft.hosts.get(owner.host)?.roles.join(" and ");
    const taken =
      owner === undefined
        ? `is the gateway of "${routed}", so a router has it already`
        : `is the address of the ${role} "${owner.host}" on ${owner.interface}`;
    const message = `The virtual address ${address} ${taken}. A virtual address has to be free: lvsctl puts it on the directors, and packets for its other owner would be balanced too.`;
    const hint =
      owner !== undefined && role?.includes("director") === true
        ? "Choose a free address; or, if the director has it only for this service, delete it from `interfaces`, as lvsctl adds it."
        : "Choose a free address.";
    const path = ["services", service, "vip", ...(typeof vip === "object" ? ["address"] : [])];
    yield draft.problem("LVS-CONFIG-027", path, { message, hint });
  }
}

/**
 * A host whose gateway is this address. If replies return through the director, the address may be the gateway of the real
 * servers: the director has it, and it can move to another one.
 */
function routedBy(draft: Draft, service: string, address: string, directors: ReadonlySet<string>): string | undefined {
  const returnsThere = draft.modeOf(service).traits.answeredBy === "director";
  return [...draft.hosts.values()].find(
    ({ name, gateways }) => gateways.some(({ via }) => via === address) && (!returnsThere || directors.has(name)),
  )?.name;
}
