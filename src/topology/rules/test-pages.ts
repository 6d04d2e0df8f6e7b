/** A test page, or an answer to datagrams, needs a port to listen on, and a real server on which lvsctl can make it. */

import { andList } from "../../errors/and-list.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import { whyChosen } from "../chosen-mark.ts";
import type { Draft } from "../draft.ts";
import { loginPort } from "../login-port.ts";
import type { Service } from "../topology.ts";
import { wholeServices } from "../whole-services.ts";

/** LVS-CONFIG-062 without a port, LVS-CONFIG-105 on that of sshd, LVS-CONFIG-049 if lvsctl logs in to none of the real servers. */
export function* testPages(draft: Draft): Iterable<LvsctlError> {
  const whole = new Map(wholeServices(draft.services).map(({ name, realServers }) => [name, realServers]));
  for (const service of draft.services) {
    const { name, testPage, fwmark, realServers } = service;
    const all = whole.get(name) ?? [];
    if (testPage && all.length > 0 && all.every(({ managed }) => !managed)) {
      const message = `lvsctl logs in to none of the real servers of "${entryOf(name)}", so there is none on which it could make a test page.`;
      const hint = "Delete `testPage`: verify tests what answers there, and uses the directors' counters.";
      yield draft.problem("LVS-CONFIG-049", ["services", name, "testPage"], { message, hint }, "key");
      continue;
    }
    if (testPage) yield* onLoginPort(draft, service);
    const isServed = service.match.every(({ protocol, ports }) => protocol === "tcp" && isSinglePorts(ports));
    const without = realServers.filter(({ managed, port }) => managed && port === 0).map(({ host }) => `"${host}"`);
    if (!testPage || without.length === 0 || (fwmark !== undefined && isServed)) continue;
    const { why, ways } = whyWithout(draft, service);
    const message = `There is no port on which ${andList(without)} could answer for "${entryOf(name)}": ${why}.`;
    const hint = `${["Delete `testPage`", ...ways].join(", or ")}.`;
    yield draft.problem("LVS-CONFIG-062", ["services", name, "testPage"], { message, hint }, "key");
  }
}

/**
 * The server of a test page listens on all addresses, so sshd on any of them is in its way: bind in the manual page ip(7). That
 * for UDP is no web server.
 */
function* onLoginPort(draft: Draft, service: Service): Iterable<LvsctlError> {
  const { name, protocol, match, realServers } = service;
  if (protocol !== "tcp") return;
  for (const { host, managed, port } of realServers) {
    const ports = port > 0 ? [String(port)] : match.flatMap((one) => (one.protocol === "tcp" ? one.ports : []));
    const own = draft.hosts.get(host);
    if (!managed || own === undefined || !ports.includes(String(loginPort(own)))) continue;
    const message = `The test page of "${entryOf(name)}" would be on port ${loginPort(own)} of "${host}", where sshd listens: lvsctl logs in by that port.`;
    const mapped =
      draft.modeOf(service).traits.mapsPorts === true ? ", or name another `port` under `realServers`" : "";
    const hint = `Delete \`testPage\`, or let sshd listen on another port (\`ssh: { port: … }\`)${mapped}.`;
    yield draft.problem("LVS-CONFIG-105", ["services", name, "testPage"], { message, hint }, "key");
    return;
  }
}

/** Why real servers have no port to listen on, and what would give them one. */
function whyWithout(draft: Draft, service: Service): { readonly why: string; readonly ways: readonly string[] } {
  const { name, fwmark, match } = service;
  if (fwmark === undefined) return { why: "the service is for every port", ways: ["name a port"] };
  const chosen = whyChosen(draft, name);
  const isEvery = match.some(({ ports }) => ports.length === 0);
  const isRange = match.some(({ ports }) => ports.some((port) => port.includes("-")));
  const others = [...new Set(match.map(({ protocol }) => protocol).filter((protocol) => protocol !== "tcp"))];
  const what = [...(isEvery ? ["every port"] : []), ...(isRange ? ["a range of ports"] : []), ...others.map(upper)];
  const apart = isEvery || isRange ? ["name each port by itself"] : [];
  if (chosen !== undefined) {
    const single = `the service is for ${what.join(" and ")}`;
    return others.length === 0
      ? { why: single, ways: apart }
      : {
          why: `${single}, and with ${chosen} lvsctl answers TCP alone`,
          ways: ["make a service for each port and address"],
        };
  }
  const why = `a service by firewall mark leaves each packet's port as it is, and this one is for ${what.join(" and ")}`;
  if (draft.modeOf(service).traits.mapsPorts === true) {
    return { why, ways: ["name a port for each of its `realServers`"] };
  }
  return { why, ways: [[...apart, ...(others.length === 0 ? [] : ["match TCP alone"])].join(" and ")] };
}

function upper(text: string): string {
  return text.toUpperCase();
}

function isSinglePorts(ports: readonly string[]): boolean {
  return ports.length > 0 && ports.every((port) => !port.includes("-"));
}
