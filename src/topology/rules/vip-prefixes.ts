/** An address has one prefix length on its host, whichever services use it. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import { canonicalAddress } from "../../net/address.ts";
import type { Draft } from "../draft.ts";

/** LVS-CONFIG-061 for a service that gives a virtual address another prefix length than a service before it. */
export function* vipPrefixes(draft: Draft): Iterable<LvsctlError> {
  const first = new Map<string, { readonly service: string; readonly prefix: number }>();
  const directors = new Set<string | undefined>(draft.withRole("director").map(({ name }) => name));
  for (const [service, { vip }] of draft.addressed) {
    if (typeof vip !== "object" || vip.prefix === undefined) continue;
    const address = canonicalAddress(vip.address);
    if (directors.has(draft.ownerOf(address)?.host)) continue; // It stays as it is: LVS-CONFIG-049 reports what does nothing.
    const other = first.get(address);
    if (other === undefined) first.set(address, { service, prefix: vip.prefix });
    else if (other.prefix !== vip.prefix) {
      const message = `${address} has the prefix length ${vip.prefix} here and ${other.prefix} in "${entryOf(other.service)}". The directors have the address once, with one of them.`;
      const hint = `Write \`prefix: ${other.prefix}\` here too, or delete \`prefix\`: what "${entryOf(other.service)}" says then holds for both.`;
      yield draft.problem("LVS-CONFIG-061", ["services", service, "vip", "prefix"], { message, hint });
    }
  }
}
