import type { Path } from "../document/parse-document.ts";
import type { HostAddress } from "../network/host-addresses.ts";
import type { Draft } from "./draft.ts";

/** Where a host's address is in the file: at the interface, or at its entry in the interface's list. */
export function interfaceAddressPath(draft: Draft, address: HostAddress): Path {
  const path = ["hosts", address.host, "interfaces", address.interface];
  const nic = draft.hosts.get(address.host)?.interfaces.find(({ name }) => name === address.interface);
  const all = nic?.addresses ?? [];
  return all.length > 1 ? [...path, all.findLastIndex((one) => one.address === address.address)] : path;
}
