/** The first and the last address of a subnet, which no host can have. */
import type { Path } from "../../document/parse-document.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { parseCidr } from "../../net/address.ts";
import { NetworkTable } from "../../net/network-table.ts";
import { linkLocalAddresses } from "../../network/host-addresses.ts";
import type { Draft } from "../draft.ts";
import { endOfSubnet } from "../end-of-subnet.ts";
import { interfaceAddressPath } from "../interface-address-path.ts";
import { addressOf } from "../services.ts";

/** LVS-CONFIG-026 for the first and last address of a subnet. */
export function* usableAddresses(draft: Draft): Iterable<LvsctlError> {
  const subnets = new NetworkTable([...draft.addresses.values()].flat().map((address) => [address, address.prefix]));
  for (const address of [
    ...[...draft.addresses.values()].flat(),
    ...[...draft.hosts.values()].flatMap(linkLocalAddresses),
  ]) {
    const flaw = endOfSubnet(address);
    if (flaw !== undefined) yield problem(draft, interfaceAddressPath(draft, address), address.address, flaw);
  }
  for (const [service, { vip, localAddresses = [] }] of draft.addressed) {
    const vipPath = ["services", service, "vip", ...(typeof vip === "object" ? ["address"] : [])];
    const own: (readonly [Path, string | undefined])[] = [
      [vipPath, addressOf(vip)],
      ...localAddresses.map((text, index) => [["services", service, "localAddresses", index], text] as const),
    ];
    for (const [path, text] of own) {
      const address = text === undefined ? undefined : parseCidr(text);
      if (address === undefined) continue;
      const prefix = subnets.smallest(address) ?? address.prefix;
      const flaw = endOfSubnet({ ...address, prefix });
      if (flaw !== undefined) yield problem(draft, path, address.address, flaw);
    }
  }
}

function problem(draft: Draft, path: Path, address: string, flaw: string): LvsctlError {
  const message = `${address} ${flaw}.`;
  return draft.problem("LVS-CONFIG-026", path, { message, hint: "Choose an address of a single host." });
}
