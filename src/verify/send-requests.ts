/** Sends requests to every service of a topology from one host and collects the results. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { ReadCommand, ReadOutputs } from "../shell/read-script.ts";
import type { Service, Topology } from "../topology/topology.ts";
import type { Transport } from "../transport/transport.ts";
import { datagramCommand, parseDatagrams } from "./datagrams.ts";
import { targetOf } from "./target.ts";
import {
  hasNoCurl,
  isCurlTooOld,
  parseTraffic,
  REQUESTS_AT_ONCE,
  type Traffic,
  trafficCommand,
  trafficName,
} from "./traffic.ts";

/** The most that curl may take beyond its own time-outs, to start and on a slow host. */
const SLACK_MS = 30_000;

/** The results of all requests from one host. */
export interface Sent {
  readonly traffic: readonly Traffic[];
  /** What was not sent, and why. */
  readonly notes: readonly string[];
}

/**
 * One exec for all services, and a second one if the host's curl is older than 7.66. Services of which nothing can
 * be expected are left out: `unverifiable` names them. Throws LVS-VERIFY-001 if the host needs curl and has none.
 */
export async function sendRequests(transport: Transport, topology: Topology): Promise<Sent> {
  const services = topology.services.filter((service) => whyUnverifiable(service) === undefined);
  const [byHttp, others] = [services.filter(isHttp), services.filter((service) => !isHttp(service))];
  const { requests, timeoutSeconds } = topology.verify;
  const attempt = async (inParallel: boolean, tried: readonly Service[]) => {
    const commands = tried.flatMap((service): readonly ReadCommand[] => {
      const command = isHttp(service)
        ? trafficCommand(service, requests, timeoutSeconds, inParallel)
        : datagramCommand(service, requests, timeoutSeconds);
      return command ? [command] : [];
    });
    if (commands.length === 0) return new Map();
    const rounds = inParallel ? Math.ceil(requests / REQUESTS_AT_ONCE) : requests;
    return transport.read(commands, { timeoutMs: commands.length * rounds * timeoutSeconds * 1000 + SLACK_MS });
  };
  const outputs = await attempt(true, services);
  const ofHttp: ReadOutputs = new Map([...outputs].filter(([name]) => byHttp.some((one) => name === trafficName(one))));
  const again = isCurlTooOld(ofHttp) ? await attempt(false, byHttp) : ofHttp;
  if (hasNoCurl(again)) {
    throw new LvsctlError("LVS-VERIFY-001", "This host has no curl, so it cannot send requests.", {
      host: transport.host,
      hint: "Install curl on it, or verify from this machine with --from local.",
    });
  }
  const results = [
    ...byHttp.map((service) => parseTraffic(service, transport.host, requests, again)),
    ...others.map((service) => parseDatagrams(service, transport.host, requests, outputs)),
  ];
  return {
    traffic: results.filter((result) => typeof result !== "string"),
    notes: results.filter((result) => typeof result === "string"),
  };
}

function isHttp({ protocol }: Service): boolean {
  return protocol === "tcp";
}

/** The services that `sendRequests` leaves out, each with the reason. */
export function unverifiable(topology: Topology): readonly string[] {
  return topology.services.flatMap((service) => {
    const reason = whyUnverifiable(service);
    return reason === undefined ? [] : [`${service.name}: no requests were sent: ${reason}`];
  });
}

function whyUnverifiable(service: Service): string | undefined {
  const { fwmark, realServers } = service;
  if (realServers.length === 0) return "it has no real servers yet";
  if (realServers.every(({ weight }) => weight === 0)) return "all of its real servers have weight 0";
  if (targetOf(service) !== undefined) return undefined;
  return fwmark === undefined ? "it stands for every port" : "a firewall-mark service has no address of its own";
}
