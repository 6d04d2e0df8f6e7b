/** Directors that would drop requests because they have no route to where those come from. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { interfaceSysctl } from "../../network/interface-sysctl.ts";
import type { Origin } from "../../network/origin.ts";
import { clientsOf } from "../answered.ts";
import type { Draft } from "../draft.ts";
import type { Director } from "../topology.ts";

/**
 * LVS-CONFIG-060 if the file turns on rp_filter, LVS-CONFIG-078, a warning, if it leaves it open. Only where replies do not
 * need the director's route anyway. Loose checking, too, wants a route to the source by some interface. Tried with Linux
 * 6.1, rp_filter 2 and a director without a gateway: none of 8 requests was answered; with rp_filter 0 all were. Source:
 * __fib_validate_source in the kernel's net/ipv4/fib_frontend.c.
 */
export function* directorSourceCheck(draft: Draft): Iterable<LvsctlError> {
  for (const service of draft.services) {
    if (draft.modeOf(service).traits.answeredBy !== "real-server" || service.family !== 4) continue;
    for (const director of service.directors) {
      const client = clientsOf(draft, service).find((one) => isWithoutRoute(draft, director, one));
      const host = draft.hosts.get(director.host);
      const value = host && interfaceSysctl(host, director.device, "rp_filter");
      if (client === undefined || host === undefined || value === 0) continue;
      const device = director.device.replaceAll(".", "/");
      const where =
        value === undefined
          ? `where rp_filter is on, as most distributions have it, the kernel`
          : `with rp_filter = ${value} the kernel`;
      const message = `"${host.name}" has no route to ${client.address.address} ("${client.host}"): ${where} drops requests whose source it could not answer, although real servers answer them.`;
      const hint = `Give "${host.name}" a \`gateway\` or a route to its clients, or set net.ipv4.conf.all.rp_filter and net.ipv4.conf.${device}.rp_filter to 0 under its \`sysctls\`.`;
      const code = value === undefined ? "LVS-CONFIG-078" : "LVS-CONFIG-060";
      yield draft.problem(code, ["hosts", host.name], { message, hint }, "key");
    }
  }
}

/** A client on the director itself, or on one of its segments, is known to it. */
function isWithoutRoute({ network }: Draft, { host }: Director, client: Origin): boolean {
  return client.host !== host && network.nextHop(host, client.address) === undefined;
}
