/** All hosts of a subnet agree on its prefix length. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { asking, formatCidr } from "../../net/address.ts";
import type { Draft } from "../draft.ts";
import { interfaceAddressPath } from "../interface-address-path.ts";

/** LVS-CONFIG-029, once for each subnet, where one subnet lies inside another; at the host that differs from the others. */
export function* prefixLengths(draft: Draft): Iterable<LvsctlError> {
  const seen = new Set<string>();
  for (const { odd, other, better } of draft.oddPrefixes) {
    if (seen.has(odd.network)) continue;
    seen.add(odd.network);
    const address = draft.addresses
      .get(odd.host)
      ?.find((one) => one.interface === odd.interface && one.address === odd.address);
    if (address === undefined) continue;
    const how = odd.prefix > other.prefix ? "which holds it" : "which lies inside it";
    const message = `"${odd.host}" has ${odd.network} on ${odd.interface}, and "${other.host}" has ${other.network} on ${other.interface}, ${how}. Where hosts disagree on the size of a subnet, some of them look for others ${asking(odd.address)} where a router would be needed.`;
    const hint = `Use one prefix length: ${formatCidr(better)} here, if ${other.network} is right.`;
    yield draft.problem("LVS-CONFIG-029", interfaceAddressPath(draft, address), { message, hint });
  }
}
