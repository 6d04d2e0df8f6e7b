/** Clients that have the VIP themselves: their own requests never pass the director. */

import { andList } from "../../errors/and-list.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import { targetAddress } from "../../network/origin.ts";
import { holdsTarget, ownAnswer } from "../../network/reach.ts";
import type { Draft } from "../draft.ts";

/** LVS-CONFIG-059, a warning, once for each such client, with all services that it is about. */
export function* clientsWithTheVip(draft: Draft): Iterable<LvsctlError> {
  for (const client of draft.withRole("client")) {
    const held = draft.services.flatMap((service) => {
      const what = holdsTarget(draft.network, service, draft.modeOf(service), client.name);
      const address = targetAddress(service)?.address;
      return what === undefined || address === undefined
        ? []
        : [{ entry: `"${entryOf(service.name)}"`, what, address }];
    });
    const [first] = held;
    if (first === undefined) continue;
    const same = held.filter(({ what }) => what === first.what);
    const entries = [...new Set(same.map(({ entry }) => entry))];
    const addresses = [...new Set(same.map(({ address }) => address))];
    const about = entries.length > 1 ? "these services" : "the service";
    const role = client.roles.length > 1 ? "roles" : "role";
    yield draft.problem("LVS-CONFIG-059", ["hosts", client.name, role], {
      message: `Requests of "${client.name}" to ${andList(entries)} say nothing about ${about}: ${ownAnswer(client.name, first.what, andList(addresses))}.`,
      hint: `Test from another host. \`lvsctl verify\` sends no requests from this one to ${entries.length > 1 ? "them" : "that service"}.`,
    });
  }
}
