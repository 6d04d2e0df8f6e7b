import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import type { Draft } from "../draft.ts";
import { realServersOf } from "../services.ts";

/** LVS-CONFIG-094, a warning, for a service whose real servers all have the weight 0: IPVS gives none of them a new client. */
export function* weights(draft: Draft): Iterable<LvsctlError> {
  for (const [entry, file] of draft.entries) {
    const written = realServersOf(file, []);
    if (written.length === 0 || written.some(({ settings }) => settings.weight !== 0)) continue;
    const message = `Every real server of "${entry}" has the weight 0, so IPVS refuses new clients of the service.`;
    const hint =
      "Give those that are to serve a weight from 1 up. If all of them are to be drained, this is no mistake.";
    yield draft.problem("LVS-CONFIG-094", ["services", entry, "realServers"], { message, hint }, "key");
  }
}
