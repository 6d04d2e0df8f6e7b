/** A service can hold each address and port of a real server only once. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import { keepsClientsPort } from "../chosen-mark.ts";
import type { Draft } from "../draft.ts";
import { type RealServerEntry, realServersOf } from "../services.ts";
import type { Service } from "../topology.ts";

/** LVS-CONFIG-070. */
export function* sameRealServer(draft: Draft): Iterable<LvsctlError> {
  const seen = new Set<string>();
  const told = new Set<string>();
  for (const service of draft.services) {
    const entries = entriesOf(draft, service);
    if (entries.length !== service.realServers.length) continue;
    for (const [index, { host, address, port }] of service.realServers.entries()) {
      const key = `${address} port ${port}`;
      const path = entries[index]?.path;
      const place = JSON.stringify([entryOf(service.name), path]);
      if (seen.has(`${service.name} ${key}`) && path !== undefined && !told.has(place)) {
        told.add(place);
        const message = `"${host}" is there twice, with ${key}; the kernel can hold it only once.`;
        const isFixed =
          keepsClientsPort(draft, entryOf(service.name)) || draft.modeOf(service).traits.mapsPorts === false;
        const hint = `Give the entry another ${isFixed ? "" : "`port` or "}\`address\`, or keep one entry, with a larger \`weight\`.`;
        yield draft.problem("LVS-CONFIG-070", ["services", service.name, ...path], { message, hint });
      }
      seen.add(`${service.name} ${key}`);
    }
  }
}

/** What the file says about the real servers of a resolved service. */
function entriesOf(draft: Draft, service: Service): readonly RealServerEntry[] {
  const file = draft.serviceFiles.get(service.name);
  if (file === undefined) return [];
  const { name } = draft.modeOf(service);
  return realServersOf(file, []).filter(({ mode }) => mode === name);
}
