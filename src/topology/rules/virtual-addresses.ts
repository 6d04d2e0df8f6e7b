/** A virtual address must be free, or an address of the only director in a mode in which nobody else gets it. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import { addressLength, canonicalAddress, contains, parseCidr, wholeAddress } from "../../net/address.ts";
import type { HostAddress } from "../../network/host-addresses.ts";
import { sourceTowards } from "../../network/origin.ts";
import type { Draft } from "../draft.ts";
import type { Service } from "../generated/topology-file.ts";
import { orUse } from "../other-modes.ts";
import { routedBy } from "../router-named.ts";
import { addressOf } from "../services.ts";
import type { Host } from "../topology.ts";

/** Why an address cannot be the virtual one, as the end of a sentence that begins with it, and what else is possible. */
interface Taken {
  readonly why: string;
  readonly hint: string;
}

/** LVS-CONFIG-027 for an address that is taken, LVS-CONFIG-049 for what has no effect on an address of the director's own. */
export function* virtualAddresses(draft: Draft): Iterable<LvsctlError> {
  const directors = draft.withRole("director").map(({ name }) => name);
  for (const [service, { vip }] of draft.addressed) {
    const text = addressOf(vip);
    if (text === undefined) continue;
    const address = canonicalAddress(text);
    const owner = draft.ownerOf(address);
    const path = ["services", service, "vip", ...(typeof vip === "object" ? ["address"] : [])];
    const taken =
      owner === undefined
        ? takenByRouter(draft, service, address, directors)
        : directors.includes(owner.host)
          ? takenByDirector(draft, service, owner, directors)
          : takenByHost(draft, service, owner);
    if (taken !== undefined) {
      yield draft.problem("LVS-CONFIG-027", path, { message: `${address} ${taken.why}.`, hint: taken.hint });
    } else if (owner !== undefined && directors.includes(owner.host)) yield* idleSettings(draft, service, vip, owner);
  }
}

/** That "lo" is no interface of the file is for LVS-CONFIG-051. */
function takenByHost(draft: Draft, service: string, owner: HostAddress): Taken | undefined {
  const { host, interface: device, prefix, family } = owner;
  const role = draft.hosts.get(host)?.roles.join(" and ");
  const others =
    draft.addresses.get(host)?.filter((one) => one.family === family && one.address !== owner.address) ?? [];
  const isRealServer = draft.hosts.get(host)?.roles.includes("real-server") === true;
  const isHandedOn = draft.modesOf(service).some(({ rewrites }) => rewrites("destination") === false);
  if (isRealServer && isHandedOn && others.length > 0 && prefix === addressLength(family)) {
    if (device === "lo") return undefined;
    return {
      why: `is written as an address of the real server "${host}" on ${device}. An address that the file gives a host is there without the settings that keep the host from answering for it`,
      hint: "Delete it there: lvsctl gives real servers the virtual address where the mode needs it. Or choose a free one.",
    };
  }
  return {
    why: `is the address of the ${role} "${host}" on ${device}. lvsctl puts a virtual address on the directors, and packets for its other owner would be balanced too`,
    hint: "Choose a free address.",
  };
}

/**
 * A host that has this address as its gateway, or as the next hop of a route. If replies return through the director, the
 * address may be the gateway of the real servers: the director has it, and it can move to another one.
 */
function takenByRouter(
  draft: Draft,
  service: string,
  address: string,
  directors: readonly string[],
): Taken | undefined {
  const returnsThere = draft.modesOf(service).every(({ traits }) => traits.answeredBy === "director");
  const routed = routedBy(draft, address).find(
    ({ host, isGateway }) => !isGateway || !returnsThere || directors.includes(host.name),
  );
  if (routed === undefined) return undefined;
  const { host, isGateway, why } = routed;
  const mayBeDirector = !returnsThere && isGateway && host.roles.includes("real-server");
  return {
    why: `${why}. lvsctl puts a virtual address on the directors, and packets for its other owner would be balanced too`,
    hint: mayBeDirector
      ? `Give "${host.name}" the router in front of the director as its gateway${frontRouter(draft, directors, host, address)}: in this mode it answers clients itself. Or, if ${address} is a router, choose a free address.`
      : "Choose a free address.",
  };
}

/** What to write for the gateway of a host in the subnet of a director: that one's own; empty if it has none there. */
function frontRouter(draft: Draft, directors: readonly string[], host: Host, address: string): string {
  const own = draft.addresses.get(host.name) ?? [];
  const routers = directors.flatMap((name) => draft.hosts.get(name)?.gateways ?? []);
  const router = routers.find(({ via }) => {
    const target = parseCidr(via);
    return via !== address && target !== undefined && own.some((one) => contains(one, target));
  });
  return router === undefined ? "" : `, \`gateway: ${router.via}\``;
}

/** Whether a director has the address for what it sends to real servers of the service, and not another one of its own. */
function isSourceOf({ services, network }: Draft, entry: string, { host, address, family }: HostAddress): boolean {
  const servers = services.filter(({ name }) => entryOf(name) === entry).flatMap(({ realServers }) => realServers);
  const sources = servers.map((one) => sourceTowards(network, host, family, parseCidr(one.address))?.address);
  return sources.length === 0 || sources.includes(address);
}

/**
 * In dr and tun the kernel of a real server, which has the virtual address too, takes whatever the director sends from that
 * address for its own and drops it, ARP requests included. Source: ip_route_input_slow and arp_process in net/ipv4.
 */
function takenByDirector(
  draft: Draft,
  service: string,
  owner: HostAddress,
  directors: readonly string[],
): Taken | undefined {
  const { host, interface: device } = owner;
  const mode = draft.modesOf(service).find((one) => one.rewrites("destination") === false);
  const isOnlyVirtual = draft.addresses
    .get(host)
    ?.some((one) => one.address !== owner.address && one.family === owner.family && contains(one, wholeAddress(owner)));
  const asVirtual = isOnlyVirtual
    ? "If it is there for this service, delete it there: lvsctl adds it. Or choose"
    : "Choose";
  const own = `is the director's own address ("${host}" on ${device})`;
  const other = directors.find((name) => name !== host);
  if (other !== undefined) {
    return {
      why: `${own}, and the director "${other}" would get it too`,
      hint: `${asVirtual} a free address, or keep one director.`,
    };
  }
  if (mode === undefined || !isSourceOf(draft, service, owner)) return undefined;
  const way = orUse(draft, ({ rewrites }) => rewrites?.destination === "always");
  return {
    why: `${own}. In mode ${mode.name} real servers have the virtual address too, so they would take what the director sends from it for their own and drop it, even the requests by which it looks for them (ARP or NDP)`,
    hint: `${asVirtual} a free address${way}, where real servers do not get it.`,
  };
}

function* idleSettings(draft: Draft, service: string, vip: Service["vip"], owner: HostAddress): Iterable<LvsctlError> {
  if (typeof vip !== "object") return;
  const other = [
    ...(vip.interface === undefined || vip.interface === owner.interface ? [] : ["interface"]),
    ...([undefined, owner.prefix, addressLength(owner.family)].includes(vip.prefix) ? [] : ["prefix"]),
  ];
  for (const key of other) {
    const message = `\`${key}\` does nothing: ${owner.address}/${owner.prefix} is the own address of "${owner.host}", on ${owner.interface}, and stays as it is.`;
    yield draft.problem(
      "LVS-CONFIG-049",
      ["services", service, "vip", key],
      { message, hint: `Delete \`${key}\`.` },
      "key",
    );
  }
}
