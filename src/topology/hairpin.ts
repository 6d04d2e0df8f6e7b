/** What becomes of replies to a publishing firewall that hides the clients behind it. */
import { firewallInside } from "../network/legs.ts";
import { pastDirector } from "../network/reach.ts";
import type { Draft } from "./draft.ts";
import type { Service } from "./topology.ts";

/** How real servers answer the firewall's own address past the director: the end of a sentence; undefined if they do not. */
export function hairpinTrouble(draft: Draft, service: Service): string | undefined {
  const address = firewallInside(draft.network, service);
  if (service.publish === undefined || address === undefined || service.directors.length === 0) return undefined;
  const firewall = { host: service.publish.on, address };
  const mode = draft.modeOf(service);
  return service.realServers
    .map(({ host }) => pastDirector(draft.network, service, host, mode, firewall))
    .find((reason) => reason !== undefined);
}
