/** IPv4 addresses that were kept for the future, which some systems take and most do not. */
import type { Path } from "../../document/parse-document.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { contains, parseCidr } from "../../net/address.ts";
import type { Draft } from "../draft.ts";
import { interfaceAddressPath } from "../interface-address-path.ts";
import { addressOf } from "../services.ts";

const FUTURE = parseCidr("240.0.0.0/4");

/**
 * LVS-CONFIG-107, a warning, once for each address of 240.0.0.0/4. Linux has taken them since 2.6.25, all but 255.255.255.255:
 * ipv4_is_lbcast in the kernel's include/linux/in.h. Source: RFC 1112, section 4.
 */
export function* futureAddresses(draft: Draft): Iterable<LvsctlError> {
  const told = new Set<string>();
  for (const [path, text] of addressesOf(draft)) {
    const address = parseCidr(text);
    if (FUTURE === undefined || address?.family !== 4 || !contains(FUTURE, address) || told.has(address.address))
      continue;
    told.add(address.address);
    const message = `${address.address} is of 240.0.0.0/4, which is reserved for the future: Linux takes such addresses, but many routers and other systems, Windows among them, drop packets from and to them.`;
    const hint = "Choose another address, unless every host and router on the way takes these.";
    yield draft.problem("LVS-CONFIG-107", path, { message, hint });
  }
}

function* addressesOf(draft: Draft): Iterable<readonly [Path, string]> {
  for (const address of [...draft.addresses.values()].flat()) {
    yield [interfaceAddressPath(draft, address), address.address];
  }
  for (const [service, { vip, localAddresses = [], match = [] }] of draft.addressed) {
    const text = addressOf(vip);
    if (text !== undefined) yield [["services", service, "vip", ...(typeof vip === "object" ? ["address"] : [])], text];
    for (const [index, local] of localAddresses.entries())
      yield [["services", service, "localAddresses", index], local];
    for (const [index, { address }] of match.entries())
      yield [["services", service, "match", index, "address"], address];
  }
}
