/** Every service needs a director and real servers. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import type { Draft } from "../draft.ts";
import { realServersOf } from "../services.ts";

/**
 * LVS-CONFIG-022 without a director, LVS-CONFIG-023 without real servers, LVS-CONFIG-058 for too many; LVS-CONFIG-065, a
 * warning, for a service that says itself that it has none.
 */
export function* serviceHosts(draft: Draft): Iterable<LvsctlError> {
  if (!draft.isWhole) return;
  if (draft.isTooLarge) {
    const message =
      "Directors × real servers, summed over all services, are more than 200 000, which is more than one apply can change.";
    yield draft.problem(
      "LVS-CONFIG-058",
      ["services"],
      { message, hint: "Divide the installation into several topologies." },
      "key",
    );
    return;
  }
  if (draft.withRole("director").length === 0) {
    const message = "No host is a director, so nothing would distribute the services' packets.";
    yield draft.problem("LVS-CONFIG-022", ["hosts"], { message, hint: "Give a host `role: director`." }, "key");
  }
  const realServers = draft.withRole("real-server").map(({ name }) => name);
  for (const [service, file] of draft.serviceFiles) {
    const isSaid = file.realServers !== undefined;
    if ((isSaid ? realServersOf(file, []) : realServers).length > 0) continue;
    const message = `The service "${entryOf(service)}" has no real server; IPVS refuses every connection to such a service.`;
    const hint = isSaid
      ? "List hosts with the role real-server here as soon as there are any. Until then `lvsctl verify` sends no requests."
      : "Give hosts `role: real-server`; or write `realServers: []` if there are none yet.";
    const code = isSaid ? "LVS-CONFIG-065" : "LVS-CONFIG-023";
    yield draft.problem(code, ["services", service, "realServers"], { message, hint }, "key");
  }
}
