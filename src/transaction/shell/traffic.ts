/** A director's counters for real servers, from ipvsadm. */
import { ipvsConnections, ipvsCounters } from "../../resources/ipvs-traffic.ts";
import type { Transport } from "../../transport/transport.ts";
import type { DestinationTraffic } from "../run-host.ts";

/** One exec. Empty if ip_vs is not loaded, since there is no table then. Throws LVS-CONNECT-… and LVS-FACT-… errors. */
export async function readTraffic(
  transport: Transport,
  keys: readonly string[],
): Promise<readonly DestinationTraffic[]> {
  const { host } = transport;
  const outputs = await transport.read([ipvsConnections, ipvsCounters]);
  if (!outputs.has(ipvsConnections.name)) return [];
  const connections = ipvsConnections.parse(outputs, host);
  const counters = ipvsCounters.parse(outputs, host);
  return keys.map((key) => {
    const { active = 0, inactive = 0 } = connections.get(key) ?? {};
    const { packetsIn = 0, packetsOut = 0 } = counters.get(key) ?? {};
    return { key, active, inactive, packets: packetsIn + packetsOut };
  });
}
