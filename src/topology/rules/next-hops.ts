/** Gateways and next hops of routes have to be neighbours. */
import type { Path } from "../../document/parse-document.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { asking, type Cidr, contains, isLinkLocal, parseCidr } from "../../net/address.ts";
import { coveredHost } from "../covered-host.ts";
import type { Draft } from "../draft.ts";
import { hopFlaw } from "../hop-flaw.ts";
import type { Host } from "../topology.ts";

/** LVS-CONFIG-028 for a next hop that is out of reach, of the wrong family, the host itself, or one too many. */
export function* nextHops(draft: Draft): Iterable<LvsctlError> {
  for (const host of draft.hosts.values()) {
    const path = ["hosts", host.name];
    for (const [index, { via, device, family }] of host.gateways.entries()) {
      const gatewayPath = [...path, "gateway", ...(host.gateways.length > 1 ? [index] : [])];
      const own = isVirtual(draft, via) ? undefined : ownedByService(draft, host.name, via, "gateway");
      if (own !== undefined) yield draft.problem("LVS-CONFIG-028", gatewayPath, own);
      else yield* checkNextHop(draft, host, { via, device }, gatewayPath, "gateway");
      if (host.gateways.findIndex((other) => other.family === family) === index) continue;
      const message = `A second default gateway for IPv${family}: the kernel would use one of them and ignore the other.`;
      yield draft.problem("LVS-CONFIG-028", gatewayPath, {
        message,
        hint: "Keep one, and put the other into `routes`.",
      });
    }
    for (const [index, { to, via, device, family }] of host.routes.entries()) {
      if (via === undefined) continue;
      const viaPath = [...path, "routes", index, "via"];
      const hop = parseCidr(via);
      if (hop !== undefined && hop.family !== family) {
        const message = `The route to ${to} is IPv${family}, and its next hop ${via} is IPv${hop.family}.`;
        yield draft.problem("LVS-CONFIG-028", viaPath, { message, hint: `Name a router's IPv${family} address.` });
        continue;
      }
      const own = ownedByService(draft, host.name, via, "next hop");
      if (own !== undefined) yield draft.problem("LVS-CONFIG-028", viaPath, own);
      else yield* checkNextHop(draft, host, { via, device }, viaPath, "next hop");
    }
  }
}

interface Hop {
  readonly via: string;
  readonly device: string | undefined;
}

function* checkNextHop(draft: Draft, host: Host, { via, device }: Hop, path: Path, what: string) {
  const hop = parseCidr(via);
  if (hop === undefined) return;
  const own = (draft.addresses.get(host.name) ?? []).filter(({ family }) => family === hop.family);
  const flaw = isLinkLocal(hop) ? undefined : hopFlaw(draft.network, host.name, hop);
  if (own.some(({ address }) => address === via) || hasOn(host, device, via)) {
    const message = `${via} is an address of "${host.name}" itself; a ${what} is another machine.`;
    yield draft.problem("LVS-CONFIG-028", path, { message, hint: "Name the address of the router." });
  } else if (device !== undefined && !host.interfaces.some(({ name }) => name === device)) {
    const hint = `Its interfaces: ${host.interfaces.map(({ name }) => name).join(", ")}.`;
    yield draft.problem("LVS-CONFIG-028", path, { message: `"${host.name}" has no interface "${device}".`, hint });
  } else if (flaw !== undefined) {
    const message = `${via} ${flaw}; a ${what} is one router.`;
    yield draft.problem("LVS-CONFIG-028", path, { message, hint: "Name the address of the router." });
  } else if (isLinkLocal(hop)) {
    if (device !== undefined) return;
    const message = `${via} is a link-local address, which there may be on each interface of "${host.name}".`;
    const hint = `Write \`${via}%${host.interfaces[0]?.name}\`, with the interface that leads to it.`;
    yield draft.problem("LVS-CONFIG-028", path, { message, hint });
  } else if (!own.some((address) => contains(address, hop)) && !isNeighbour(host, hop)) {
    yield draft.problem("LVS-CONFIG-028", path, outOfReach(draft, host, hop, own, what));
  }
}

/** LVS-CONFIG-027 says more of a gateway that is a virtual address. */
function isVirtual({ services }: Draft, address: string): boolean {
  return services.some(({ vip }) => vip?.address === address);
}

/**
 * Why a next hop cannot be an address that the host gets for a service, alone or in a network that is matched. A real server's
 * IPv4 kernel takes one that is on lo: tried with Linux 6.18, which refuses it for IPv6.
 */
function ownedByService(draft: Draft, host: string, via: string, what: string) {
  const { network } = draft;
  const own = network.addressesOf(host).find(({ address }) => address === via);
  const isMatched =
    own === undefined &&
    network.ownersOf(via).some((owner) => owner.host === host) &&
    !isMatchedTooWidely(draft, host, via);
  const isSilent = own === undefined && parseCidr(via)?.family === 6 && network.takes(host, via);
  if (own?.isAdded !== true && !isMatched && !isSilent) return undefined;
  const message = `${via} is an address that "${host}" gets for a service; a ${what} is another machine.`;
  return { message, hint: "Name the router's own address; or, if this is it, choose another one for the service." };
}

/** Whether only networks with other hosts in them make it the host's: that is the mistake, LVS-CONFIG-052. */
function isMatchedTooWidely(draft: Draft, host: string, via: string): boolean {
  const hop = parseCidr(via);
  const networks = draft.services
    .filter(({ directors }) => directors.some((director) => director.host === host))
    .flatMap(({ match }) => match.flatMap(({ address }) => parseCidr(address) ?? []))
    .filter((network) => hop !== undefined && contains(network, hop));
  return networks.every((network) => coveredHost(draft, network) !== undefined);
}

/** Whether it is the host's own address on that interface: on others it may have the router's link-local one. */
function hasOn({ interfaces }: Host, device: string | undefined, address: string): boolean {
  return interfaces.some((nic) => nic.name === device && nic.addresses.some((own) => own.address === address));
}

/** Whether a route by interface leads to it. Tried with Linux 6.18: the kernel then takes it as a next hop, and else not. */
function isNeighbour({ routes }: Host, hop: Cidr): boolean {
  return routes.some(({ to, via }) => {
    const network = via === undefined ? parseCidr(to) : undefined;
    return network !== undefined && contains(network, hop);
  });
}

function outOfReach(draft: Draft, host: Host, hop: Cidr, own: readonly { readonly network: string }[], what: string) {
  const networks = own.map(({ network }) => network);
  const router = draft.ownerOf(hop.address)?.host;
  const near = (draft.addresses.get(router ?? "") ?? []).find(({ network }) => networks.includes(network));
  const reach = networks.length === 0 ? `has no IPv${hop.family} address` : `is only on ${networks.join(" and ")}`;
  return {
    message: `The ${what} ${hop.address} is out of reach: "${host.name}" ${reach}. A host finds its ${what} ${asking(hop.address)}, which works only within its own subnets.`,
    hint:
      near === undefined
        ? `Name a router's address in one of the host's own subnets, or give the host an address in that of ${hop.address}${orByDevice(draft, host, hop)}.`
        : `Use ${near.address}, the address that "${router}" has on the host's own subnet.`,
  };
}

/** The end of a hint: a route by interface, which LVS-CONFIG-081 allows only where nothing in the file contradicts it. */
function orByDevice(draft: Draft, { interfaces }: Host, hop: Cidr): string {
  const able = interfaces.filter((nic) => hop.family === 6 || nic.addresses.some(({ family }) => family === 4));
  const segment = draft.segmentHolding(hop);
  const device = able.find((nic) => nic.segment === segment) ?? able[0];
  if (device === undefined) return "";
  const joined =
    segment === undefined || segment === device.segment
      ? ""
      : "list the networks of both under one name in `networks`, and ";
  return `; or, if it is on one segment with the host, ${joined}add \`{ to: ${hop.address}, device: ${device.name} }\` to \`routes\``;
}
