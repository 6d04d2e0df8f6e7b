/** Public addresses: they belong to the firewall, match the service's family, and use each port once. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { canonicalAddress, parseCidr } from "../../net/address.ts";
import type { Draft } from "../draft.ts";
import { familyOf } from "../services.ts";

/** LVS-CONFIG-032 for an unsuitable address, LVS-CONFIG-033 for one that is published twice. */
export function* publication(draft: Draft): Iterable<LvsctlError> {
  const taken = new Map<string, string>();
  for (const [service, file] of draft.serviceFiles) {
    const { publish, protocol = "tcp" } = file;
    if (publish === undefined) continue;
    const path = ["services", service, "publish"];
    const address = canonicalAddress(publish.address);
    const own = draft.addresses.get(publish.on)?.map((known) => known.address);
    if (own !== undefined && !own.includes(address)) {
      const message = `${address} is no address of "${publish.on}", so packets for it never get there to be passed on.`;
      const hint = `Name one of its addresses: ${own.join(", ")}.`;
      yield draft.problem("LVS-CONFIG-032", [...path, "address"], { message, hint });
    } else if (parseCidr(address)?.family !== familyOf(file)) {
      const message = `${address} and the virtual address are of different families, and DNAT does not translate between IPv4 and IPv6.`;
      const hint = `Publish it on an IPv${familyOf(file)} address.`;
      yield draft.problem("LVS-CONFIG-032", [...path, "address"], { message, hint });
    }
    const port = publish.port ?? file.port;
    if (file.port === 0) {
      const message =
        publish.port === undefined
          ? "A service on every port cannot be published: the firewall would give away all of its own ports, SSH too."
          : `The public port ${publish.port} cannot stand for every port: the firewall would not know to which one of the service's to send a packet.`;
      yield draft.problem("LVS-CONFIG-032", path, { message, hint: "Publish services on single ports." }, "key");
    }
    const key = `${protocol} ${address} port ${port}`;
    const other = taken.get(key);
    if (other === undefined) taken.set(key, service);
    else {
      const message = `${key} already leads to "${other}"; the firewall can send a packet only one way.`;
      const hint = "Publish it on another port or address.";
      yield draft.problem("LVS-CONFIG-033", [...path, "address"], { message, hint });
    }
  }
}
