/** Public addresses: they belong to the firewall, match the service's family, and use each port once. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { type PortRange, portRange, portsMeet } from "../../lvs/port-range.ts";
import { entryOf } from "../../lvs/service-name.ts";
import { canonicalAddress, contains, type Family, isLinkLocalText, parseCidr } from "../../net/address.ts";
import { withAddress } from "../address-to-add.ts";
import type { Draft } from "../draft.ts";
import type { Service } from "../generated/topology-file.ts";
import { listOf } from "../hosts.ts";
import { routedTo } from "../published-address.ts";
import { familyOf } from "../services.ts";

/** LVS-CONFIG-032 for an unsuitable address, LVS-CONFIG-033 for one that is published twice. */
export function* publication(draft: Draft): Iterable<LvsctlError> {
  const taken = new Map<string, { first: number; last: number; service: string }[]>();
  for (const [service, file] of draft.serviceFiles) {
    const { publish } = file;
    const protocol = file.match?.[0]?.protocol ?? file.protocol ?? "tcp";
    if (publish === undefined) continue;
    const path = ["services", service, "publish"];
    if (file.port === 0) {
      const message =
        publish.port === undefined
          ? "A service on every port cannot be published: the firewall would give away all of its own ports, SSH too."
          : `The public port ${publish.port} cannot mean every port: the firewall would not know to which one of the service's to send a packet.`;
      yield draft.problem(
        "LVS-CONFIG-032",
        path,
        { message, hint: "Set `port: 80` for the service, or delete `publish`." },
        "key",
      );
    }
    const own = draft.addresses.get(publish.on)?.map((known) => known.address);
    for (const [index, text] of listOf(publish.address).entries()) {
      const at = [...path, "address", ...(Array.isArray(publish.address) ? [index] : [])];
      const address = canonicalAddress(text);
      if (listOf(publish.address).slice(0, index).map(canonicalAddress).includes(address)) {
        const hint = "Delete one of the two.";
        yield draft.problem("LVS-CONFIG-033", at, { message: `${address} is there twice.`, hint });
        continue;
      }
      if (own !== undefined && !own.includes(address) && routedTo(draft, publish.on, address) === undefined) {
        const message = isLinkLocalText(address)
          ? `${address} is link-local, and no router passes on what is for it, so clients elsewhere cannot reach it.`
          : `${address} is no address of "${publish.on}", so packets for it never get there to be passed on.`;
        const far = parseCidr(address);
        const near = draft.addresses.get(publish.on)?.find((one) => far && contains(one, far));
        const isNobodys = draft.ownerOf(address) === undefined && !isLinkLocalText(address);
        const routed = ` Or, if a router sends packets for it to "${publish.on}", let the file have that router with this route.`;
        const otherwise =
          near === undefined
            ? routed
            : ` Or, if "${publish.on}" is to have it, add it under its \`interfaces\`: ${withAddress(draft, near, address)}.`;
        const fitting = ownAddresses(draft, publish.on, familyOf(file));
        const named = fitting.length === 0 ? "" : `Name one of its addresses: ${fitting.join(", ")}.`;
        const hint = `${named}${isNobodys ? otherwise : ""}`.trimStart() || giveAddress(publish.on, familyOf(file));
        yield draft.problem("LVS-CONFIG-032", at, { message, hint });
      } else if (parseCidr(address)?.family !== familyOf(file) && !isMiscounted(draft, service)) {
        const message = `${address} and the virtual address are of different families, and DNAT does not translate between IPv4 and IPv6.`;
        const fitting = ownAddresses(draft, publish.on, familyOf(file));
        const hint =
          fitting.length === 0
            ? giveAddress(publish.on, familyOf(file))
            : `Name an IPv${familyOf(file)} address of "${publish.on}": ${fitting.join(", ")}.`;
        yield draft.problem("LVS-CONFIG-032", at, { message, hint });
      }
      for (const range of publicPorts(file)) {
        const key = `${protocol} ${address}`;
        const others = taken.get(key) ?? [];
        const other = others.find(({ first, last, service: name }) => {
          const isSibling = name !== service && entryOf(name) === entryOf(service); // Another rule reports those.
          return !isSibling && portsMeet({ first, last }, range);
        });
        if (other !== undefined) {
          const port = Math.max(range.first, other.first);
          const message = `${key} port ${port} already leads to "${entryOf(other.service)}"; the firewall can send a packet only one way.`;
          yield draft.problem("LVS-CONFIG-033", at, {
            message,
            hint: adviseElsewhere(draft, file, publish.on, address),
          });
        } else {
          others.push({ ...range, service });
          taken.set(key, others);
        }
        const balanced = other === undefined ? servedThere(draft, service, address, protocol, range) : undefined;
        if (balanced !== undefined) {
          const message = `${key} port ${balanced.port} is what "${entryOf(balanced.service)}" serves, and "${publish.on}" translates packets (DNAT) before IPVS sees them, so that service would never get one.`;
          yield draft.problem("LVS-CONFIG-033", at, {
            message,
            hint: adviseElsewhere(draft, file, publish.on, address),
          });
        }
      }
    }
  }
}

/** The addresses of a firewall that a service of this family could be published on. */
function ownAddresses(draft: Draft, firewall: string, family: Family): readonly string[] {
  const own = draft.addresses.get(firewall) ?? [];
  return own.filter((one) => one.family === family).map(({ address }) => address);
}

function giveAddress(firewall: string, family: Family): string {
  return `Give "${firewall}" an IPv${family} address, and name that.`;
}

/** Another port, which only a service with one port can have, or another address of the firewall. */
function adviseElsewhere(draft: Draft, file: Service, firewall: string, address: string): string {
  const others = ownAddresses(draft, firewall, familyOf(file)).filter((one) => one !== address);
  const where = others.length === 0 ? `, which it needs first` : `: ${others.join(", ")}`;
  const elsewhere = `another address of "${firewall}"${where}`;
  const isSingle = file.port !== undefined && file.port !== 0;
  return isSingle
    ? `Set another public port, such as \`port: 8080\` under \`publish\`; or name ${elsewhere}.`
    : `Name ${elsewhere}.`;
}

/** An unpublished service of the same director and address, with a range of ports that the firewall takes away as a whole. */
function servedThere(draft: Draft, published: string, address: string, protocol: string, range: PortRange) {
  const firewall = draft.serviceFiles.get(published)?.publish?.on;
  for (const { name, publish, directors, vip, port, match, protocol: own } of draft.services) {
    if (publish !== undefined || port === 0 || !directors.some(({ host }) => host === firewall)) continue;
    const served = vip === undefined ? match : [{ address: vip.address, protocol: own, ports: [String(port)] }];
    for (const one of served) {
      if (one.protocol !== protocol || one.address !== address) continue;
      const taken = one.ports.map(portRange).find(({ first, last }) => first >= range.first && last <= range.last);
      if (taken !== undefined) return { service: name, port: taken.first };
    }
  }
  return undefined;
}

/** Whether virtual and public addresses are not as many: LVS-CONFIG-077 says so, and none of them has a partner. */
function isMiscounted(draft: Draft, service: string): boolean {
  const { vips = [], publish } = draft.entries.get(entryOf(service)) ?? {};
  return vips.length > 1 && publish !== undefined && listOf(publish.address).length !== vips.length;
}

/** The ports on which a service is published. */
function publicPorts({ publish, port, match = [] }: Service): readonly PortRange[] {
  const single = publish?.port ?? port;
  return (single === undefined ? (match[0]?.ports ?? []) : [single]).map(portRange);
}
