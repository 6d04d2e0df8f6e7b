/** Every service needs a director and real servers, and few hosts can be both. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import type { Draft } from "../draft.ts";
import { orUse } from "../other-modes.ts";
import { realServersOf } from "../services.ts";

/**
 * LVS-CONFIG-022 without a director, LVS-CONFIG-023 without real servers, LVS-CONFIG-054 for a director as real server, 058
 * for too many.
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
    const message = "No host is a director, so nobody would distribute the services' packets.";
    yield draft.problem("LVS-CONFIG-022", ["hosts"], { message, hint: "Give a host `role: director`." }, "key");
  }
  const realServers = draft.withRole("real-server").map(({ name }) => name);
  for (const [service, file] of draft.serviceFiles) {
    const used = realServersOf(file, realServers);
    if (used.size === 0) {
      const message = `The service "${service}" has no real server; IPVS refuses every connection to such a service.`;
      const hint = "Give hosts `role: real-server`, or list some under `realServers`.";
      yield draft.problem("LVS-CONFIG-023", ["services", service, "realServers"], { message, hint }, "key");
    }
    yield* checkOwnRealServers(draft, service, [...used.keys()]);
  }
}

/**
 * A lone director may be its own real server if the mode allows it. With two, each would take the other's packets for new
 * ones.
 */
function* checkOwnRealServers(draft: Draft, service: string, realServers: readonly string[]): Iterable<LvsctlError> {
  const isAlone = draft.withRole("director").length === 1;
  const { name: mode, traits } = draft.modeOf(service);
  const { localNode } = traits;
  if (localNode === undefined || (localNode && isAlone)) return;
  for (const host of realServers) {
    if (draft.hosts.get(host)?.roles.includes("director") !== true) continue;
    const message = localNode
      ? `"${host}" is a director and a real server of "${service}", and there is another director: what that one hands to "${host}" would be distributed there once more, or be answered past it.`
      : `"${host}" is a director and a real server of "${service}", and a director in mode ${mode} cannot hand requests to itself.`;
    const way = localNode ? "" : orUse(draft, (other) => other.localNode === true);
    const hint = `Leave "${host}" out of the service's \`realServers\`, or use a host of its own as director${way}.`;
    yield draft.problem("LVS-CONFIG-054", draft.realServerPath(service, host), { message, hint }, "key");
  }
}
