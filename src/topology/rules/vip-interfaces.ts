/** An address is on one interface of its host, whichever services use it. */
import type { Path } from "../../document/parse-document.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import { parseCidr } from "../../net/address.ts";
import { deviceOf } from "../../network/network.ts";
import type { Draft } from "../draft.ts";
import type { Service } from "../topology.ts";

/** A service that puts an address on an interface of a director. */
interface Placed {
  readonly service: Service;
  readonly device: string;
}

/** LVS-CONFIG-068 for a virtual address that a director would have on another interface for a service before. */
export function* vipInterfaces(draft: Draft): Iterable<LvsctlError> {
  const first = new Map<string, Placed>();
  const told = new Set<string>();
  for (const service of draft.services) {
    for (const address of addressesOf(service)) {
      for (const director of service.directors) {
        const key = `${director.host} ${address}`;
        const own = { service, device: deviceOf(director, address) };
        const other = first.get(key);
        if (other === undefined) first.set(key, own);
        const pair = `${address} ${entryOf(service.name)}`;
        if (other === undefined || other.device === own.device || told.has(pair)) continue;
        told.add(pair);
        yield problemOf(draft, own, other, address, director.host);
      }
    }
  }
}

/** Those that lvsctl adds, and not whole networks, which no interface has. */
function addressesOf({ vip, match }: Service): readonly string[] {
  if (vip !== undefined) return vip.ownedBy === undefined ? [vip.address] : [];
  return match.filter(({ prefix }) => prefix !== undefined).map(({ address }) => address);
}

/** At the service that names an interface, the later one if both do. */
function problemOf(draft: Draft, own: Placed, other: Placed, address: string, host: string): LvsctlError {
  const isEarlier =
    interfacePath(draft, own.service, address) === undefined &&
    interfacePath(draft, other.service, address) !== undefined;
  const [here, there] = isEarlier ? [other, own] : [own, other];
  const at = interfacePath(draft, here.service, address);
  const message = `${address} would be on ${here.device} of "${host}" here, and on ${there.device} for "${entryOf(there.service.name)}". The directors have the address once, on one of them.`;
  const setting = `interface: ${there.device}`;
  const hint = `Write \`${at === undefined ? `vip: { address: ${address}, ${setting} }` : setting}\` here, or name the same other one in both services.`;
  return draft.problem("LVS-CONFIG-068", at ?? ["services", here.service.name, "vip"], { message, hint });
}

/** Where the file names a service's interface for an address. */
function interfacePath(draft: Draft, { name }: Service, address: string): Path | undefined {
  const { vip, match = [] } = draft.serviceFiles.get(name) ?? {};
  if (typeof vip === "object" && vip.interface !== undefined) return ["services", name, "vip", "interface"];
  const index = match.findIndex((one) => parseCidr(one.address)?.address === address && one.interface !== undefined);
  return index < 0 ? undefined : ["services", name, "match", index, "interface"];
}
