/** A test page, or an answer to datagrams, needs a port to listen on, and a real server on which lvsctl can make it. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import type { Draft } from "../draft.ts";

/** LVS-CONFIG-062 without a port, LVS-CONFIG-049 if lvsctl logs in to none of the real servers. */
export function* testPages(draft: Draft): Iterable<LvsctlError> {
  for (const { name, testPage, fwmark, realServers } of draft.services) {
    if (testPage && realServers.length > 0 && realServers.every(({ managed }) => !managed)) {
      const message = `lvsctl logs in to none of the real servers of "${name}", so there is none on which it could make a test page.`;
      const hint = "Delete `testPage`: verify tests what answers there, and goes by the directors' counters.";
      yield draft.problem("LVS-CONFIG-049", ["services", name, "testPage"], { message, hint }, "key");
      continue;
    }
    const without = realServers.filter(({ managed, port }) => managed && port === 0).map(({ host }) => `"${host}"`);
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
