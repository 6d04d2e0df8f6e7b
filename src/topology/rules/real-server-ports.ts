/** If a mode cannot map ports, or the kernel keeps them, real servers must listen on the port that clients ask. */
import type { Path } from "../../document/parse-document.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import { keepsClientsPort } from "../chosen-mark.ts";
import type { Draft } from "../draft.ts";
import type { Service } from "../generated/topology-file.ts";
import { orUse, showsClient } from "../other-modes.ts";
import { type RealServerEntry, realServersOf } from "../services.ts";

/** LVS-CONFIG-034 for a real server with another port. */
export function* realServerPorts(draft: Draft): Iterable<LvsctlError> {
  for (const [name, file] of draft.serviceFiles) {
    // Without a port, or with several, other rules say what is wrong.
    const hasPort = file.port !== undefined || file.fwmark !== undefined;
    if (!hasPort || keepsClientsPort(draft, entryOf(name))) continue;
    for (const entry of realServersOf(file, [])) {
      const { host, settings, mode: its, path } = entry;
      if (settings.port === undefined || settings.port === (file.port ?? 0)) continue;
      const mode = draft.modesOf(name).find((one) => one.name === its);
      if (mode?.traits.mapsPorts === true)
        yield* keptByPersistence(draft, file, entry, ["services", name, ...path, "port"]);
      if (mode?.traits.mapsPorts !== false) continue;
      const kept = file.fwmark === undefined ? `the service's port ${file.port}` : "whatever port the packet goes to";
      const message = `In mode ${mode.name} requests keep their port on the way to a real server, ${kept}; IPVS silently ignores port ${settings.port}.`;
      const way = orUse(draft, (traits) => traits.mapsPorts === true && showsClient(traits));
      const hint = `Delete \`port\` and let "${host}" listen on the service's port${way === "" ? "" : `${way}, which can change ports`}.`;
      yield draft.problem("LVS-CONFIG-034", ["services", name, ...path, "port"], { message, hint });
    }
  }
}

/**
 * With persistence the kernel keeps the client's port unless that is the service's own, and services by mark or for every port
 * have none. Tried with Linux 6.1: a mark, persistence and another port, and connections went to the port that was asked.
 * Source: ip_vs_sched_persist in the kernel's ip_vs_core.c.
 */
function* keptByPersistence(
  draft: Draft,
  { persistence, fwmark, port: own, match = [] }: Service,
  { host, settings: { port } }: RealServerEntry,
  path: Path,
): Iterable<LvsctlError> {
  const isPortless = fwmark !== undefined || own === 0;
  const isSame = match.length > 0 && match.every(({ ports }) => ports?.every((one) => String(one) === String(port)));
  if (persistence === undefined || !isPortless || isSame) return;
  const [which, instead] =
    fwmark === undefined
      ? ["for every port", "make a service for each port"]
      : ["by firewall mark", "leave out `persistence`"];
  const message = `With persistence the kernel sends the requests of a service ${which} to whatever port the client connected to; IPVS silently ignores port ${port}.`;
  const hint = `Delete \`port\` and let "${host}" listen on the ports that clients ask, or ${instead}.`;
  yield draft.problem("LVS-CONFIG-034", path, { message, hint });
}
