/** The hardware addresses of hosts, and what to call a machine that answers by one. */
import { addressFamily } from "../net/address.ts";

/** The interfaces of each host by hardware address, in lower case. */
export type Hardware = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** The host that has this hardware address, or what is known of it. */
export function nameOf(mac: string, hardware: Hardware): string {
  const owner = [...hardware].find(([, devices]) => devices.has(mac));
  return owner ? `${owner[0]} (on ${owner[1].get(mac)}, ${mac})` : `a machine that is none of these hosts (${mac})`;
}

/** Why nobody could be asked who holds an address. `asker`: the host that tried; undefined if none could even try. */
export function whyUnasked(address: string, asker: string | undefined): string {
  if (asker === undefined) return "none of the hosts here is on its segment and can ask";
  const program = addressFamily(address) === 6 ? "ping" : "arping";
  return `${asker} has no ${program} that works there, or its interface is down or not an Ethernet interface`;
}
