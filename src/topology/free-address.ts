/** An address for a hint to propose. */
import { type Cidr, canonicalAddress, type Family, firstHost, nextHost } from "../net/address.ts";
import type { Draft } from "./draft.ts";
import { addressOf } from "./services.ts";

/** A larger network is not searched to its end. */
const MOST = 1_000;

/** An address in a director's subnet that nothing in the file has; undefined if there is no room, or no director. */
export function freeDirectorAddress(draft: Draft, family: Family): string | undefined {
  const networks = draft
    .withRole("director")
    .flatMap(({ interfaces }) => interfaces.flatMap(({ addresses }) => addresses));
  const [network] = networks.filter((cidr) => cidr.family === family && cidr.prefix > 0);
  if (network === undefined) return undefined;
  const written = [...draft.addressed.values()].flatMap((file) => [
    addressOf(file.vip),
    ...(file.localAddresses ?? []),
  ]);
  const taken = new Set(written.flatMap((text) => (text === undefined ? [] : canonicalAddress(text))));
  let found: Cidr | undefined = { ...network, address: firstHost(network) };
  for (let tried = 0; found !== undefined && tried < MOST; tried++) {
    const { address } = found;
    if (!taken.has(address) && draft.ownerOf(address) === undefined) return address;
    found = nextHost(found);
  }
  return undefined;
}
