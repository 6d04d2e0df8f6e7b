/** An address for a hint to propose. */
import { type Cidr, canonicalAddress, contains, type Family, firstHost, nextHost, parseCidr } from "../net/address.ts";
import type { HostAddress } from "../network/host-addresses.ts";
import { sourceTowards } from "../network/origin.ts";
import type { Draft } from "./draft.ts";
import { listOf } from "./hosts.ts";
import { addressOf } from "./services.ts";

/** A larger network is not searched to its end. */
const MOST = 1_000;

/**
 * An address that nothing in the file has, in the director's subnet from which it sends to the real servers of a service;
 * undefined if there is no room, or no director.
 */
export function freeDirectorAddress(draft: Draft, service: string, family: Family): string | undefined {
  const own = draft
    .withRole("director")
    .flatMap(({ name }) => draft.addresses.get(name) ?? [])
    .filter((address) => address.family === family && address.prefix > 0);
  const network = sourcesOf(draft, service, own)[0] ?? own[0];
  if (network === undefined) return undefined;
  const taken = takenAddresses(draft);
  let found: Cidr | undefined = { ...network, address: firstHost(network) };
  for (let tried = 0; found !== undefined && tried < MOST; tried++) {
    const { address } = found;
    if (!taken.has(address) && draft.ownerOf(address) === undefined) return address;
    found = nextHost(found);
  }
  return undefined;
}

/** Those of the directors' addresses from which they send to the real servers; first those on the subnet of one without a router. */
function sourcesOf(draft: Draft, service: string, own: readonly HostAddress[]): readonly HostAddress[] {
  const servers = draft.services.filter(({ name }) => name === service).flatMap(({ realServers }) => realServers);
  const sources = servers.flatMap(({ host, address, family }) => {
    const target = parseCidr(address);
    const beside = own.find((one) => target !== undefined && contains(one, target));
    const isAlone = draft.hosts.get(host)?.gateways.length === 0;
    const [director] = own;
    const source = beside ?? (director && sourceTowards(draft.network, director.host, family, target));
    const found = own.find((one) => one.address === source?.address);
    return found === undefined ? [] : [{ found, rank: beside === undefined ? 2 : isAlone ? 0 : 1 }];
  });
  return sources.toSorted((one, other) => one.rank - other.rank).map(({ found }) => found);
}

/** What services have or ask for, and the routers that hosts name. */
function takenAddresses(draft: Draft): ReadonlySet<string> {
  const ofServices = [...draft.addressed.values()].flatMap((file) => [
    addressOf(file.vip),
    ...(file.localAddresses ?? []),
    ...listOf(file.publish?.address),
  ]);
  const routers = [...draft.hosts.values()].flatMap(({ gateways, routes }) =>
    [...gateways, ...routes].map(({ via }) => via?.replace(/%.*$/, "")),
  );
  return new Set([...ofServices, ...routers].flatMap((text) => (text === undefined ? [] : canonicalAddress(text))));
}
