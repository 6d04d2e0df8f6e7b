/** The options that a service can have in the topology language, as rows of docs/modes.md. */

import { entryOf } from "../../src/lvs/service-name.ts";
import type { Family } from "../../src/net/address.ts";
import { Playbooks } from "../../src/playbook/playbooks.ts";
import { kinds } from "../../src/resources/kinds.ts";
import type { Service, Topology } from "../../src/topology/topology.ts";

interface Option {
  /** As written in the topology file. */
  readonly label: string;
  has(service: Service, topology: Topology, dropping: DroppingHosts): boolean;
}

/** Hosts of a lab that drop what they do not know, by the family of the packets. */
export type DroppingHosts = Readonly<Record<Family, readonly string[]>>;

const playbooks = new Playbooks(kinds);

const hasRole = (topology: Topology, host: string, role: "firewall" | "director") =>
  topology.hosts.some(({ name, roles }) => name === host && roles.includes(role));

const schedulers = ["rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh"];
const flags = ["sh-fallback", "sh-port", "mh-fallback", "mh-port"];

/** In the order of the table. */
export const options: readonly Option[] = [
  { label: "`protocol: tcp`", has: ({ protocol }) => protocol === "tcp" },
  { label: "`protocol: udp`", has: ({ protocol }) => protocol === "udp" },
  { label: "`protocol: sctp`", has: ({ protocol }) => protocol === "sctp" },
  { label: "an IPv6 `vip`", has: ({ family }) => family === 6 },
  { label: "`port: 0`, every port", has: ({ port }) => port === 0 },
  { label: "`fwmark` and `match`", has: ({ fwmark }) => fwmark !== undefined && !isOwnMark(fwmark) },
  { label: "`ports` or `vips`, as ordinary services", has: ({ name }) => entryOf(name) !== name },
  { label: "`ports` or `vips`, by a mark of lvsctl's", has: ({ fwmark }) => isOwnMark(fwmark) },
  ...schedulers.map(
    (name): Option => ({ label: `\`scheduler: ${name}\``, has: ({ scheduler }) => scheduler === name }),
  ),
  ...flags.map(
    (name): Option => ({
      label: `\`schedulerFlags: [${name}]\``,
      has: ({ schedulerFlags }) => schedulerFlags.includes(name),
    }),
  ),
  { label: "`persistence`", has: ({ persistence }) => persistence !== undefined },
  { label: "`persistence.netmask`", has: ({ persistence }) => persistence?.netmask !== undefined },
  { label: "`persistence.engine: sip`", has: ({ persistence }) => persistence?.engine === "sip" },
  { label: "`helper: ftp`", has: ({ helper }) => helper === "ftp" },
  { label: "`onePacket`", has: ({ onePacket }) => onePacket },
  {
    label: "a real server's own `port`",
    has: ({ port, realServers }) => realServers.some((one) => one.port !== port && port !== undefined && port !== 0),
  },
  {
    label: "several entries for one host",
    has: ({ realServers }) => new Set(realServers.map(({ host }) => host)).size < realServers.length,
  },
  {
    label: "real servers at addresses of the other family",
    has: ({ family, realServers }) => realServers.some((one) => one.family !== family),
  },
  {
    label: "a real server's own `mode`",
    has: ({ name, mode }, { services }) => services.some((one) => one.name === name && one.mode !== mode),
  },
  { label: "different `weight`s", has: ({ realServers }) => new Set(realServers.map(({ weight }) => weight)).size > 1 },
  {
    label: "`upperThreshold`, `lowerThreshold`",
    has: ({ realServers }) => realServers.some((one) => one.upperThreshold > 0),
  },
  { label: "`verify` of a service", has: ({ verify }) => Object.keys(verify).length > 0 },
  {
    label: "a real server with `managed: false`",
    has: ({ realServers }) => realServers.some(({ managed }) => managed === false),
  },
  { label: "`arp: arptables`", has: ({ arp }) => arp === "arptables" },
  { label: "`publish`", has: ({ publish }) => publish !== undefined },
  { label: "`publish.hairpin`", has: ({ publish }) => publish?.hairpin === true },
  {
    label: "`synproxy` on the director",
    has: ({ synproxy }, topology) => synproxy !== undefined && hasRole(topology, synproxy.on, "director"),
  },
  {
    label: "`synproxy` on a firewall",
    has: ({ synproxy, publish }, topology) =>
      synproxy !== undefined && publish?.on !== synproxy.on && !hasRole(topology, synproxy.on, "director"),
  },
  {
    label: "`synproxy` on the firewall that publishes",
    has: ({ synproxy, publish }) => synproxy !== undefined && publish?.on === synproxy.on,
  },
  { label: "`masquerade`", has: ({ masquerade }) => masquerade },
  { label: "`internet`", has: ({ internet }) => internet },
  { label: "`localAddresses`", has: ({ localAddresses }) => localAddresses.length > 0 },
  ...(["ipip", "gue", "gre"] as const).map(
    (type): Option => ({
      label: `\`tunnel.type: ${type}\``,
      has: ({ mode, name, tunnel }) =>
        playbooks.traitsOf(mode, { service: name }).settings?.tunnel !== undefined && tunnel.type === type,
    }),
  ),
  { label: "`tunnel.checksum`", has: ({ tunnel }) => tunnel.checksum },
  { label: "`mssClamp`", has: ({ mssClamp }) => mssClamp !== undefined },
  { label: "`log`", has: ({ log }) => log !== undefined },
  { label: "`timeouts`", has: (_service, { timeouts }) => timeouts !== undefined },
  { label: "`testPage`", has: ({ testPage }) => testPage },
  { label: "`vip` is the director's own address", has: ({ vip }) => vip?.ownedBy !== undefined },
  { label: "several directors, between which routes decide", has: ({ directors }) => directors.length > 1 },
  {
    label: "a director as real server",
    has: ({ directors, realServers }) => realServers.some(({ host }) => directors.some((one) => one.host === host)),
  },
  ...([4, 6] as const).map(
    (family): Option => ({
      label: `IPv${family}, on hosts that drop what they do not know`,
      has: (service, _topology, dropping) => service.family === family && isAmong(dropping[family], service),
    }),
  ),
];

function isAmong(hosts: readonly string[], { directors, realServers }: Service): boolean {
  return [...directors, ...realServers.filter(({ managed }) => managed)].every(({ host }) => hosts.includes(host));
}

function isOwnMark(mark: number | undefined): boolean {
  return mark !== undefined && mark >>> 24 === 0x4c;
}

/** The labels of a service's options. */
export function serviceOptions(
  service: Service,
  topology: Topology,
  dropping: DroppingHosts = { 4: [], 6: [] },
): readonly string[] {
  return options.filter((option) => option.has(service, topology, dropping)).map(({ label }) => label);
}
