import type { Path } from "../document/parse-document.ts";
import type { HostAddress } from "../network/host-addresses.ts";
import type { Draft } from "./draft.ts";

/** Where a host's address is in the file: at the interface, or at its entry in the interface's list. */
export function interfaceAddressPath(draft: Draft, address: HostAddress): Path {
  const path = ["hosts", address.host, "interfaces", address.interface];
  const all = draft.addresses.get(address.host)?.filter((other) => other.interface === address.interface) ?? [];
  return all.length > 1 ? [...path, all.indexOf(address)] : path;
}
