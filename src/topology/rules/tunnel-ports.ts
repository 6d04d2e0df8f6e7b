import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { hasPort } from "../../lvs/port-range.ts";
import { entryOf } from "../../lvs/service-name.ts";
import type { Draft } from "../draft.ts";
import type { Service as ServiceFile } from "../generated/topology-file.ts";
import { usesSetting } from "../mode-traits.ts";
import type { RealServer, Service } from "../topology.ts";

/** A UDP port at which a real server's kernel takes packets of one family out of a tunnel. */
interface TunnelPort {
  readonly port: number;
  /** The service that it is for. */
  readonly entry: string;
}

/**
 * LVS-CONFIG-095 for a UDP service with a real server that gets GUE at the same port. Tried with Linux 6.12: once the kernel
 * listens there for a tunnel, no server can bind the port ("Address already in use"), not even at one address alone.
 */
export function* tunnelPorts(draft: Draft): Iterable<LvsctlError> {
  const tunnels = new Map<string, TunnelPort[]>();
  for (const service of draft.services) {
    const { type, port } = service.tunnel;
    if (type !== "gue" || port === undefined || !usesSetting(draft.modeOf(service).traits, "tunnel")) continue;
    for (const { host, family } of service.realServers) {
      const place = `${host} ${family}`;
      tunnels.set(place, [...(tunnels.get(place) ?? []), { port, entry: entryOf(service.name) }]);
    }
  }
  if (tunnels.size === 0) return;
  const told = new Set<string>();
  for (const service of draft.services) {
    const entry = entryOf(service.name);
    const file = draft.serviceFiles.get(service.name);
    if (file === undefined || told.has(entry)) continue;
    const isRewritten = draft.modeOf(service).rewrites("destination") === true;
    for (const realServer of service.realServers) {
      const place = `${realServer.host} ${isRewritten ? realServer.family : service.family}`;
      const taken = tunnels.get(place)?.find(({ port }) => listens(service, file, realServer, port));
      if (taken === undefined || told.has(entry)) continue;
      told.add(entry);
      const message = `The kernel of "${realServer.host}" takes UDP port ${taken.port} for the tunnel of "${taken.entry}", so no server of "${entry}" can listen there.`;
      const hint = `Give the tunnel of "${taken.entry}" another \`port\`, at which no service of "${realServer.host}" gets UDP.`;
      yield draft.problem("LVS-CONFIG-095", ["services", entry], { message, hint }, "key");
    }
  }
}

/** Whether requests of a service may reach a real server at this UDP port. */
function listens(
  service: Service,
  { match, ports, port }: ServiceFile,
  realServer: RealServer,
  asked: number,
): boolean {
  if (match !== undefined) {
    const udp = match.filter(({ protocol }) => protocol === "udp");
    return udp.some(({ ports: some = ["1-65535"] }) => some.some((one) => hasPort(one, asked)));
  }
  if (service.protocol !== "udp") return false;
  if (realServer.port !== 0) return realServer.port === asked;
  return port === 0 || (ports ?? []).some((one) => hasPort(one, asked));
}
