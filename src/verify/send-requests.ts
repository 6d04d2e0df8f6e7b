/** Sends requests to every service of a topology from one host, and says what came of them. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { ReadCommand } from "../shell/read-script.ts";
import type { Topology } from "../topology/topology.ts";
import type { Transport } from "../transport/transport.ts";
import { hasNoCurl, isCurlTooOld, parseTraffic, type Traffic, targetOf, trafficCommand } from "./traffic.ts";

/** What curl takes at the most beyond its own time-outs: starting, and a slow host. */
const SLACK_MS = 30_000;

/**
 * One exec, whatever the number of services; a second one where the host's curl is older than 7.66. Services that HTTP
 * cannot try (UDP, SCTP, firewall marks, all ports) are left out. Throws LVS-VERIFY-001 when the host has no curl.
 */
export async function sendRequests(transport: Transport, topology: Topology): Promise<readonly Traffic[]> {
  const services = topology.services.filter((service) => targetOf(service) !== undefined);
  if (services.length === 0) return [];
  const { requests, timeoutSeconds } = topology.verify;
  const attempt = (inParallel: boolean) => {
    const commands = services.flatMap((service): readonly ReadCommand[] => {
      const command = trafficCommand(service, requests, timeoutSeconds, inParallel);
      return command ? [command] : [];
    });
    const rounds = inParallel ? Math.ceil(requests / 10) : requests;
    return transport.read(commands, { timeoutMs: commands.length * rounds * timeoutSeconds * 1000 + SLACK_MS });
  };
  let outputs = await attempt(true);
  if (isCurlTooOld(outputs)) outputs = await attempt(false);
  if (hasNoCurl(outputs)) {
    throw new LvsctlError("LVS-VERIFY-001", "This host has no curl, so it cannot send requests.", {
      host: transport.host,
      hint: "Install curl on it, or verify from this machine with --from local.",
    });
  }
  return services.map((service) => parseTraffic(service, transport.host, requests, outputs));
}

/** The services that `sendRequests` leaves out, each with the reason. */
export function unverifiable(topology: Topology): readonly string[] {
  return topology.services
    .filter((service) => targetOf(service) === undefined)
    .map(({ name, protocol, fwmark, port }) => {
      const reason =
        fwmark !== undefined
          ? "a firewall-mark service has no address of its own"
          : port === 0
            ? "it stands for every port"
            : `${protocol} answers nothing on its own`;
      return `${name}: no requests were sent: ${reason}`;
    });
}
