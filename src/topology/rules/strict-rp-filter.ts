/** Real servers that would drop requests because they answer through another interface. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import { strictlyDropped } from "../../network/reach.ts";
import { clientsOf } from "../answered.ts";
import type { Draft } from "../draft.ts";

/** LVS-CONFIG-060 for each real server that cannot answer any of the clients. */
export function* strictRpFilter(draft: Draft): Iterable<LvsctlError> {
  for (const service of draft.services) {
    const mode = draft.modeOf(service);
    const clients = clientsOf(draft, service);
    for (const realServer of service.realServers) {
      const host = draft.hosts.get(realServer.host);
      const others = clients.filter((client) => client.host !== realServer.host);
      const reasons = others.map((client) => strictlyDropped(draft.network, host, realServer, mode, client));
      const [reason] = reasons;
      if (host === undefined || reason === undefined || reasons.includes(undefined)) continue;
      const message = `Requests to "${entryOf(service.name)}" are dropped: ${reason}.`;
      const device = realServer.device.replaceAll(".", "/");
      const hint = `Set net.ipv4.conf.all.rp_filter and net.ipv4.conf.${device}.rp_filter to 2 (loose), or use an address of "${host.name}" on the interface by which it answers.`;
      yield draft.problem("LVS-CONFIG-060", ["hosts", host.name, "sysctls"], { message, hint }, "key");
    }
  }
}
