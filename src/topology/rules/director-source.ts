/** The address in whose name a director turns to a real server must not be one that the real server has too. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { canonicalAddress, parseCidr, wholeAddress } from "../../net/address.ts";
import type { HostAddress } from "../../network/host-addresses.ts";
import { interfaceSysctl } from "../../network/interface-sysctl.ts";
import { sourceTowards } from "../../network/origin.ts";
import type { Draft } from "../draft.ts";
import { addressOf } from "../services.ts";
import type { Director, RealServer, Service } from "../topology.ts";

/**
 * LVS-CONFIG-057 for a virtual address that is a director's only one towards a real server which has it too. Tried with Linux
 * 6.18 in network namespaces: what the director sent or forwarded did not arrive, whether it got an address of that subnet
 * after the virtual one or none; it did with accept_local and without strict rp_filter, if an address of its own came first,
 * and with the prefix length 32 and a route by device. IPv6 looks for neighbours in the name of link-local addresses. Source:
 * arp_solicit and arp_process in the kernel's net/ipv4/arp.c, inet_select_addr in devinet.c.
 */
export function* directorSource(draft: Draft): Iterable<LvsctlError> {
  const told = new Set<string>();
  for (const service of draft.services) {
    for (const director of service.directors) {
      for (const realServer of service.realServers) {
        const trouble = whyDropped(draft, service, director, realServer);
        if (trouble === undefined || told.has(`${director.host} ${trouble.own.address}`)) continue;
        told.add(`${director.host} ${trouble.own.address}`);
        yield problemOf(draft, director, realServer, trouble);
      }
    }
  }
}

interface Trouble {
  /** The virtual address. */
  readonly own: HostAddress;
  readonly isInPackets: boolean;
}

function whyDropped(
  { network, hosts, modeOf, ownerOf }: Draft,
  service: Service,
  { host: director }: Director,
  { host: name, address, family }: RealServer,
): Trouble | undefined {
  const target = parseCidr(address);
  if (name === director || family !== 4 || target === undefined || ownerOf(address)?.host !== name) return undefined;
  const mode = modeOf(service);
  const isInside = mode.rewrites("outer") === true;
  if (mode.rewrites("source") === true && !isInside && service.localAddresses.length > 0) return undefined;
  const isInPackets = isInside || mode.rewrites("source") === true;
  if (!isInPackets && network.nextHop(director, target)?.kind !== "connected") return undefined;
  const source = sourceTowards(network, director, family, target);
  const own = network.addressesOf(director).find((one) => one.address === source?.address && one.isAdded);
  if (own === undefined || !network.takes(name, own.address) || ownerOf(own.address) !== undefined) return undefined;
  const host = hosts.get(name);
  const accepts = host?.interfaces.some(
    (nic) =>
      interfaceSysctl(host, nic.name, "accept_local") === 1 && interfaceSysctl(host, nic.name, "rp_filter") !== 1,
  );
  return accepts ? undefined : { own, isInPackets };
}

function problemOf(
  draft: Draft,
  director: Director,
  realServer: RealServer,
  { own, isInPackets }: Trouble,
): LvsctlError {
  const does = isInPackets
    ? `sends to ${realServer.address} with the virtual address ${own.address} as its source`
    : `looks for ${realServer.address} by ARP in the name of the virtual address ${own.address}`;
  const message = `Requests from the director "${director.host}" do not reach the real server "${realServer.host}": "${director.host}" ${does}, because it has no address of its own there, and "${realServer.host}" has ${own.address} too and drops what seems to come from itself.`;
  return draft.problem("LVS-CONFIG-057", pathOf(draft, own), { message, hint: advise(draft, own) });
}

/** Where the file gives the address its prefix length, else where it names it. */
function pathOf(draft: Draft, { address }: HostAddress): readonly string[] {
  const all = [...draft.serviceFiles].filter(([, { vip }]) => canonicalAddress(addressOf(vip) ?? "") === address);
  const withPrefix = all.find(([, { vip }]) => typeof vip === "object" && vip.prefix !== undefined);
  if (withPrefix !== undefined) return ["services", withPrefix[0], "vip", "prefix"];
  return ["services", all[0]?.[0] ?? "", "vip"];
}

function advise(draft: Draft, own: HostAddress): string {
  const { host, interface: device, network } = own;
  const hasOther = draft.addresses.get(host)?.some((one) => one.interface === device && one.family === own.family);
  const isShort = own.prefix < wholeAddress(own).prefix;
  const first = `Give "${host}" an address of its own ${isShort ? `in ${network} ` : ""}on ${device}`;
  if (!isShort || hasOther !== true) return `${first}.`;
  return `${first}, or delete \`prefix\` here and give it the route \`{ to: ${network}, device: ${device} }\`.`;
}
