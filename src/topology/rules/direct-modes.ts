/** What the modes dr and tun, in which real servers answer clients themselves, ask for. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { wholeAddress } from "../../net/address.ts";
import { NetworkTable } from "../../net/network-table.ts";
import type { Draft } from "../draft.ts";
import { interfaceAddressPath } from "../interface-address-path.ts";
import { isDirect } from "../modes.ts";
import { realServersOf } from "../services.ts";
import type { Service } from "../topology.ts";

/**
 * LVS-CONFIG-034 for another port on a real server, LVS-CONFIG-035 for a real server on another segment (dr),
 * LVS-CONFIG-036 for a director as its gateway.
 */
export function* directModes(draft: Draft): Iterable<LvsctlError> {
  for (const [name, file] of draft.serviceFiles) {
    if (!isDirect(file.mode)) continue;
    for (const [host, settings] of realServersOf(file, [])) {
      if (settings?.port === undefined || settings.port === (file.port ?? 0)) continue;
      const asked = file.fwmark === undefined ? `the service's port ${file.port}` : "whatever port the packet goes to";
      const message = `In mode ${file.mode} packets reach a real server unchanged, with ${asked}; IPVS ignores port ${settings.port} without a word.`;
      const hint = `Delete \`port\` and let "${host}" listen on the service's port, or use the mode nat, which can change ports.`;
      yield draft.problem("LVS-CONFIG-034", [...draft.realServerPath(name, host), "port"], { message, hint });
    }
  }
  for (const service of draft.services) {
    if (service.mode === "dr") yield* checkSegments(draft, service);
    if (isDirect(service.mode)) yield* checkGateways(draft, service);
  }
}

function* checkSegments(draft: Draft, service: Service): Iterable<LvsctlError> {
  for (const director of service.directors) {
    const near = draft.addresses.get(director.host) ?? [];
    const segments = new Set(near.map(({ segment }) => segment));
    const subnets = new NetworkTable(near.map((address) => [address, address.network]));
    for (const realServer of service.realServers) {
      const own = draft.ownerOf(realServer.address);
      if (own === undefined || own.host !== realServer.host) continue;
      if (segments.has(own.segment) || subnets.smallest(wholeAddress(own)) !== undefined) continue;
      const message = `"${realServer.host}" (${own.address}) and the director "${director.host}" (${director.address}) are on different segments. In mode dr the director hands packets over by MAC address, and a router between them would send them back to the virtual address.`;
      const hint = `Put both on one segment (\`networks\` says which subnets share one), or use the mode tun, which reaches real servers behind routers.`;
      yield draft.problem("LVS-CONFIG-035", interfaceAddressPath(draft, own), { message, hint });
    }
  }
}

function* checkGateways(draft: Draft, service: Service): Iterable<LvsctlError> {
  const directors = new Set(service.directors.map(({ host }) => host));
  for (const { host } of service.realServers) {
    const gateway = draft.hosts.get(host)?.gateways.find(({ family }) => family === service.family);
    const router = gateway === undefined ? undefined : draft.ownerOf(gateway.via)?.host;
    if (gateway === undefined || router === undefined || !directors.has(router)) continue;
    const message = `The gateway ${gateway.via} is the director "${router}". In mode ${service.mode} replies come from the virtual address, which the director has itself: it drops them as forged.`;
    const hint =
      "Name the router in front of the director as gateway; or use the mode nat, in which the director is the gateway.";
    yield draft.problem("LVS-CONFIG-036", ["hosts", host, "gateway"], { message, hint });
  }
}
