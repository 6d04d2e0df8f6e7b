/** What a director has of real servers, as ipvsadm shows it. */
import { parseConnections, parseCounters } from "../../lvs/ipvsadm-list.ts";
import { notUnderstood, requireOutput } from "../../resources/outputs.ts";
import { installHint } from "../../resources/packages.ts";
import type { ReadCommand } from "../../shell/read-script.ts";
import type { Transport } from "../../transport/transport.ts";
import type { DestinationTraffic } from "../run-host.ts";

const CONNECTIONS = "ipvs-connections";
const COUNTERS = "ipvs-counters";
const TABLE_FILE = "/proc/net/ip_vs";
const READS: readonly ReadCommand[] = [
  { name: CONNECTIONS, argv: ["ipvsadm", "-L", "-n"], onlyIf: TABLE_FILE },
  { name: COUNTERS, argv: ["ipvsadm", "-L", "-n", "--stats", "--exact"], onlyIf: TABLE_FILE },
];

/** One exec. Empty where ip_vs is not loaded: there is no table then. Throws LVS-CONNECT-… and LVS-FACT-… errors. */
export async function readTraffic(
  transport: Transport,
  keys: readonly string[],
): Promise<readonly DestinationTraffic[]> {
  const { host } = transport;
  const outputs = await transport.read(READS);
  if (!outputs.has(CONNECTIONS)) return [];
  const ipvsadm = { name: "ipvsadm", hint: installHint("ipvsadm") };
  try {
    const connections = parseConnections(requireOutput(outputs, CONNECTIONS, host, ipvsadm));
    const counters = parseCounters(requireOutput(outputs, COUNTERS, host, ipvsadm));
    return keys.map((key) => {
      const { active = 0, inactive = 0 } = connections.get(key) ?? {};
      const { packetsIn = 0, packetsOut = 0 } = counters.get(key) ?? {};
      return { key, active, inactive, packets: packetsIn + packetsOut };
    });
  } catch (error) {
    throw error instanceof SyntaxError ? notUnderstood(host, "ipvsadm", error.message) : error;
  }
}
