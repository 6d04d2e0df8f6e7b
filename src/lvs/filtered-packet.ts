/** A packet as filters see it, as far as it is known. */
import type { Family } from "../net/address.ts";

/** The first packet of a connection, or a later one. What is not known of it may be anything. */
export interface FilteredPacket {
  /** Where it passes: `input` if it is for the host, `forward` if it goes on to another. */
  readonly hook: "input" | "forward";
  readonly family: Family;
  /** `tcp`, or a name or number as iptables takes it: `ipencap`. */
  readonly protocol: string;
  readonly source?: string;
  readonly destination?: string;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly isFirst: boolean;
}

/** A packet for people: `tcp to 172.16.10.10:80`. */
export function packetWords({ protocol, source, destination, sourcePort, destinationPort }: FilteredPacket): string {
  const end = (address: string | undefined, port: number | undefined) =>
    port === undefined ? address : `${address?.includes(":") ? `[${address}]` : (address ?? "")}:${port}`;
  const [from, to] = [end(source, sourcePort), end(destination, destinationPort)];
  return [protocol, ...(from === undefined ? [] : [`from ${from}`]), ...(to === undefined ? [] : [`to ${to}`])].join(
    " ",
  );
}

/** The words of an nft rule that accepts it: `ip daddr 172.16.10.10 tcp dport 80 accept`. */
export function acceptInNft({
  family,
  protocol,
  source,
  destination,
  sourcePort,
  destinationPort,
}: FilteredPacket): string {
  const network = family === 6 ? "ip6" : "ip";
  const ports = [
    ...(sourcePort === undefined ? [] : [`${protocol} sport ${sourcePort}`]),
    ...(destinationPort === undefined ? [] : [`${protocol} dport ${destinationPort}`]),
  ];
  return [
    ...(source === undefined ? [] : [`${network} saddr ${source}`]),
    ...(destination === undefined ? [] : [`${network} daddr ${destination}`]),
    ...(ports.length > 0 ? ports : [`meta l4proto ${protocol}`]),
    "accept",
  ].join(" ");
}
