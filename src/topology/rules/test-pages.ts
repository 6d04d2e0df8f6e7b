/** A test page, or an answer to datagrams, needs a port to listen on, and a real server on which lvsctl can make it. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import type { Draft } from "../draft.ts";

/** LVS-CONFIG-062 without a port, LVS-CONFIG-049 if lvsctl logs in to none of the real servers. */
export function* testPages(draft: Draft): Iterable<LvsctlError> {
  for (const service of draft.services) {
    const { name, testPage, fwmark, realServers } = service;
    const all = draft.services.filter((one) => one.name === name).flatMap((one) => one.realServers);
    if (testPage && all.length > 0 && all.every(({ managed }) => !managed)) {
      const message = `lvsctl logs in to none of the real servers of "${name}", so there is none on which it could make a test page.`;
      const hint = "Delete `testPage`: verify tests what answers there, and goes by the directors' counters.";
      yield draft.problem("LVS-CONFIG-049", ["services", name, "testPage"], { message, hint }, "key");
      continue;
    }
    const isServed = service.match.every(({ protocol, ports }) => protocol === "tcp" && isSinglePorts(ports));
    const without = realServers.filter(({ managed, port }) => managed && port === 0).map(({ host }) => `"${host}"`);
    if (!testPage || without.length === 0 || (fwmark !== undefined && isServed)) continue;
    const why =
      fwmark === undefined
        ? "the service is for every port"
        : "a service by firewall mark leaves each packet's port as it is, and this one is for a range of them, every port or UDP";
    const message = `There is no port on which ${without.join(" and ")} could answer for "${name}": ${why}.`;
    const { traits } = draft.modeOf(service);
    const ports =
      traits.mapsPorts === true && draft.entries.get(name)?.fwmark === fwmark
        ? "or name a port for each of its `realServers`"
        : fwmark === undefined
          ? "or name a port"
          : "or name each port by itself, for TCP";
    const hint = `Delete \`testPage\`, ${ports}.`;
    yield draft.problem("LVS-CONFIG-062", ["services", name, "testPage"], { message, hint }, "key");
  }
}

function isSinglePorts(ports: readonly string[]): boolean {
  return ports.length > 0 && ports.every((port) => !port.includes("-"));
}
