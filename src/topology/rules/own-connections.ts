/** Services that take the replies to connections which a director opens itself. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { type PortRange, portRange, portsMeet } from "../../lvs/port-range.ts";
import { contains, parseCidr, wholeAddress } from "../../net/address.ts";
import { localPorts } from "../../network/local-ports.ts";
import type { Draft } from "../draft.ts";
import { addressOf } from "../services.ts";

/**
 * LVS-CONFIG-079, a warning, for a range of ports on a director's own address. Tried with Linux 6.1: with ports 23-65535 a
 * request of the director's own timed out, because IPVS gave the answer to a real server.
 */
export function* ownConnections(draft: Draft): Iterable<LvsctlError> {
  const own = draft.withRole("director").flatMap(({ name }) => draft.addresses.get(name) ?? []);
  for (const [name, { vip, port, match = [] }] of draft.serviceFiles) {
    const all =
      port === 0 && match.length === 0 ? [{ address: addressOf(vip) ?? "", ports: ["1-65535"], at: ["port"] }] : [];
    const matched = match.map(({ address, ports = ["1-65535"] }, index) => ({ address, ports, at: ["match", index] }));
    for (const { address, ports, at } of [...all, ...matched]) {
      const network = parseCidr(address);
      const director = own.find((one) => network?.family === one.family && contains(network, wholeAddress(one)));
      const local = localPorts(draft.hosts.get(director?.host ?? ""));
      if (director === undefined || !ports.some((range) => isWide(String(range), local))) continue;
      const message = `"${director.host}" opens connections of its own from ports ${local.first}-${local.last} of ${director.address}; the replies to them would go to real servers, and it could reach nobody by this address: no updates, no names, no time.`;
      const hint = `Leave out the ports from ${local.first} to ${local.last}, or choose a free address.`;
      yield draft.problem("LVS-CONFIG-079", ["services", name, ...at], { message, hint });
    }
  }
}

function isWide(range: string, local: PortRange): boolean {
  const { first, last } = portRange(range);
  return first < last && portsMeet({ first, last }, local);
}
