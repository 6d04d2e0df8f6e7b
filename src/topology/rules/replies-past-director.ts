/** If real servers answer clients themselves, their replies must not pass the director. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { interfaceSysctl } from "../../network/interface-sysctl.ts";
import type { Draft } from "../draft.ts";
import { modesWith, showsClient } from "../other-modes.ts";
import type { Host, Service } from "../topology.ts";

/** LVS-CONFIG-036 for a director as a real server's gateway, unless it is set up to accept its own address as a source. */
export function* repliesPastDirector(draft: Draft): Iterable<LvsctlError> {
  for (const service of draft.services) {
    if (draft.modeOf(service).traits.answeredBy === "real-server") yield* checkGateways(draft, service);
  }
}

function* checkGateways(draft: Draft, service: Service): Iterable<LvsctlError> {
  const directors = new Set(service.directors.map(({ host }) => host));
  for (const { host } of service.realServers) {
    const gateway = draft.hosts.get(host)?.gateways.find(({ family }) => family === service.family);
    const near = gateway === undefined ? undefined : draft.ownerOf(gateway.via);
    if (gateway === undefined || near === undefined || !directors.has(near.host)) continue;
    const { host: router, interface: device } = near;
    if (service.family === 4 && acceptsItsOwn(draft.hosts.get(router), device)) continue;
    const message = `The gateway ${gateway.via} is the director "${router}". In mode ${draft.modeOf(service).name} real servers answer clients themselves, in the name of the virtual address, and a director that has this address drops such packets as forged.`;
    const others = modesWith(draft, (traits) => traits.answeredBy === "director" && showsClient(traits));
    const way =
      others.length === 0 ? "" : `; or use the mode ${others.join(" or ")}, in which the director is the gateway`;
    const sysctls =
      service.family === 4
        ? `; or set net.ipv4.conf.${device.replaceAll(".", "/")}.accept_local to 1 under \`sysctls\` of "${router}" and let it forward (\`role: firewall\`)`
        : "";
    const hint = `Name the router in front of the director as gateway${way}${sysctls}.`;
    yield draft.problem("LVS-CONFIG-036", ["hosts", host, "gateway"], { message, hint });
  }
}

/**
 * Whether a director forwards packets that have an address of its own as their source. Strict rp_filter drops them where
 * they come in by another interface. Source: fib_validate_source in the kernel's net/ipv4/fib_frontend.c.
 */
function acceptsItsOwn(director: Host | undefined, device: string): boolean {
  if (director === undefined || interfaceSysctl(director, device, "accept_local") !== 1) return false;
  const forwards =
    director.roles.includes("firewall") ||
    director.sysctls.some(({ key, value }) => key === "net.ipv4.ip_forward" && value === "1");
  return forwards && interfaceSysctl(director, device, "rp_filter") !== 1;
}
