/** What the file calls two segments must not be joined into one. */
import type { Path } from "../../document/parse-document.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { contains, type Family, formatCidr, networkOf, parseCidr, wholeAddress } from "../../net/address.ts";
import type { Draft } from "../draft.ts";
import { listOf } from "../hosts.ts";
import { interfaceAddressPath } from "../interface-address-path.ts";

/** A network, and where it is listed. */
interface Listed {
  readonly name: string;
  readonly network: string;
  readonly family: Family;
  readonly path: Path;
}

/**
 * LVS-CONFIG-090, once for each segment with two names. Whoever wrote them means two, and routes and modes that need a common
 * segment would be judged as if there were one. The IPv4 and the IPv6 networks of a segment may have a name each.
 */
export function* segmentNames(draft: Draft): Iterable<LvsctlError> {
  const listed = new Map<string, Listed[]>();
  for (const one of listedNetworks(draft)) listed.set(one.network, [...(listed.get(one.network) ?? []), one]);
  for (const { networks } of draft.segments) {
    const all = networks.flatMap((network) => listed.get(network) ?? []);
    for (const family of [4, 6] as const) {
      const here = all.filter((one) => one.family === family);
      const [first] = here;
      const second = here.find(({ name }) => name !== first?.name);
      if (first !== undefined && second !== undefined) yield problemOf(draft, here, first, second);
    }
  }
}

function* listedNetworks({ networks }: Draft): Iterable<Listed> {
  for (const [name, value] of Object.entries(networks)) {
    for (const [index, text] of listOf(value).entries()) {
      const cidr = parseCidr(text);
      const path = ["networks", name, ...(Array.isArray(value) ? [index] : [])];
      if (cidr !== undefined) yield { name, network: formatCidr(networkOf(cidr)), family: cidr.family, path };
    }
  }
}

/** Points at what joins them: a network under both names, or else an interface with networks of both. */
function problemOf(draft: Draft, here: readonly Listed[], first: Listed, second: Listed): LvsctlError {
  const twice = here.find((one, index) => before(here, one, index) !== undefined);
  if (twice !== undefined) {
    const message = `${twice.network} is listed under "${before(here, twice, here.indexOf(twice))?.name}" and "${twice.name}", and a network is on one segment.`;
    const hint = adviseOne(draft, here, "Delete it under one of them");
    return draft.problem("LVS-CONFIG-090", twice.path, { message, hint });
  }
  const joint = jointOf(draft, here);
  const message =
    joint === undefined
      ? `Interfaces with addresses of several networks make one segment of "${first.name}" and "${second.name}".`
      : `${joint.at.interface} of "${joint.at.host}" has addresses of ${joint.names.map((name) => `"${name}"`).join(" and ")}, and an interface is on one segment.`;
  const link = joint === undefined ? linkOf(draft, here) : undefined;
  const apart =
    link === undefined
      ? "Give each segment an interface of its own (a VLAN has one too, such as eth1.20)"
      : `${link.network} is on ${link.interfaces.join(" and ")}: keep it on one of the two`;
  const hint = adviseOne(draft, here, apart);
  const path = joint === undefined ? second.path : interfaceAddressPath(draft, joint.at);
  return draft.problem("LVS-CONFIG-090", path, { message, hint });
}

/** A route from one of the segments into the other without a router says that they are one: then keeping them apart is no way. */
function adviseOne(draft: Draft, here: readonly Listed[], apart: string): string {
  const names = [...new Set(here.map(({ name }) => name))];
  const all = [...new Set(names.flatMap((name) => listOf(draft.networks[name] ?? [])))];
  const list = all.map((network) => (network.includes(":") ? `"${network}"` : network)).join(", ");
  const one =
    all.length > 6
      ? "list all of their networks under one name"
      : `write \`${names[0]}: [${list}]\` under \`networks\` in place of ${names.length > 2 ? "all" : "both"}`;
  const crossing = crossingOf(draft, here);
  return crossing === undefined
    ? `${apart}; or, if they are one segment, ${one}.`
    : `${one.replace(/^./, (letter) => letter.toUpperCase())}: the route of "${crossing.host}" to ${crossing.to} by ${crossing.device} makes them one segment.`;
}

/** A route by a device on one of the segments to a network of the other. */
function crossingOf(draft: Draft, here: readonly Listed[]) {
  const names = new Map(here.map(({ network, name }) => [network, name]));
  for (const { name: host, routes } of draft.hosts.values()) {
    for (const { to, via, device } of routes) {
      const target = parseCidr(to);
      if (via !== undefined || device === undefined || target === undefined) continue;
      const there = here.find(({ network }) => {
        const cidr = parseCidr(network);
        return cidr !== undefined && contains(cidr, wholeAddress(target));
      });
      const own = draft.addresses.get(host)?.find((one) => one.interface === device && names.has(one.network));
      if (there !== undefined && own !== undefined && names.get(own.network) !== there.name)
        return { host, to, device };
    }
  }
  return undefined;
}

/** A network without a name that is on an interface of each of two segments, and so joins them. */
function linkOf({ addresses }: Draft, here: readonly Listed[]) {
  const names = new Map(here.map(({ network, name }) => [network, name]));
  const first = new Map<string, { readonly name: string; readonly nic: string }>();
  for (const own of addresses.values()) {
    for (const at of own.filter(({ network }) => names.has(network))) {
      const name = names.get(at.network) ?? "";
      const nic = `${at.interface} of "${at.host}"`;
      for (const { network } of own.filter((one) => one.interface === at.interface && !names.has(one.network))) {
        const other = first.get(network);
        if (other === undefined) first.set(network, { name, nic });
        else if (other.name !== name) return { network, interfaces: [other.nic, nic] };
      }
    }
  }
  return undefined;
}

/** The same network, listed earlier under another name. */
function before(here: readonly Listed[], { name, network }: Listed, index: number): Listed | undefined {
  return here.slice(0, index).find((other) => other.network === network && other.name !== name);
}

/** The address by which an interface comes to be on a second named segment, and the names of the two. */
function jointOf({ addresses }: Draft, here: readonly Listed[]) {
  const names = new Map(here.map(({ network, name }) => [network, name]));
  for (const own of addresses.values()) {
    const first = new Map<string, string>();
    for (const at of own) {
      const name = names.get(at.network);
      const other = first.get(at.interface);
      if (name !== undefined && other !== undefined && other !== name) return { at, names: [other, name] };
      if (name !== undefined) first.set(at.interface, name);
    }
  }
  return undefined;
}
