/** A packet as filters see it, as far as it is known. */
import type { Family } from "../net/address.ts";
import { FIRST_DATA_PORT } from "./ftp.ts";
import { spokenProtocol } from "./iptables-values.ts";

/** The first packet of a connection, or a later one. What is not known of it may be anything. */
export interface FilteredPacket {
  /**
   * Where it passes: `input` if it is for the host, `forward` if it goes on to another, `output` if the host sends it, or IPVS
   * there; `prerouting` if nothing is known but that it comes in, and what becomes of it is another packet.
   */
  readonly hook: "prerouting" | "input" | "forward" | "output";
  readonly family: Family;
  /** `tcp`, or a name or number as iptables takes it: `ipencap`. */
  readonly protocol: string;
  readonly source?: string;
  readonly destination?: string;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly isFirst: boolean;
  /** The end at which a program has a port of its own choice, not one of a server: for TCP, none below 1024. */
  readonly clientEnd?: "source" | "destination";
  /** It opens a data connection of FTP in the passive mode: the server has chosen the port, none below 1024. */
  readonly isData?: true;
  /** The host translates destinations: it may have come in with another one. */
  readonly mayBeTranslated?: true;
  /** IPVS sends it, which may keep it from being tracked. */
  readonly mayBeUntracked?: true;
  /** The host is a director: IPVS may take it before all chains have seen it. */
  readonly mayGoToIpvs?: true;
}

/** The largest port. */
const LAST_PORT = 65_535;

/** The priority of destination translation, and that at which IPVS takes requests, and replies of NAT. */
const TRANSLATION = -100;
const IPVS = 98;

/** The hooks in the order in which it passes them. */
const HOOKS = {
  prerouting: ["prerouting"],
  input: ["prerouting", "input"],
  forward: ["prerouting", "forward", "postrouting"],
  output: ["output", "postrouting"],
};

/**
 * The packet as a chain sees it; undefined if it may not come there. Source: linux/netfilter_ipv4.h, and ip_vs_ops in
 * net/netfilter/ipvs/ip_vs_core.c. What IPVS has translated leaves with another source. What IPVS sends to a real server, by
 * whatever method, passes OUTPUT: NF_INET_LOCAL_OUT and ip_local_out in net/netfilter/ipvs/ip_vs_xmit.c.
 */
export function seenAt(hook: string, priority: number | undefined, packet: FilteredPacket): FilteredPacket | undefined {
  const { destination: _to, destinationPort: _toPort, ...withoutDestination } = packet;
  const { source: _from, sourcePort: _fromPort, ...withoutSource } = packet;
  if (!HOOKS[packet.hook].includes(hook)) return undefined;
  if (hook === "postrouting") return withoutSource;
  if (hook === "output") return packet;
  if (hook !== "prerouting") return packet.mayGoToIpvs && (priority ?? 0) >= IPVS ? undefined : packet;
  const isEarly = priority !== undefined && priority < TRANSLATION;
  if (packet.hook === "prerouting") return isEarly ? packet : undefined;
  return packet.mayBeTranslated && (isEarly || priority === undefined || priority === TRANSLATION)
    ? withoutDestination
    : packet;
}

/** The port that it is for, or all that it can be for; `between`: what stands between the first and the last. */
export function portsTo({ destinationPort, isData }: FilteredPacket, between: "-" | ":"): string | number | undefined {
  return isData ? `${FIRST_DATA_PORT}${between}${LAST_PORT}` : destinationPort;
}

/** A packet for people: `tcp to 172.16.10.10:80`. */
export function packetWords(packet: FilteredPacket): string {
  const { protocol, source, destination, sourcePort } = packet;
  const end = (address: string | undefined, port: string | number | undefined) =>
    port === undefined ? address : `${address?.includes(":") ? `[${address}]` : (address ?? "")}:${port}`;
  const [from, to] = [end(source, sourcePort), end(destination, portsTo(packet, "-"))];
  return [protocol, ...(from === undefined ? [] : [`from ${from}`]), ...(to === undefined ? [] : [`to ${to}`])].join(
    " ",
  );
}

/** The words of an nft rule that accepts it: `ip daddr 172.16.10.10 tcp dport 80 accept`. */
export function acceptInNft(packet: FilteredPacket): string {
  const { family, protocol, source, destination, sourcePort } = packet;
  const to = portsTo(packet, "-");
  const network = family === 6 ? "ip6" : "ip";
  const ports = [
    ...(sourcePort === undefined ? [] : [`${protocol} sport ${sourcePort}`]),
    ...(to === undefined ? [] : [`${protocol} dport ${to}`]),
  ];
  return [
    ...(source === undefined ? [] : [`${network} saddr ${source}`]),
    ...(destination === undefined ? [] : [`${network} daddr ${destination}`]),
    ...(ports.length > 0 ? ports : [`meta l4proto ${protocol}`]),
    "accept",
  ].join(" ");
}

/** The words of a rule of iptables that accepts it: `-d 172.16.10.10 -p tcp --dport 80 -j ACCEPT`. */
export function acceptInIptables(packet: FilteredPacket): string {
  const { protocol, source, destination, sourcePort } = packet;
  const to = portsTo(packet, ":");
  return [
    ...(source === undefined ? [] : [`-s ${source}`]),
    ...(destination === undefined ? [] : [`-d ${destination}`]),
    `-p ${spokenProtocol(protocol)}`,
    ...(sourcePort === undefined ? [] : [`--sport ${sourcePort}`]),
    ...(to === undefined ? [] : [`--dport ${to}`]),
    "-j ACCEPT",
  ].join(" ");
}
