/** If a mode cannot map ports, real servers must listen on the service's port. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import { keepsClientsPort } from "../chosen-mark.ts";
import type { Draft } from "../draft.ts";
import { orUse, showsClient } from "../other-modes.ts";
import { realServersOf } from "../services.ts";

/** LVS-CONFIG-034 for a real server with another port. */
export function* realServerPorts(draft: Draft): Iterable<LvsctlError> {
  for (const [name, file] of draft.serviceFiles) {
    // Without a port, or with several, other rules say what is wrong.
    const hasPort = file.port !== undefined || file.fwmark !== undefined;
    if (!hasPort || keepsClientsPort(draft, entryOf(name))) continue;
    for (const { host, settings, mode: its, path } of realServersOf(file, [])) {
      if (settings.port === undefined || settings.port === (file.port ?? 0)) continue;
      const mode = draft.modesOf(name).find((one) => one.name === its);
      if (mode?.traits.mapsPorts !== false) continue;
      const kept = file.fwmark === undefined ? `the service's port ${file.port}` : "whatever port the packet goes to";
      const message = `In mode ${mode.name} requests keep their port on the way to a real server, ${kept}; port ${settings.port} would be ignored without a word.`;
      const way = orUse(draft, (traits) => traits.mapsPorts === true && showsClient(traits));
      const hint = `Delete \`port\` and let "${host}" listen on the service's port${way === "" ? "" : `${way}, which can change ports`}.`;
      yield draft.problem("LVS-CONFIG-034", ["services", name, ...path, "port"], { message, hint });
    }
  }
}
