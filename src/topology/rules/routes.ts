/** Routes: one for each destination, to a network other than the host's own, and by an interface that leads there. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { addressLength, type Family, parseCidr } from "../../net/address.ts";
import type { Draft } from "../draft.ts";
import { newGateway } from "../gateway-words.ts";
import type { Host, Route } from "../topology.ts";

interface Mistake {
  readonly at: "to" | "device";
  readonly message: string;
  readonly hint: string;
}

/** LVS-CONFIG-081; whether a next hop is possible is for LVS-CONFIG-028. */
export function* routes(draft: Draft): Iterable<LvsctlError> {
  for (const host of draft.hosts.values()) {
    for (const [index, route] of host.routes.entries()) {
      const mistake = destinationMistake(draft, host, index) ?? deviceMistake(draft, host, route);
      if (mistake === undefined) continue;
      const { at, ...words } = mistake;
      yield draft.problem("LVS-CONFIG-081", ["hosts", host.name, "routes", index, at], words);
    }
  }
}

function destinationMistake(draft: Draft, host: Host, index: number): Mistake | undefined {
  const at = "to";
  const { to, via, device, family } = host.routes[index] ?? { to: "", family: 4 };
  const prefix = parseCidr(to)?.prefix;
  if (prefix === 0) {
    return via === undefined
      ? {
          at,
          message: `${to} is every address there is, and none of them would be asked through a router.`,
          hint: POINT_TO_POINT.test(device ?? "")
            ? adviseForPeer(device ?? "", family)
            : adviseForRouter(draft, host, family),
        }
      : {
          at,
          message: `${to} covers every address, and the route to everything without its own route is the gateway.`,
          hint: `Write \`gateway: ${via}\` for "${host.name}" in place of this route.`,
        };
  }
  const own = draft.addresses.get(host.name)?.find(({ network }) => network === to);
  if (own !== undefined) {
    const message = `"${host.name}" has the address ${own.address} on ${own.interface}, and with it a route to ${to}, which the kernel makes itself and which comes before another one.`;
    return { at, message, hint: "Delete this route." };
  }
  const other = host.routes.slice(0, index).find((one) => one.to === to);
  if (other === undefined) return undefined;
  const halves = prefix === addressLength(family) ? "" : `, or divide ${to} into networks with a route each`;
  return {
    at,
    message: `"${host.name}" has a route to ${to} already, ${wayOf(other)}. Several next hops for one destination (ECMP) are not supported.`,
    hint: `Keep one of the two${halves}.`,
  };
}

/** Devices with one host at the other end, by their names. */
const POINT_TO_POINT = /^(ppp|wg|tun)\d/;

function adviseForPeer(device: string, family: Family): string {
  const [peer, prefix] = family === 4 ? ["100.64.0.1", 32] : ["2001:db8::1", 128];
  return `Write the address of the other end of ${device}, such as ${peer}, as the gateway, and the way to it as a route: \`gateway: ${peer}\` and \`routes: [{ to: ${peer}/${prefix}, device: ${device} }]\`.`;
}

/** A router makes such a route one by its address; the kernel has a route to the interface's own network already. */
function adviseForRouter(draft: Draft, { name, gateways }: Host, family: Family): string {
  const gateway = gateways.find((one) => one.family === family);
  const rest =
    gateway === undefined
      ? `, and give "${name}" ${newGateway(draft, name, family)}, with the address of the router`
      : `: "${name}" has the gateway ${gateway.via}`;
  return `Delete this route${rest}. Hosts on the interface's own network need no route.`;
}

function wayOf({ via, device }: Route): string {
  return via === undefined ? `by ${device}` : `via ${via}`;
}

/**
 * A neighbour is asked for in the name of an address of the interface. IPv6 always has one there, the link-local one. Without
 * an IPv4 one Linux 6.18 took the virtual address from lo, even with arp_announce 2, and the neighbour remembered the real
 * server as its owner. Source: inet_select_addr in the kernel's net/ipv4/devinet.c.
 */
function deviceMistake(
  draft: Draft,
  { name, interfaces }: Host,
  { to, via, device, family }: Route,
): Mistake | undefined {
  if (device === undefined || via !== undefined) return undefined;
  const at = "device";
  const nic = interfaces.find((one) => one.name === device);
  if (nic === undefined) {
    const hint = `Its interfaces: ${interfaces.map((one) => one.name).join(", ")}.`;
    return { at, message: `"${name}" has no interface "${device}".`, hint };
  }
  if (family === 4 && !nic.addresses.some((address) => address.family === 4)) {
    const message = `"${name}" has no IPv4 address on ${device}. It would look for its neighbours there by ARP in the name of another of its addresses, even a virtual one, and they would take "${name}" for the owner of that.`;
    return { at, message, hint: `Give ${device} of "${name}" an IPv4 address.` };
  }
  const network = parseCidr(to);
  const segment = network && draft.segmentHoldingBut(nic.segment, network);
  if (segment === undefined) return undefined;
  const right = interfaces.find((one) => one.segment === segment);
  const message = `${to} is not on the segment of ${device} (${nic.segment}), where "${name}" would look for its hosts.`;
  const hint =
    right === undefined
      ? "Name the router between them with `via`; or list both networks under one name in `networks`, if they share a segment."
      : `Write \`device: ${right.name}\`, which is on that segment.`;
  return { at, message, hint };
}
