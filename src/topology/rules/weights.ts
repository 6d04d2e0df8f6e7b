import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import type { Draft } from "../draft.ts";
import { realServersOf } from "../services.ts";

/**
 * For real servers with the weight 0, to which IPVS gives no new client: LVS-CONFIG-094, a warning, for a service that has no
 * other, and else LVS-CONFIG-113, another one, for each.
 */
export function* weights(draft: Draft): Iterable<LvsctlError> {
  for (const [entry, file] of draft.entries) {
    const written = realServersOf(file, []);
    const idle = written.filter(({ settings }) => settings.weight === 0);
    if (idle.length < written.length) {
      for (const { host, path } of idle) {
        const message = `With the weight 0 "${host}" receives no new connections to "${entry}".`;
        const hint =
          "Write a weight from 1 up. To drain it for a time, `lvsctl drain` does this without a change of the file.";
        yield draft.problem("LVS-CONFIG-113", ["services", entry, ...path, "weight"], { message, hint });
      }
    } else if (idle.length > 0) {
      const message = `Every real server of "${entry}" has the weight 0, so IPVS refuses new clients of the service.`;
      const hint =
        "Give those that are to serve a weight from 1 up. If all of them are to be drained, this is no mistake.";
      yield draft.problem("LVS-CONFIG-094", ["services", entry, "realServers"], { message, hint }, "key");
    }
  }
}
