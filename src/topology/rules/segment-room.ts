import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import type { Draft } from "../draft.ts";
import type { Service } from "../topology.ts";

/** What Ethernet carries if nothing else is set. */
const MTU = 1500;
const HEADER = { 4: 20, 6: 40 } as const;
const TCP = 20;
/** What is between the outer header and the packet in it. GUE is UDP and a header of 4 bytes. Sources: RFC 2784, RFC 768. */
const BETWEEN = { ipip: 0, gre: 4, gue: 12 } as const;

/** LVS-CONFIG-096, a warning, for a limit that leaves no room for the tunnel's header. */
export function* segmentRoom(draft: Draft): Iterable<LvsctlError> {
  const told = new Set<string>();
  for (const service of draft.services) {
    const { mssClamp } = service;
    const entry = entryOf(service.name);
    if (mssClamp === undefined || told.has(entry) || draft.modeOf(service).rewrites("outer") !== true) continue;
    const room = Math.min(...service.realServers.map(({ family }) => roomIn(service, family)));
    if (mssClamp <= room) continue;
    told.add(entry);
    const message = `Segments of ${mssClamp} bytes do not fit through the tunnel where networks carry ${MTU} bytes: its header and those of IP and TCP leave ${room}.`;
    const hint = `Set \`mssClamp: ${room}\`. If every network between director and real servers carries at least ${MTU + mssClamp - room} bytes, this is no mistake.`;
    yield draft.problem("LVS-CONFIG-096", ["services", entry, "mssClamp"], { message, hint });
  }
}

function roomIn({ family, tunnel }: Service, outer: 4 | 6): number {
  return MTU - HEADER[outer] - BETWEEN[tunnel.type] - HEADER[family] - TCP;
}
