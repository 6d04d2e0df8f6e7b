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
 * LVS-CONFIG-095 for a UDP service with a real server that gets GUE at the same port: the kernel takes all that comes there
 * for a tunnel's. Source: setup_udp_tunnel_sock in the kernel's fou_core.c, whose socket is bound to every address.
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
      const tunnel = taken.entry === entry ? "its own tunnel" : `the tunnel of "${taken.entry}"`;
      const message = `"${realServer.host}" gets requests of "${entry}" at UDP port ${taken.port}, where its kernel takes whatever comes for packets of ${tunnel}, so they are lost.`;
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
