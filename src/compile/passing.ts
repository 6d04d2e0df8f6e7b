/** What a host on a packet's path has to let out or through, without changing it. Pure. */
import type { FilteredPacket } from "../lvs/filtered-packet.ts";
import { addressFamily, type Family } from "../net/address.ts";
import type { Service } from "../topology/topology.ts";
import type { PassingPacket } from "./desired-state.ts";
import type { Hop, PacketWay } from "./packet-way.ts";

/** The port of GUE where the topology names none. */
const GUE_PORT = 6080;

/** The packets that leave the hosts of a path: those that a host sends, or IPVS on it, and those that it forwards as they are. */
export function passingOn(
  { hops, director }: PacketWay,
  service: Service,
): readonly (readonly [host: string, PassingPacket])[] {
  return hops.flatMap((hop, index) => {
    const isOrigin = hops[index - 1]?.direction !== hop.direction;
    const isByIpvs =
      !isOrigin && hop.direction === "request" && hop.from.host === director.host && hop.points.length > 0;
    const isUnchanged = hop.points.every(({ before, after }) => JSON.stringify(before) === JSON.stringify(after));
    if (!isOrigin && !isByIpvs && !isUnchanged) return [];
    // What source it leaves with is decided behind OUTPUT.
    const { source, ...untranslated } = filtered(hop, service);
    const packet: FilteredPacket = {
      hook: isOrigin || isByIpvs ? "output" : "forward",
      ...untranslated,
      ...(isByIpvs ? { mayBeUntracked: true } : source === undefined ? {} : { source }),
    };
    return [[hop.from.host, { packet, service: service.name }] as const];
  });
}

function filtered({ packet, direction }: Hop, service: Service): Omit<FilteredPacket, "hook"> {
  const { source, sourcePort, destination, destinationPort, outer } = packet;
  if (outer !== undefined) {
    const family = familyOf(outer.destination, service);
    return { family, ...tunnelled(service), destination: outer.destination, isFirst: true };
  }
  const protocol = service.fwmark === undefined ? service.protocol : (service.match[0]?.protocol ?? service.protocol);
  return {
    family: familyOf(destination, service),
    protocol,
    // A client outside of the topology has no address.
    ...(addressFamily(source) === undefined ? {} : { source }),
    ...(addressFamily(destination) === undefined ? {} : { destination }),
    ...(sourcePort === undefined ? {} : { sourcePort }),
    ...(destinationPort === undefined ? {} : { destinationPort }),
    isFirst: direction === "request",
    clientEnd: direction === "request" ? "source" : "destination",
  };
}

/** The protocol depends on what is inside. Source: ip_vs_tunnel_xmit in the kernel's ip_vs_xmit.c. */
function tunnelled({ tunnel, family }: Service): Pick<FilteredPacket, "protocol" | "destinationPort"> {
  if (tunnel.type === "gue") return { protocol: "udp", destinationPort: tunnel.port ?? GUE_PORT };
  return { protocol: tunnel.type === "gre" ? "gre" : family === 6 ? "ipv6" : "ipencap" };
}

function familyOf(address: string, { family }: Service): Family {
  return addressFamily(address) ?? family;
}
