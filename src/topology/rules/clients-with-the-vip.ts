/** Clients that have the VIP themselves: their own requests never pass the director. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { ownAnswer } from "../../network/reach.ts";
import type { Draft } from "../draft.ts";

/** LVS-CONFIG-059, a warning, for each such client and service. */
export function* clientsWithTheVip(draft: Draft): Iterable<LvsctlError> {
  for (const client of draft.withRole("client")) {
    for (const service of draft.services) {
      const reason = ownAnswer(draft.network, service, draft.modeOf(service), client.name);
      if (reason === undefined) continue;
      const role = client.roles.length > 1 ? "roles" : "role";
      yield draft.problem("LVS-CONFIG-059", ["hosts", client.name, role], {
        message: `Requests of "${client.name}" to "${service.name}" say nothing about the service: ${reason}.`,
        hint: "Test from another host. `lvsctl verify` sends no requests from this one to that service.",
      });
      break;
    }
  }
}
