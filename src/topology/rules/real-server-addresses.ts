/** The address at which a service reaches a real server, and the directors' addresses of the same family. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { canonicalAddress, type Family, parseCidr } from "../../net/address.ts";
import type { Draft } from "../draft.ts";
import type { ServiceMode } from "../service-mode.ts";
import { familyOf, realServersOf } from "../services.ts";
import type { Service } from "../topology.ts";

/** LVS-CONFIG-030 for an address that the host does not have, LVS-CONFIG-031 for a host without the service's family. */
export function* realServerAddresses(draft: Draft): Iterable<LvsctlError> {
  for (const service of draft.services) {
    yield* checkWritten(draft, service);
    yield* checkFamily(draft, service);
  }
}

function* checkWritten(draft: Draft, { name }: Service): Iterable<LvsctlError> {
  const file = draft.serviceFiles.get(name);
  if (file === undefined) return;
  for (const { host, settings, path: entry } of realServersOf(file, [])) {
    if (settings.address === undefined) continue;
    const address = canonicalAddress(settings.address);
    const own = (draft.addresses.get(host) ?? []).map((known) => known.address);
    const path = ["services", name, ...entry, "address"];
    if (!own.includes(address)) {
      const message = `${address} is no address of "${host}", so packets for it would go elsewhere.`;
      yield draft.problem("LVS-CONFIG-030", path, { message, hint: `Its addresses: ${own.join(", ")}.` });
    } else if (parseCidr(address)?.family !== familyOf(file)) {
      const message = `${address} is not IPv${familyOf(file)} as the service is. ${whySameFamily(draft.modeOf(name), familyOf(file))}`;
      yield draft.problem("LVS-CONFIG-030", path, { message, hint: `Name an IPv${familyOf(file)} address, or none.` });
    }
  }
}

function* checkFamily(draft: Draft, { name, family }: Service): Iterable<LvsctlError> {
  const file = draft.serviceFiles.get(name);
  if (file === undefined) return;
  const all = draft.withRole("real-server").map((host) => host.name);
  const realServers = new Set(realServersOf(file, all).map(({ host }) => host));
  const users = new Set([...draft.withRole("director").map((host) => host.name), ...realServers]);
  for (const host of users) {
    if (draft.addresses.get(host)?.some((address) => address.family === family) !== false) continue;
    const role = realServers.has(host) ? "real server" : "director";
    const why = role === "director" ? "" : ` ${whySameFamily(draft.modeOf(name), family)}`;
    const message = `"${name}" is an IPv${family} service, and its ${role} "${host}" has no IPv${family} address.${why}`;
    const hint =
      role === "director"
        ? `Give "${host}" an IPv${family} address.`
        : `Give "${host}" an IPv${family} address, or list only others under the service's \`realServers\`.`;
    yield draft.problem("LVS-CONFIG-031", ["hosts", host, "interfaces"], { message, hint }, "key");
  }
}

/**
 * Why a real server needs an address of the service's family. Tried with Linux 6.1 and ipvsadm 1.31: an IPv6 service takes an
 * IPv4 real server with tunnels ("Different address family is allowed only for tunneling servers"), and requests arrive by
 * sit0 (IP in IP, GUE) or gre0; for an IPv4 service ipvsadm refuses an IPv6 one ("illegal real server address").
 */
function whySameFamily(mode: ServiceMode, family: Family): string {
  if (mode.rewrites("outer") === false) return "Without a tunnel IPVS passes requests on only in their own family.";
  if (family === 4) return "ipvsadm accepts no IPv6 real server for an IPv4 service.";
  return "lvsctl does not set up tunnels that carry IPv6 requests over IPv4.";
}
