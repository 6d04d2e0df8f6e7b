import { formatCidr, wholeAddress } from "../net/address.ts";
import type { HostAddress } from "../network/host-addresses.ts";
import type { Draft } from "./draft.ts";
import { setGateway } from "./gateway-words.ts";
import type { Service } from "./topology.ts";

/** An address of another host that a host can have as its next hop. */
export interface NearAddress {
  readonly address: string;
  readonly segment: string;
  /** The route that the host needs first, because the address is on its segment and out of its subnets. */
  readonly route?: string;
}

/** The address by which a host can send packets to one of a service's directors itself; undefined if there is none. */
export function nearDirector(draft: Draft, host: string, { directors, family }: Service): NearAddress | undefined {
  const chosen = new Set(directors.map(({ address }) => address));
  const all = directors.flatMap((director) => draft.addresses.get(director.host) ?? []);
  const own = all
    .filter((address) => address.family === family)
    .toSorted((one, other) => Number(chosen.has(other.address)) - Number(chosen.has(one.address)));
  return nearAddress(draft, host, own);
}

/** The first of these addresses that a host reaches without a router; else the first one on a segment of it. */
export function nearAddress(draft: Draft, host: string, own: readonly HostAddress[]): NearAddress | undefined {
  const reached = own.find((address) => {
    const next = draft.network.nextHop(host, wholeAddress(address));
    return next?.kind === "connected" && next.segment === address.segment;
  });
  if (reached !== undefined) return { address: reached.address, segment: reached.segment };
  const interfaces = draft.hosts.get(host)?.interfaces ?? [];
  for (const address of own) {
    const nic = interfaces.find(
      ({ segment, addresses }) =>
        segment === address.segment && addresses.some(({ family }) => family === address.family),
    );
    if (nic === undefined) continue;
    const route = `{ to: ${formatCidr(wholeAddress(address))}, device: ${nic.name} }`;
    return { address: address.address, segment: address.segment, route };
  }
  return undefined;
}

/** A hint that makes a director the gateway of a host, without a full stop; `who`: what that host is called in it. */
export function adviseGateway(draft: Draft, host: string, service: Service, who = ""): string {
  const near = nearDirector(draft, host, service);
  if (near === undefined) {
    return `Give "${service.directors[0]?.host}" an interface on a subnet of "${host}", and make its address there the gateway`;
  }
  const first =
    near.route === undefined ? "" : `, and give "${host}" the route \`${near.route}\`, by which it reaches it`;
  return `${setGateway(draft, host, near.address, `the director's address${who}`)}${first}`;
}
