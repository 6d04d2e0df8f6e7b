/** Addresses and links as `ip address show` and `ip link show` of iproute2 and BusyBox print them. */
import { type Cidr, parseCidr } from "../net/address.ts";

/** An address as an interface holds it. */
interface InterfaceAddress extends Cidr {
  readonly device: string;
  /** IPv6: not used as a source address by new connections. */
  readonly isDeprecated?: true;
}

/** A host's interfaces and their addresses. */
export interface Addresses {
  /** The names of all interfaces, those without addresses included. */
  readonly devices: readonly string[];
  readonly addresses: readonly InterfaceAddress[];
  /** Whether this may be the output of BusyBox's ip, which does not know `nodad`. */
  readonly mayBeBusyBox: boolean;
}

/**
 * Parses the output of `ip address show` (not `-o`). The prefix of a point-to-point address belongs to its peer; the
 * address itself gets the whole length. Other lines are skipped.
 */
export function parseAddresses(text: string): Addresses {
  const devices: string[] = [];
  const addresses: InterfaceAddress[] = [];
  for (const line of text.split("\n")) {
    const device = /^\d+: ([^:@\s]+)[@:]/.exec(line)?.[1];
    if (device !== undefined) devices.push(device);
    const [, inet, peer] = /^\s+inet6? (\S+)( peer )?/.exec(line) ?? [];
    const cidr = inet === undefined ? undefined : parseCidr(peer ? (inet.split("/")[0] ?? "") : inet);
    const owner = devices.at(-1);
    const isDeprecated = / deprecated\b/.test(line) ? ({ isDeprecated: true } as const) : {};
    if (cidr && owner !== undefined) addresses.push({ ...cidr, device: owner, ...isDeprecated });
  }
  // iproute2 prints each interface's group since 3.11; before, as on the first releases of CentOS 7, it looks like BusyBox.
  const mayBeBusyBox = devices.length > 0 && !/^\d+: .* group \S/m.test(text);
  return { devices, addresses, mayBeBusyBox };
}

/** Parses the output of `ip link show` (not `-o`): whether each interface is up, by its name. */
export function parseLinks(text: string): ReadonlyMap<string, boolean> {
  const lines = text.matchAll(/^\d+: ([^:@\s]+)(?:@[^:\s]+)?: <([^>]*)>/gm);
  return new Map([...lines].map(([, device = "", flags = ""]) => [device, flags.split(",").includes("UP")]));
}
