/** What a host on a packet's path has to let out or through, without changing it. Pure. */
import type { FilteredPacket } from "../lvs/filtered-packet.ts";
import { isPassive } from "../lvs/ftp.ts";
import { addressFamily, type Family } from "../net/address.ts";
import type { Service } from "../topology/topology.ts";
import type { PassingPacket } from "./desired-state.ts";
import type { Hop, Packet, PacketWay } from "./packet-way.ts";

/** The port of GUE where the topology names none. */
const GUE_PORT = 6080;

type Passing = readonly (readonly [host: string, PassingPacket])[];

/**
 * The packets that leave the hosts of a path: those that a host sends, or IPVS on it, and those that it forwards as they are;
 * and what opens FTP's data connections, where that comes in and is forwarded.
 */
export function passingOn(way: PacketWay, service: Service): Passing {
  const isByMarkOfPorts = service.match.some(({ ports = [] }) => ports.some(isPassive));
  const hasData = service.helper === "ftp" && service.publish === undefined && !isByMarkOfPorts;
  return [...leaving(way, service), ...(hasData ? opening(way, service) : [])];
}

/**
 * No rule of a playbook lets these in: which ports they are for, only the FTP server knows, and all that they can be for are too
 * many to open.
 */
function opening({ hops, director, realServer, seen }: PacketWay, service: Service): Passing {
  const requests = hops.filter(({ direction }) => direction === "request");
  const data = (hook: "input" | "forward", packet: Packet): PassingPacket => {
    const { destinationPort: _, ...whole } = filtered(packet, "request", service);
    return { packet: { hook, ...whole, isData: true, mayGoToIpvs: true }, service: service.name };
  };
  const arrives = requests.find(({ to }) => to.host === director.host);
  const forwarding = requests.slice(1).filter(({ from, points, packet }) => {
    return packet.outer === undefined && points.length === 0 && from.host !== director.host;
  });
  return [
    ...(arrives === undefined ? [] : [[director.host, data("input", arrives.packet)] as const]),
    ...forwarding.map(({ from, packet }) => [from.host, data("forward", packet)] as const),
    ...(realServer.host === director.host ? [] : [[realServer.host, data("input", seen)] as const]),
  ];
}

function leaving({ hops, director }: PacketWay, service: Service): Passing {
  return hops.flatMap((hop, index) => {
    const isOrigin = hops[index - 1]?.direction !== hop.direction;
    const isByIpvs =
      !isOrigin && hop.direction === "request" && hop.from.host === director.host && hop.points.length > 0;
    const isUnchanged = hop.points.every(({ before, after }) => JSON.stringify(before) === JSON.stringify(after));
    if (!isOrigin && !isByIpvs && !isUnchanged) return [];
    // What source it leaves with is decided behind OUTPUT.
    const { source, ...untranslated } = filtered(hop.packet, hop.direction, service);
    const packet: FilteredPacket = {
      hook: isOrigin || isByIpvs ? "output" : "forward",
      ...untranslated,
      ...(isByIpvs ? { mayBeUntracked: true } : source === undefined ? {} : { source }),
    };
    return [[hop.from.host, { packet, service: service.name }] as const];
  });
}

function filtered(packet: Packet, direction: Hop["direction"], service: Service): Omit<FilteredPacket, "hook"> {
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
