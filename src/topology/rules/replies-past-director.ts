/** If real servers answer clients themselves, their replies must not pass the director. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import type { Draft } from "../draft.ts";
import { modesWith, showsClient } from "../other-modes.ts";
import type { Service } from "../topology.ts";

/** LVS-CONFIG-036 for a director as a real server's gateway. */
export function* repliesPastDirector(draft: Draft): Iterable<LvsctlError> {
  for (const service of draft.services) {
    if (draft.modeOf(service.name).traits.answeredBy === "real-server") yield* checkGateways(draft, service);
  }
}

function* checkGateways(draft: Draft, service: Service): Iterable<LvsctlError> {
  const directors = new Set(service.directors.map(({ host }) => host));
  for (const { host } of service.realServers) {
    const gateway = draft.hosts.get(host)?.gateways.find(({ family }) => family === service.family);
    const router = gateway === undefined ? undefined : draft.ownerOf(gateway.via)?.host;
    if (gateway === undefined || router === undefined || !directors.has(router)) continue;
    const message = `The gateway ${gateway.via} is the director "${router}". In mode ${draft.modeOf(service.name).name} real servers answer clients themselves, in the name of the virtual address, and a director that has this address drops such packets as forged.`;
    const others = modesWith(draft, (traits) => traits.answeredBy === "director" && showsClient(traits));
    const way =
      others.length === 0 ? "" : `; or use the mode ${others.join(" or ")}, in which the director is the gateway`;
    const hint = `Name the router in front of the director as gateway${way}.`;
    yield draft.problem("LVS-CONFIG-036", ["hosts", host, "gateway"], { message, hint });
  }
}
