/** A test page, or an answer to datagrams, needs a port to listen on. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import type { Draft } from "../draft.ts";

/** LVS-CONFIG-062. */
export function* testPages(draft: Draft): Iterable<LvsctlError> {
  for (const { name, testPage, fwmark, realServers } of draft.services) {
    const without = realServers.filter(({ port }) => port === 0).map(({ host }) => `"${host}"`);
    if (!testPage || without.length === 0) continue;
    const why =
      fwmark === undefined
        ? "the service is for every port"
        : "a service by firewall mark leaves each packet's port as it is";
    const message = `There is no port on which ${without.join(" and ")} could answer for "${name}": ${why}.`;
    const { traits } = draft.modeOf(name);
    const ports =
      traits.mapsPorts === true
        ? "or name a port for each of its `realServers`"
        : fwmark === undefined
          ? "or name a port"
          : "or add a service with `vip`, `port` and `testPage: true` for the port";
    const hint = `Delete \`testPage\`, ${ports}.`;
    yield draft.problem("LVS-CONFIG-062", ["services", name, "testPage"], { message, hint }, "key");
  }
}
