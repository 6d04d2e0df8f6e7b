/** What `ip address show` and `ip link show` print, by iproute2 and by BusyBox. */
import { type Cidr, parseCidr } from "../net/address.ts";

/** An address as an interface holds it. */
interface InterfaceAddress extends Cidr {
  readonly device: string;
  /** IPv6: not chosen as the source of what the host sends by itself. */
  readonly isDeprecated?: true;
}

export interface Addresses {
  /** The names of all interfaces, those without addresses included. */
  readonly devices: readonly string[];
  readonly addresses: readonly InterfaceAddress[];
  /** Whether BusyBox's ip has printed them, which does not know `nodad`. */
  readonly isBusyBox: boolean;
}

/**
 * Parses the output of `ip address show` (not `-o`). The prefix of a point-to-point address belongs to its peer; the
 * address itself gets the whole length. Lines that are of other things are passed over.
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
  // iproute2 tells each interface's group since 2011.
  const isBusyBox = devices.length > 0 && !/^\d+: .* group \S/m.test(text);
  return { devices, addresses, isBusyBox };
}

/** Parses the output of `ip link show` (not `-o`): whether each interface is up, by its name. */
export function parseLinks(text: string): ReadonlyMap<string, boolean> {
  const lines = text.matchAll(/^\d+: ([^:@\s]+)(?:@[^:\s]+)?: <([^>]*)>/gm);
  return new Map([...lines].map(([, device = "", flags = ""]) => [device, flags.split(",").includes("UP")]));
}
